/** Loaded by `node --import` into a child process: one source gets its bug while it is loaded. */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { ANCESTOR_BUGS } from './bugs.ts';
import { ROOT, reintroduce } from './reintroduce.ts';

const [number, index] = (process.env['ANCESTOR_BUG'] ?? '').split('.').map(Number);
const bug = ANCESTOR_BUGS.find((candidate) => candidate.number === number)?.reintroductions[(index ?? 0) - 1];

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (bug === undefined || !url.startsWith('file:') || fileURLToPath(url) !== `${ROOT}${bug.file}`)
      return loaded;
    return { ...loaded, source: reintroduce(String(loaded.source), bug) };
  },
});
