/**
 * The worker's program, in a process of its own: the one that the container runs, bundled with the command
 * line.
 */
import { runWorkerProcess } from '@org/wordfreq-worker/main';

await runWorkerProcess();
