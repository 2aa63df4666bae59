/** About a megabyte of ids: the jobs of the last seconds to minutes. */
const MAX_REMEMBERED = 10_000;

/**
 * The jobs that this worker is doing, and those that it did last. Events may come more than once, and a burst
 * of the same event usually comes to one worker: it need not count the same version for each.
 */
export class RecentJobs {
  readonly #underWay = new Map<string, Promise<unknown>>();
  /** In the order in which they were done. */
  readonly #done = new Set<string>();

  /**
   * Does a job, but not while the same one is being done for the first time. `work` is told whether it was done
   * before, and returns whether it is done now.
   */
  async run<Result extends { readonly isDone: boolean }>(
    jobId: string,
    work: (wasDone: boolean) => Promise<Result>,
  ): Promise<Result> {
    for (;;) {
      if (this.#done.has(jobId)) return work(true);
      const other = this.#underWay.get(jobId);
      if (other === undefined) break;
      await other.catch(() => undefined);
    }
    const working = work(false);
    this.#underWay.set(jobId, working);
    try {
      const result = await working;
      if (result.isDone) this.#remember(jobId);
      return result;
    } finally {
      this.#underWay.delete(jobId);
    }
  }

  #remember(jobId: string): void {
    this.#done.add(jobId);
    const [oldest] = this.#done;
    if (this.#done.size > MAX_REMEMBERED && oldest !== undefined) this.#done.delete(oldest);
  }
}
