import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import type { ObjectVersion, StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { describe, expect, it } from 'vitest';
import { BUCKET, createMemoryWorld, type MemoryWorld, NOISE } from './support/memory-world.ts';
import { seededRandom } from './support/seeded-random.ts';
import { type SimulatedProcess, startSimulatedProcess, type Weather } from './support/simulated-process.ts';

/**
 * Whole lives of workers in virtual time: calls that fail, stall and lose their answers, processes that are killed or stopped, objects
 * that are overwritten and deleted, events that repeat. A failing seed is named: `SIMULATION_SEED=7 SIMULATION_RUNS=1` repeats it.
 */
const FIRST_SEED = Number(process.env['SIMULATION_SEED'] ?? 1);
const RUNS = Number(process.env['SIMULATION_RUNS'] ?? (process.env['CI'] === undefined ? 200 : 2000));
const STEPS = 40;
const KEYS = ['a.txt', 'b.txt', '__proto__.txt', 'ü +.txt'];

/** A created version, and what it says. */
interface Created {
  readonly object: ObjectVersion;
  readonly words: number;
}

class Simulation {
  readonly created: Created[] = [];
  readonly world: MemoryWorld;
  readonly weather: Weather = { stormy: true };
  readonly processes: SimulatedProcess[] = [];
  readonly finished: SimulatedProcess[] = [];
  readonly #random: () => number;
  #texts = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.world = createMemoryWorld({}, this.#random);
    for (let index = 0; index < 2; index += 1) this.#start();
  }

  #start(): void {
    this.processes.push(startSimulatedProcess(this.world, this.weather, this.#random));
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T;
  }

  async #put(): Promise<void> {
    const key = this.#pick(KEYS);
    const noise = this.#random() < 0.1;
    this.#texts += 1;
    const words = noise ? 0 : 1 + Math.floor(this.#random() * 50);
    const body = noise ? NOISE : new TextEncoder().encode(`text${this.#texts} `.repeat(words));
    const object = await this.world.objects.put({ bucket: BUCKET, key }, body);
    this.created.push({ object, words });
  }

  async step(): Promise<void> {
    const dice = this.#random();
    const { messages, objects } = this.world;
    if (dice < 0.5) await this.#put();
    else if (dice < 0.6) objects.remove({ bucket: BUCKET, key: this.#pick(KEYS) });
    else if (dice < 0.7)
      messages.send(this.#pick([...messages.messages().map(({ body }) => body), 'junk', '{}']));
    else if (dice < 0.8) this.#replace((process) => process.kill());
    else if (dice < 0.85) await this.#stopOne();
    await this.world.clock.advance(this.#random() * 15_000);
  }

  #replace(end: (process: SimulatedProcess) => void): void {
    const [process] = this.processes.splice(Math.floor(this.#random() * this.processes.length), 1);
    if (process !== undefined) end(process);
    this.#start();
  }

  async #stopOne(): Promise<void> {
    const process = this.processes.shift() as SimulatedProcess;
    this.#start();
    const graceMs = this.#random() * 10_000;
    void process.worker.stop({ graceMs }).then(({ abandoned }) => {
      // The program ends then.
      process.kill();
      if (abandoned === 0) this.finished.push(process);
    });
    await this.world.clock.advance(20_000);
  }

  async calm(): Promise<void> {
    this.weather.stormy = false;
    for (let round = 0; round < 200 && this.world.messages.messages().length > 0; round += 1)
      await this.world.clock.advance(60_000);
    const stops = this.processes.map(({ worker }) => worker.stop({ graceMs: 60_000 }));
    await this.world.clock.advance(120_000);
    await Promise.all(stops);
    this.finished.push(...this.processes);
  }
}

async function expectInvariants({ world, created, finished }: Simulation): Promise<void> {
  const records: StoredResult[] = [];
  for await (const record of world.results.list()) records.push(record);
  const letters = await world.deadLetters.peek(1000);
  const inLetters = letters.flatMap(({ message }) => versionsIn(message.body));
  const recorded = new Map(records.map((record) => [versionOf(record.object), record]));

  expect(world.messages.messages(), 'nothing is left on the queue').toEqual([]);
  for (const { object, words } of created) {
    const record = recorded.get(versionOf(object));
    if (record === undefined) expect(inLetters, 'I1: no fate').toContain(versionOf(object));
    if (record?.outcome === 'counted') expect(record.totals.words, 'I2: another text').toBe(words);
    if (record?.outcome.startsWith('failed:') === true)
      expect(inLetters, 'I1: failed, but not in the dead letters').toContain(versionOf(object));
  }
  expect(recorded.size, 'I2: one record per version').toBe(records.length);
  const untold = records.filter(({ publishedAt }) => publishedAt === undefined);
  for (const { object } of untold) expect(inLetters, 'nobody was told').toContain(versionOf(object));
  for (const process of finished) {
    expect(
      [...process.received].filter((receipt) => !process.ended.has(receipt)),
      'I3: no outcome',
    ).toEqual([]);
  }
}

const versionOf = ({ key, eTag }: ObjectVersion): string => `${key} ${eTag}`;

function versionsIn(body: string): string[] {
  const announcement = parseAnnouncement(body);
  if (!announcement.ok) return [];
  return announcement.events.flatMap((event) => (event.kind === 'created' ? [versionOf(event.object)] : []));
}

describe('workers in bad weather', () => {
  it(
    `lose nothing and double nothing (${RUNS} seeds from ${FIRST_SEED})`,
    async () => {
      for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed += 1) {
        const simulation = new Simulation(seed);
        try {
          for (let step = 0; step < STEPS; step += 1) await simulation.step();
          await simulation.calm();
          await expectInvariants(simulation);
        } catch (error) {
          throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
        }
      }
    },
    30_000 + RUNS * 300,
  );
});
