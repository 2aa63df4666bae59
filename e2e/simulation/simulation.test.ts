import { afterAll, describe, expect, it } from 'vitest';
import { FAULTS, type Fault } from './faults.ts';
import { expectInvariants } from './invariants.ts';
import { Simulation } from './simulation.ts';

/**
 * A failing seed is named: `SIMULATION_SEED=7 SIMULATION_RUNS=1 npx vitest run --project e2e simulation`
 * repeats it.
 */
const FIRST_SEED = Number(process.env['SIMULATION_SEED'] ?? 1);
const RUNS = Number(process.env['SIMULATION_RUNS'] ?? (process.env['CI'] === undefined ? 100 : 1000));
/** So many lives per test, so that a test's title names seeds. */
const BLOCK = 100;
const blocks = Array.from({ length: Math.ceil(RUNS / BLOCK) }, (_, index) => ({
  first: FIRST_SEED + index * BLOCK,
  last: FIRST_SEED + Math.min(RUNS, (index + 1) * BLOCK) - 1,
}));
const counts = new Map<Fault, number>();

describe('the whole pipeline in bad plan', () => {
  afterAll(() => {
    const faults = [...counts].map(([fault, count]) => `${fault} ${count}`).sort();
    process.stdout.write(`${RUNS} lives: ${faults.join(', ')}\n`);
  });

  it.each(blocks)(
    'loses nothing, doubles nothing and can explain everything (seeds $first to $last)',
    async ({ first, last }) => {
      for (let seed = first; seed <= last; seed += 1) {
        const simulation = new Simulation(seed, counts);
        try {
          await simulation.run();
          await expectInvariants(simulation);
        } catch (error) {
          const repeat = `SIMULATION_SEED=${seed} SIMULATION_RUNS=1 npx vitest run --project e2e simulation`;
          throw new Error(`Seed ${seed}: ${(error as Error).message}\nTo repeat: ${repeat}`, {
            cause: error,
          });
        }
      }
    },
    300_000,
  );

  it.runIf(RUNS >= BLOCK)(`has been through every fault (it needs ${BLOCK} runs)`, () => {
    expect(FAULTS.filter((fault) => !counts.has(fault))).toEqual([]);
  });
});
