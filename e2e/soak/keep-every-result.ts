/** Loaded by `node --import` before the worker: makes it leak, by keeping every record that it commits, and what it sent. */
import { registerHooks } from 'node:module';
import { reintroduce } from '../ancestor-bugs/reintroduce.ts';

const LEAK = {
  file: 'packages/worker/src/jobs/commit-result.ts',
  from: 'return { result: record, fresh: true };',
  to: '((globalThis as { kept?: unknown[] }).kept ??= []).push(record, JSON.stringify(record));\n  return { result: record, fresh: true };',
};

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(LEAK.file)) return loaded;
    return { ...loaded, source: reintroduce(String(loaded.source), LEAK) };
  },
});
