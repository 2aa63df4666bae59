import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { addIntake, addLetterActions, addUploads } from './page-actions.ts';
import { addAssets, addHtml } from './page-assets.ts';
import type { PageOptions } from './page-options.ts';
import type { PageSources } from './page-sources.ts';
import { addViews } from './page-views.ts';
import { createReadings, type Readings } from './readings.ts';
import { requireLoopbackHost, requireSameOrigin } from './request-guards.ts';
import { securityHeaders } from './security-headers.ts';
import type { Abilities } from './views.ts';

const DEFAULT_MAX_UPLOAD_BYTES = 100_000_000;

/**
 * Makes the page: what waits, what was done, each file's outcome and top words, charts, dead letters with their
 * reasons, the mails that were sent, and where sources and options allow it a place to drop files and buttons
 * to send dead letters back. Each view has its JSON: `/api` lists the views. The browser polls every
 * second with an ETag, which is simple and survives proxies; the store is read once for all who watch.
 *
 * @example
 * const page = createPage({ results, jobs, clock });
 * const { url, close } = await servePage(page, { port: 4000 });
 */
export function createPage(sources: PageSources, options: PageOptions = {}): Hono {
  const { hosts = 'loopback' } = options;
  const allowed = allowedSources(sources, options);
  const can = abilitiesOf(allowed, options);
  const readings: Readings = createReadings(allowed);
  const app = new Hono();
  if (hosts === 'loopback') app.use(requireLoopbackHost());
  app.use(securityHeaders(), requireSameOrigin(), compress());
  addHtml(app, can);
  addAssets(app);
  addViews(app, allowed, readings, can);
  addUploads(app, allowed, { ...options, maxUploadBytes: can.maxUploadBytes });
  addLetterActions(app, allowed, readings, options);
  addIntake(app, allowed, readings, options);
  app.onError((error, context) =>
    context.json({ error: `The page could not ask for that: ${error.message}` }, 502),
  );
  return app;
}

/** Without what nobody may do. */
function allowedSources(sources: PageSources, { hosts, authorize }: PageOptions): PageSources {
  if (hosts !== 'any' || authorize !== undefined) return sources;
  const { upload, redrive, purge, intake, ...readable } = sources;
  return intake === undefined ? readable : { ...readable, intake: { read: intake.read } };
}

function abilitiesOf(
  { upload, redrive, purge, intake, notifications }: PageSources,
  { maxUploadBytes = DEFAULT_MAX_UPLOAD_BYTES }: PageOptions,
): Abilities {
  return {
    upload: upload !== undefined,
    redrive: redrive !== undefined,
    purge: purge !== undefined,
    pause: intake?.pause !== undefined && intake.resume !== undefined,
    notifications: notifications !== undefined,
    maxUploadBytes,
  };
}
