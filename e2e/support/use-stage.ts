import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { hasBrowser, type OpenPage, openPage, startBrowser } from './browser.ts';
import { type Stage, type StageOptions, stagePage } from './staged-page.ts';

/** What a test changes in the stage, and in who looks at it. */
interface UsedStageOptions extends StageOptions {
  readonly visitor?: BrowserContextOptions;
  /** How the page says it is once it is open; default: `Live`. */
  readonly state?: string;
}

/** A page over a staged pipeline, open in a browser. */
export interface StagedPage extends Omit<OpenPage, 'close'> {
  readonly stage: Stage;
}

/** Prepares a stage and opens its page; at the end of the test both are closed. */
type OpenStage = (
  prepare?: (stage: Stage) => void | Promise<void>,
  options?: UsedStageOptions,
) => Promise<StagedPage>;

/** A browser for a test file, and a function that opens a page on a stage of the test's own. */
export function useStage(): OpenStage {
  let browser: Browser;
  beforeAll(async () => {
    if (hasBrowser) browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  return async (prepare, { visitor, state, ...options } = {}) => {
    const stage = await stagePage(options);
    onTestFinished(() => stage.close());
    await prepare?.(stage);
    const { close, ...opened } = await openPage(browser, stage.url, visitor, state);
    onTestFinished(close);
    return { stage, ...opened };
  };
}
