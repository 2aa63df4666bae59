import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** Something that counts a file: how long it took, and what it found, as lines `word count`. */
export interface Contestant {
  readonly name: string;
  /** Seconds that one count takes. */
  readonly run: () => number | Promise<number>;
}

/**
 * Median and best of a contestant, in seconds, and the median of its ratios to the first contestant of the
 * same round.
 */
export interface Measured {
  readonly name: string;
  readonly best: number;
  readonly median: number;
  /** How many times as fast as the first. */
  readonly ratio: number;
}

/**
 * Runs all contestants in each round, in reversed order every other round, so that a machine that changes its
 * speed is unfair to none. The first round warms up and is not counted.
 */
export async function interleave(
  contestants: readonly Contestant[],
  rounds: number,
): Promise<readonly Measured[]> {
  const seconds = contestants.map(() => [] as number[]);
  for (let round = 0; round <= rounds; round += 1) {
    const order = contestants.map((_, index) => index);
    if (round % 2 === 1) order.reverse();
    for (const index of order) {
      const took = await (contestants[index] as Contestant).run();
      if (round > 0) (seconds[index] as number[]).push(took);
    }
  }
  const first = seconds[0] as number[];
  return contestants.map(({ name }, index) => {
    const own = seconds[index] as number[];
    return {
      name,
      best: Math.min(...own),
      median: median(own),
      ratio: median(own.map((took, round) => (first[round] as number) / took)),
    };
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** A program that reads the file from its standard input; its output is thrown away. Start-up is included. */
export function program(name: string, command: readonly [string, ...string[]], path: string): Contestant {
  return {
    name,
    run: () => {
      const input = openSync(path, 'r');
      const from = performance.now();
      const { status } = spawnSync(command[0], command.slice(1), { stdio: [input, 'ignore', 'ignore'] });
      const took = performance.now() - from;
      closeSync(input);
      if (status !== 0) throw new Error(`${name} ended with ${status}.`);
      return took / 1000;
    },
  };
}

/**
 * A count inside a process that stays, so that start-up is not included: it answers each line on its input
 * with seconds.
 */
export class Resident {
  readonly #child: ChildProcess;
  readonly #name: string;

  constructor(name: string, args: readonly string[]) {
    this.#name = name;
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  contestant(): Contestant {
    return {
      name: this.#name,
      run: () =>
        new Promise((resolve, reject) => {
          const fail = (): void => reject(new Error(`${this.#name} ended.`));
          this.#child.once('exit', fail);
          this.#child.stdout?.once('data', (line: Buffer) => {
            this.#child.off('exit', fail);
            resolve(Number(line.toString()));
          });
          this.#child.stdin?.write('\n');
        }),
    };
  }

  end(): void {
    this.#child.removeAllListeners('exit');
    this.#child.stdin?.end();
  }
}
