import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
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
  [
    JS,
    ...['page.js', 'elements.js', 'format.js', 'summary.js', 'upload.js', 'throughput-chart.js'],
    ...[
      'top-words.js',
      'files-table.js',
      'file-details.js',
      'message-list.js',
      'message-cards.js',
      'send.js',
    ],
  ],
];

/** Served as they were installed. */
const INSTALLED: readonly (readonly [path: string, type: string, file: string])[] = [
  ['/uplot.css', CSS, 'uplot/dist/uPlot.min.css'],
  ['/uplot.js', JS, 'uplot/dist/uPlot.iife.min.js'],
];

/** Answers with the page's files, by a fixed list: no path in a request ever names a file. */
export function addAssets(app: Hono, can: Abilities): void {
  const { resolve } = createRequire(import.meta.url);
  const own = (file: string): string => readFileSync(new URL(`./assets/${file}`, import.meta.url), 'utf8');
  // Said in the page itself, so that its sections stand where they stay from the first moment.
  const html = own('index.html').replace('<body>', `<body ${abilityAttributes(can)}>`);
  const files = [
    { path: '/', type: HTML, body: html },
    ...OWN.flatMap(([type, ...names]) => names.map((name) => ({ path: `/${name}`, type, body: own(name) }))),
    ...INSTALLED.map(([path, type, file]) => ({ path, type, body: readFileSync(resolve(file), 'utf8') })),
  ];
  for (const { path, type, body } of files) {
    app.get(path, etag(), (context) =>
      context.body(body, 200, { 'content-type': type, 'cache-control': 'no-cache' }),
    );
  }
}

function abilityAttributes({ maxUploadBytes, ...abilities }: Abilities): string {
  const can = Object.entries(abilities).flatMap(([name, able]) => (able ? [name] : []));
  return `data-can="${can.join(' ')}" data-max-upload-bytes="${maxUploadBytes}"`;
}
