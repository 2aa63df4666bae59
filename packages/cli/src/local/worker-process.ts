/**
 * The worker's program, in a process of its own: the one that the container runs, bundled with the command
 * line.
 */
import { runWorkerProcess } from '@org/wordfreq-worker/main';
import { INTAKE_HINT } from './supervised-process.ts';

await runWorkerProcess({
  onIntakeHint: (listener) =>
    void process.on('message', (message) => {
      if (message === INTAKE_HINT) listener();
    }),
});
