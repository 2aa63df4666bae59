import type { JobCost, PaceStretch, ResultEntry, ResultSums } from '@org/wordfreq-aws-adapters/ports';
import { addCost, costView, failedFiles, isFailure, NO_COST } from '@org/wordfreq-aws-adapters/rules';
import type { ResultTotals } from './result-totals.ts';
import { KEPT_STRETCHES, WINDOWS } from './throughput.ts';

/** Files done and failed, and bytes. */
type Pace = [done: number, failed: number, bytes: number];

/** Adds up results; its size does not depend on how many there are. */
export class Sums {
  #files = 0;
  #bytes = 0;
  #words = 0;
  #firstStartMs = Infinity;
  #lastEndMs = -Infinity;
  #cost: JobCost | undefined;
  readonly #outcomes = new Map<string, number>();
  /** By the length of the stretches, then by when they begin, in seconds. */
  readonly #pace = new Map<number, Map<number, Pace>>();

  get files(): number {
    return this.#files;
  }

  add({ outcome, totals, durationMs, committedAt, cost }: ResultEntry): void {
    const endMs = committedAt.getTime();
    this.#files += 1;
    this.#bytes += totals.bytes;
    this.#words += totals.words;
    this.#addCost(cost);
    this.#firstStartMs = Math.min(this.#firstStartMs, endMs - durationMs);
    this.#lastEndMs = Math.max(this.#lastEndMs, endMs);
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    const failed = isFailure(outcome) ? 1 : 0;
    for (const { bucketSeconds } of WINDOWS) {
      const from = Math.floor(endMs / 1000 / bucketSeconds) * bucketSeconds;
      this.#addPace([bucketSeconds, from, 1 - failed, failed, totals.bytes]);
    }
  }

  /** Removes a result that was replaced; charts and times still include it. */
  remove({ outcome, totals, cost }: ResultEntry): void {
    this.#files -= 1;
    this.#bytes -= totals.bytes;
    this.#words -= totals.words;
    this.#addCost(cost, -1);
    const left = (this.#outcomes.get(outcome) ?? 0) - 1;
    if (left > 0) this.#outcomes.set(outcome, left);
    else this.#outcomes.delete(outcome);
  }

  /** Adds other sums. */
  merge({ files, bytes, words, firstStartMs, lastEndMs, outcomes, pace, cost }: ResultSums): void {
    this.#addCost(cost);
    this.#files += files;
    this.#bytes += bytes;
    this.#words += words;
    this.#firstStartMs = Math.min(this.#firstStartMs, firstStartMs ?? Infinity);
    this.#lastEndMs = Math.max(this.#lastEndMs, lastEndMs ?? -Infinity);
    for (const each of outcomes)
      this.#outcomes.set(each.outcome, (this.#outcomes.get(each.outcome) ?? 0) + each.files);
    for (const stretch of pace) this.#addPace(stretch);
  }

  #addCost(cost: JobCost | undefined, times: number = 1): void {
    if (cost !== undefined) this.#cost = addCost(this.#cost ?? NO_COST, cost, times);
  }

  #addPace([seconds, from, done, failed, bytes]: PaceStretch): void {
    const window = this.#pace.get(seconds) ?? new Map<number, Pace>();
    this.#pace.set(seconds, window);
    const stretch = window.get(from) ?? [0, 0, 0];
    window.set(from, [stretch[0] + done, stretch[1] + failed, stretch[2] + bytes]);
    if (window.size <= 2 * KEPT_STRETCHES) return;
    const newest = Math.max(...window.keys());
    for (const old of window.keys()) if (old <= newest - KEPT_STRETCHES * seconds) window.delete(old);
  }

  /** The sums as plain data, which can be stored or merged into others. */
  toSums(): ResultSums {
    const none = this.#files === 0;
    return {
      files: this.#files,
      bytes: this.#bytes,
      words: this.#words,
      ...(this.#cost === undefined ? {} : { cost: this.#cost }),
      ...(none ? {} : { firstStartMs: this.#firstStartMs, lastEndMs: this.#lastEndMs }),
      outcomes: [...this.#outcomes].map(([outcome, files]) => ({ outcome, files })),
      pace: [...this.#pace].flatMap(([seconds, window]) =>
        [...window]
          .sort(([a], [b]) => b - a)
          .slice(0, KEPT_STRETCHES)
          .map(([from, pace]): PaceStretch => [seconds, from, ...pace]),
      ),
    };
  }
}

/** Sums as the page shows them. */
export function totalsOf({
  files,
  bytes,
  words,
  firstStartMs,
  lastEndMs,
  outcomes,
  cost,
}: ResultSums): ResultTotals {
  const timeOf = (ms: number | undefined): string | null =>
    ms === undefined ? null : new Date(ms).toISOString();
  return {
    files,
    failed: failedFiles(outcomes),
    bytes,
    words,
    cost: cost === undefined ? null : costView(cost),
    seconds: firstStartMs === undefined || lastEndMs === undefined ? 0 : (lastEndMs - firstStartMs) / 1000,
    firstStartAt: timeOf(firstStartMs),
    lastEndAt: timeOf(lastEndMs),
    outcomes: [...outcomes].sort((a, b) => b.files - a.files || (a.outcome < b.outcome ? -1 : 1)),
  };
}
