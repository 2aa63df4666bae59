/** A counting thread's program: counts texts for the thread that started it. See `counting-pool.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { WordCounter } from '@org/wordfreq-core';
import { describeFailure } from '../jobs/failure-policy.ts';
import { summarize, WordCounting } from './summarize.ts';
import type { ThreadData, ThreadRequest, ThreadResponse } from './thread-messages.ts';

interface Text {
  readonly counter: WordCounter;
  readonly top: number;
}

const texts = new Map<number, Text>();
const counting = new WordCounting((workerData as ThreadData).ownWords);

function act(request: ThreadRequest): ThreadResponse | undefined {
  const { id } = request;
  if (request.kind === 'open') {
    texts.set(id, { counter: counting.start(request.task), top: request.task.top });
    return undefined;
  }
  const text = texts.get(id);
  // Nothing is known of a text that failed: its caller has been told.
  if (text === undefined) return undefined;
  if (request.kind === 'push') {
    text.counter.push(request.chunk);
    return { id, kind: 'counted', bytes: request.chunk.length, memory: request.chunk.buffer };
  }
  texts.delete(id);
  if (request.kind === 'abandon') return undefined;
  return { id, kind: 'finished', summary: summarize(text.counter, text.top) };
}

parentPort?.on('message', (request: ThreadRequest) => {
  let answer: ThreadResponse | undefined;
  try {
    answer = act(request);
  } catch (error) {
    texts.delete(request.id);
    const { code, message, retryable } = describeFailure(error);
    answer = { id: request.id, kind: 'failed', code, message, retryable };
  }
  if (answer !== undefined) parentPort?.postMessage(answer, answer.kind === 'counted' ? [answer.memory] : []);
});
