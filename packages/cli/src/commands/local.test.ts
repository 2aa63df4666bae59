import { describe, expect, it } from 'vitest';
import { memoryTerminal } from '../../test/support/memory-terminal.ts';
import { type LocalOptions, runLocal } from './local.ts';

const NO_WORKERS: LocalOptions = {
  exit: false,
  port: 0,
  awsPort: 0,
  dynamodbPort: 0,
  workers: 0,
  verbose: false,
  inPlace: false,
  json: false,
};

describe('wordfreq local --workers 0', () => {
  it('says that no worker runs, and how to start one', async () => {
    const [terminal, stop] = [memoryTerminal(), new AbortController()];
    const ended = runLocal(NO_WORKERS, { terminal, signal: stop.signal });
    await expect
      .poll(() => terminal.notes)
      .toContain('No worker runs (--workers 0). Start one in another terminal: wordfreq worker');
    stop.abort();
    expect(await ended).toBe(0);
  });

  it('is refused with --exit, which would wait forever', async () => {
    const { signal } = new AbortController();
    const refused = runLocal({ ...NO_WORKERS, exit: true }, { terminal: memoryTerminal(), signal });
    await expect(refused).rejects.toMatchObject({ code: 'no-workers', exitCode: 2 });
  });
});
