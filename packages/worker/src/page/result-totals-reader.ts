import type {
  Clock,
  DayTotals,
  ResultEntry,
  ResultIndex,
  ResultSums,
} from '@org/wordfreq-aws-adapters/ports';
import { dayOf, endOfDay, startOfDay } from '@org/wordfreq-aws-adapters/rules';
import { Sums } from './result-sums.ts';

/** After this time, entries have shown up in the index even if clocks differ. */
const SETTLE_MS = 60_000;
/** Sums are made final for a minute at a time; for longer while nothing comes. */
const STEP_MS = 60_000;
const IDLE_STEP_MS = 300_000;
/** By how much a reading overlaps the one before, because an older entry may show up after a newer one. */
const OVERLAP_MS = 2000;
/** How often to look whether sums were discarded. */
const DAYS_MS = 30_000;
/** A view waits for at most this many entries. */
const ENOUGH_ENTRIES = 1000;
/** Sums are saved after this many new entries, or after this much time. */
const SAVE_ENTRIES = 5000;
const SAVE_MS = 600_000;

/**
 * The sums of all results: settled sums, and the sums of each minute since. A minute is read again once it has
 * settled, and that reading counts, so entries that showed up late are included and none is counted twice.
 * Memory does not grow with the number of results, but with what comes in two minutes.
 */
export class TotalsReader {
  readonly #index: ResultIndex;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #open: readonly DayTotals[];
  readonly #resets: ReadonlyMap<string, number>;
  readonly #settled = new Sums();
  readonly #minutes = new Map<number, Sums>();
  /** The entries in `#minutes`, so that none is added twice. */
  readonly #seen = new Map<string, number>();
  /** The part of the last day that is in `#settled`. */
  #day: { readonly name: string; readonly sums: Sums };
  /** Results committed before this time are in `#settled`, once all is loaded; later ones are in `#minutes`. */
  #settledMs: number;
  #lastMs: number;
  #loaded = 0;
  #added = 0;
  #whenEnough: () => void = () => undefined;
  readonly #enough = new Promise<void>((resolve) => {
    this.#whenEnough = resolve;
  });
  #unsaved = 0;
  #savedMs: number;
  #daysReadMs: number;
  #discardedMs: number | undefined;

  private constructor(index: ResultIndex, clock: Pick<Clock, 'now'>, days: readonly DayTotals[]) {
    this.#index = index;
    this.#clock = clock;
    const nowMs = this.#nowMs();
    this.#settledMs = minuteOf(nowMs - SETTLE_MS);
    [this.#lastMs, this.#savedMs, this.#daysReadMs] = [this.#settledMs, nowMs, nowMs];
    this.#day = { name: dayOf(new Date(this.#settledMs)), sums: new Sums() };
    this.#resets = resetsOf(days);
    for (const ms of this.#resets.values()) if (nowMs - ms <= SETTLE_MS) this.#discarded(ms);
    this.#open = days.filter(({ day, upTo }) => upTo === undefined || upTo < endOfDay(day));
    for (const day of days)
      if (day.sums !== undefined && !this.#open.includes(day)) this.#settled.merge(day.sums);
  }

  /** Reads which days there are, and the sums that are kept of them. */
  static async open(index: ResultIndex, clock: Pick<Clock, 'now'>): Promise<TotalsReader> {
    return new TotalsReader(index, clock, await index.days());
  }

  /** Whether all results are added up that were there when the reader was made. */
  get complete(): boolean {
    return this.#loaded === this.#open.length;
  }

  /** Everything that was added up so far. */
  sums(): ResultSums {
    const all = new Sums();
    for (const sums of [this.#settled, ...this.#minutes.values()]) all.merge(sums.toSums());
    return all.toSums();
  }

  /** Resolves once all results are added up, or so many that a view should not wait for the rest. */
  get enough(): Promise<void> {
    return this.#enough;
  }

  /**
   * Adds up the earlier results that are not in the stored sums. A day that is over is read once, and its sums are
   * stored. After an error it can be called again.
   */
  async load(): Promise<void> {
    for (; this.#loaded < this.#open.length; this.#loaded += 1) {
      const { day, upTo, sums: kept } = this.#open[this.#loaded] as DayTotals;
      const [from, end] = [upTo ?? startOfDay(day), endOfDay(day)];
      const until = new Date(Math.min(end.getTime(), this.#settledMs));
      const sums = new Sums();
      if (kept !== undefined) sums.merge(kept);
      let count = 0;
      for await (const entry of this.#index.between(from, until)) {
        sums.add(entry);
        count += 1;
        this.#added += 1;
        if (this.#added >= ENOUGH_ENTRIES) this.#whenEnough();
      }
      if (until >= end || count >= SAVE_ENTRIES) await this.#save(day, sums, until);
      this.#settled.merge(sums.toSums());
      if (day !== this.#day.name) continue;
      this.#day.sums.merge(sums.toSums());
      this.#unsaved = count;
    }
    this.#whenEnough();
  }

  /** Adds what came since the last call, and returns it. An entry may be returned twice. */
  async *tail(): AsyncIterable<ResultEntry> {
    for (let fromMs = -1; fromMs < this.#settledMs; yield* this.#settle()) fromMs = this.#settledMs;
    const from = new Date(Math.max(this.#settledMs, this.#lastMs - OVERLAP_MS));
    for await (const entry of this.#index.between(from)) {
      const name = entryName(entry);
      if (this.#seen.has(name)) continue;
      const ms = entry.committedAt.getTime();
      this.#seen.set(name, ms);
      const minute = this.#minutes.get(minuteOf(ms)) ?? new Sums();
      this.#minutes.set(minuteOf(ms), minute);
      minute.add(entry);
      this.#lastMs = Math.max(this.#lastMs, Math.min(ms, this.#nowMs()));
      yield entry;
    }
  }

  /** Removes a result that was replaced, so that views are right before its day is added up again. */
  remove(entry: ResultEntry): void {
    const ms = entry.committedAt.getTime();
    if (!this.complete) return;
    (ms < this.#settledMs ? this.#settled : this.#minutes.get(minuteOf(ms)))?.remove(entry);
  }

  /**
   * Whether what is added up here is out of date, because records of an earlier time were replaced: then make
   * another reader. True once entries have moved.
   */
  async isDiscarded(): Promise<boolean> {
    if (this.#nowMs() - this.#daysReadMs >= DAYS_MS) {
      this.#daysReadMs = this.#nowMs();
      for (const [day, ms] of resetsOf(await this.#index.days()))
        if (this.#resets.get(day) !== ms) this.#discarded(ms);
    }
    return this.#discardedMs !== undefined && this.#nowMs() - this.#discardedMs > SETTLE_MS;
  }

  #discarded(ms: number): void {
    this.#discardedMs = Math.max(this.#discardedMs ?? ms, ms);
  }

  /** Reads a stretch that has settled, and replaces its minutes by it. Yields the entries that showed up late. */
  async *#settle(): AsyncIterable<ResultEntry> {
    const endMs = endOfDay(this.#day.name).getTime();
    const untilMs = Math.min(minuteOf(this.#nowMs() - SETTLE_MS), endMs);
    const stepMs = this.#minutes.size > 0 ? STEP_MS : IDLE_STEP_MS;
    const isDue = untilMs - this.#settledMs >= Math.min(stepMs, endMs - this.#settledMs);
    if (!this.complete || !isDue || untilMs <= this.#settledMs) return;
    const stretch = new Sums();
    for await (const entry of this.#index.between(new Date(this.#settledMs), new Date(untilMs))) {
      stretch.add(entry);
      if (!this.#seen.has(entryName(entry))) yield entry;
    }
    this.#settled.merge(stretch.toSums());
    this.#day.sums.merge(stretch.toSums());
    for (const minute of this.#minutes.keys()) if (minute < untilMs) this.#minutes.delete(minute);
    for (const [name, ms] of this.#seen) if (ms < untilMs) this.#seen.delete(name);
    this.#settledMs = untilMs;
    this.#lastMs = Math.max(this.#lastMs, untilMs);
    this.#unsaved += stretch.files;
    await this.#keepSums(untilMs, endMs);
  }

  async #keepSums(untilMs: number, endMs: number): Promise<void> {
    const { name, sums } = this.#day;
    const isLate = this.#unsaved > 0 && this.#nowMs() - this.#savedMs >= SAVE_MS;
    const isOver = untilMs === endMs;
    if (isOver ? sums.files > 0 : isLate || this.#unsaved >= SAVE_ENTRIES) {
      await this.#save(name, sums, new Date(untilMs));
      this.#unsaved = 0;
      this.#savedMs = this.#nowMs();
    }
    if (isOver) this.#day = { name: dayOf(new Date(untilMs)), sums: new Sums() };
  }

  async #save(day: string, sums: Sums, upTo: Date): Promise<void> {
    if (this.#discardedMs !== undefined) return;
    const resetMs = this.#resets.get(day);
    const resetAt = resetMs === undefined ? {} : { resetAt: new Date(resetMs) };
    // Stored sums only save others a reading, and not every reader is allowed to write.
    await this.#index.saveTotals({ day, upTo, sums: sums.toSums(), ...resetAt }).catch(() => undefined);
  }

  #nowMs(): number {
    return this.#clock.now().getTime();
  }
}

function minuteOf(ms: number): number {
  return Math.floor(ms / STEP_MS) * STEP_MS;
}

/** Names an entry with its time: a record that replaces a failure has the same id at another time. */
export function entryName({ id, committedAt }: ResultEntry): string {
  return `${committedAt.getTime()} ${id}`;
}

/** When the sums of each day were discarded last. */
function resetsOf(days: readonly DayTotals[]): ReadonlyMap<string, number> {
  return new Map(
    days.flatMap(({ day, resetAt }) => (resetAt === undefined ? [] : [[day, resetAt.getTime()] as const])),
  );
}
