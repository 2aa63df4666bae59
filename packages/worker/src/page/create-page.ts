import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { addRedrive, addUploads } from './page-actions.ts';
import { addAssets } from './page-assets.ts';
import type { PageSources } from './page-sources.ts';
import { addViews } from './page-views.ts';
import { createReadings, type Readings } from './readings.ts';
import { requireLoopbackHost } from './request-guards.ts';

/** How the page behaves. */
export interface PageOptions {
  /** `loopback`: answers only where it is called localhost. `any`: something in front of it decides. Default: `loopback`. */
  readonly hosts?: 'loopback' | 'any';
  /** Default: 100,000,000. */
  readonly maxUploadBytes?: number;
}

const DEFAULT_MAX_UPLOAD_BYTES = 100_000_000;

/**
 * Makes the page: what waits, what was done, each file's fate and top words, throughput, dead letters with their reasons, the mails that
 * were sent, and where the sources allow it a place to drop files and buttons to send dead letters back. Behind each view is JSON, see
 * {@link addViews} and the README. The browser asks again every second with an ETag, which is simple and survives proxies; the store
 * is read once for all who watch.
 *
 * @example
 * const page = createPage({ results, jobs, clock });
 * const { url, close } = await servePage(page, { port: 4000 });
 */
export function createPage(sources: PageSources, options: PageOptions = {}): Hono {
  const { hosts = 'loopback', maxUploadBytes = DEFAULT_MAX_UPLOAD_BYTES } = options;
  const readings: Readings = createReadings(sources);
  const app = new Hono();
  if (hosts === 'loopback') app.use(requireLoopbackHost());
  app.use(securityHeaders());
  addAssets(app);
  addViews(app, sources, readings, { maxUploadBytes });
  addUploads(app, sources, { maxUploadBytes });
  addRedrive(app, sources, readings);
  app.onError((error, context) =>
    context.json({ error: `The page could not ask for that: ${error.message}` }, 502),
  );
  return app;
}

function securityHeaders(): ReturnType<typeof secureHeaders> {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      connectSrc: ["'self'"],
      imgSrc: ["'self'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    xFrameOptions: 'DENY',
    referrerPolicy: 'no-referrer',
    // Whether a name is to be reached by HTTPS only is for whoever gave it that name to say.
    strictTransportSecurity: false,
  });
}
