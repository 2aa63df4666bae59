import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { STOP_WORD_LISTS } from '@org/wordfreq-aws-adapters/rules';
import type { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { Abilities } from './views.ts';

const HTML = 'text/html; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const JS = 'text/javascript; charset=utf-8';

/** The page's own files, in `assets/` beside the sources and beside the build. */
const OWN: readonly (readonly [type: string, ...files: string[]])[] = [
  ['image/svg+xml', 'icon.svg'],
  [CSS, 'base.css', 'controls.css', 'work.css', 'charts.css', 'files.css', 'messages.css', 'narrow.css'],
  [JS, 'page.js', 'elements.js', 'format.js', 'send.js', 'summary.js', 'upload.js', 'throughput-chart.js'],
  [JS, 'top-words.js', 'files-table.js', 'file-order.js', 'file-details.js', 'message-list.js'],
  [JS, 'message-cards.js', 'escape-text.js', 'theme.js', 'intake.js', 'file-search.js', 'dead-letters.js'],
  [JS, 'stop-words.js'],
];

/** Served as they were installed. */
const INSTALLED: readonly (readonly [path: string, type: string, file: string])[] = [
  ['/uplot.css', CSS, 'uplot/dist/uPlot.min.css'],
  ['/uplot.js', JS, 'uplot/dist/uPlot.iife.min.js'],
];

/** Responds with what the page is made of, by a fixed list: no path in a request ever names a file. */
export function addAssets(app: Hono): void {
  const { resolve } = createRequire(import.meta.url);
  for (const [type, ...names] of OWN) for (const name of names) add(app, `/${name}`, type, ownFile(name));
  for (const [path, type, file] of INSTALLED) add(app, path, type, readFileSync(resolve(file), 'utf8'));
}

/**
 * Responds with the page itself. What can be done on it is written in its `<body>`, so that its sections stand
 * where they stay from the first moment.
 */
export function addHtml(app: Hono, { maxUploadBytes, ...abilities }: Abilities): void {
  const can = Object.entries(abilities).flatMap(([name, able]) => (able ? [name] : []));
  const languages = [...STOP_WORD_LISTS.keys()].join(' ');
  const attributes = `data-can="${can.join(' ')}" data-max-upload-bytes="${maxUploadBytes}" data-stop-words="${languages}"`;
  add(app, '/', HTML, ownFile('index.html').replace('<body>', `<body ${attributes}>`));
}

function ownFile(name: string): string {
  return readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');
}

function add(app: Hono, path: string, type: string, body: string): void {
  app.get(path, etag(), (context) =>
    context.body(body, 200, { 'content-type': type, 'cache-control': 'no-cache' }),
  );
}
