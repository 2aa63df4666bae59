import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Hono } from 'hono';
import { etag } from 'hono/etag';

const HTML = 'text/html; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const JS = 'text/javascript; charset=utf-8';

/** The page's own files, in `assets/` beside the sources and beside the build. */
const OWN: readonly (readonly [path: string, type: string, file: string])[] = [
  ['/', HTML, 'index.html'],
  ['/icon.svg', 'image/svg+xml', 'icon.svg'],
  ['/base.css', CSS, 'base.css'],
  ['/page.css', CSS, 'page.css'],
  ['/tables.css', CSS, 'tables.css'],
  ['/cards.css', CSS, 'cards.css'],
  ['/page.js', JS, 'page.js'],
  ['/actions.js', JS, 'actions.js'],
  ['/elements.js', JS, 'elements.js'],
  ['/files-table.js', JS, 'files-table.js'],
  ['/message-cards.js', JS, 'message-cards.js'],
  ['/summary.js', JS, 'summary.js'],
  ['/throughput-chart.js', JS, 'throughput-chart.js'],
];

/** Served as they were installed. */
const INSTALLED: readonly (readonly [path: string, type: string, file: string])[] = [
  ['/uplot.css', CSS, 'uplot/dist/uPlot.min.css'],
  ['/uplot.js', JS, 'uplot/dist/uPlot.iife.min.js'],
];

/** Answers with the page's files, by a fixed list: no path in a request ever names a file. */
export function addAssets(app: Hono): void {
  const { resolve } = createRequire(import.meta.url);
  const files = [
    ...OWN.map(([path, type, file]) => ({ path, type, file: new URL(`./assets/${file}`, import.meta.url) })),
    ...INSTALLED.map(([path, type, file]) => ({ path, type, file: resolve(file) })),
  ];
  for (const { path, type, file } of files) {
    const body = readFileSync(file, 'utf8');
    app.get(path, etag(), (context) =>
      context.body(body, 200, { 'content-type': type, 'cache-control': 'no-cache' }),
    );
  }
}
