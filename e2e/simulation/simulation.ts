import { seededRandom } from '../../packages/worker/test/support/seeded-random.ts';
import { type Cloud, createCloud, FORBIDDEN, UPLOADING } from './cloud.ts';
import { Chance, type Fault } from './faults.ts';
import type { FaultPlan } from './network.ts';
import { startSimulatedLambda } from './simulated-lambda.ts';
import { type SimulatedWorker, startSimulatedWorker } from './simulated-worker.ts';

const STEPS = 30;
const KEYS = ['a.txt', '__proto__.txt', 'ü +%2B😀.txt', 'b//c.txt', 'other.md', 'folder/'];
/** Bytes that are not text. */
const NOISE = Uint8Array.from({ length: 400 }, (_, index) => (index * 7919) % 256);

/** What counting a body must give: that it is not text, or how many words it has. */
export type Expected = 'no text' | number;

interface Body {
  readonly body: Uint8Array;
  readonly expected: Expected;
}

/** One life of the whole pipeline, all of it decided by the seed. */
export class Simulation {
  readonly cloud: Cloud;
  /** By ETag. */
  readonly expectations: Map<string, Expected> = new Map();
  /** Uploads that were given up without a reason, although the copy function lived to say it. */
  readonly unexplained: string[] = [];
  /** Workers that were stopped and not killed: each message that they received must have its outcome. */
  readonly finished: SimulatedWorker[] = [];
  readonly #chance: Chance;
  readonly #plan: FaultPlan = { active: true, denied: false };
  readonly #workers: SimulatedWorker[] = [];
  readonly #earlier: Body[] = [];
  #texts = 0;

  constructor(seed: number, counts: Map<Fault, number>) {
    this.#chance = new Chance(seededRandom(seed), counts);
    this.cloud = createCloud(this.#chance);
    for (let index = 0; index < 2; index += 1) this.#startWorker();
  }

  /** Lives with faults, then without, sends the dead letters back, and ends. */
  async run(): Promise<void> {
    const lambda = startSimulatedLambda(this.cloud, this.#plan, this.#chance);
    for (let step = 0; step < STEPS; step += 1) await this.#step();
    this.#plan.active = false;
    this.#plan.denied = false;
    await this.#settle();
    await this.#redrive();
    await this.#settle();
    lambda.stop();
    const stops = this.#workers.map(({ worker }) => worker.stop({ graceMs: 60_000 }));
    await this.cloud.clock.advance(120_000);
    await Promise.all(stops);
    this.finished.push(...this.#workers);
  }

  async #step(): Promise<void> {
    const dice = this.#chance.random();
    if (dice < 0.5) await this.#upload();
    else if (dice < 0.58) this.#remove();
    else if (dice < 0.64) this.#junk();
    else if (dice < 0.68) await this.#forge();
    else if (dice < 0.78) this.#kill();
    else if (dice < 0.84) await this.#stop();
    else if (dice < 0.88) this.#plan.denied = !this.#plan.denied;
    await this.cloud.clock.advance(1 + this.#chance.upTo(15_000));
  }

  async #upload(): Promise<void> {
    const key = this.#chance.pick(KEYS);
    const current = await this.cloud.objects.head({ bucket: UPLOADING, key }).catch(() => undefined);
    if (current !== undefined) this.#chance.count('overwritten');
    const { body, expected } = this.#body();
    const { eTag } = await this.cloud.objects.put({ bucket: UPLOADING, key }, body);
    this.expectations.set(eTag, expected);
  }

  #body(): Body {
    const again = this.#earlier.length > 0;
    if (again && this.#chance.strikes('uploaded-again', 0.1)) return this.#chance.pick(this.#earlier);
    const made = this.#newBody();
    this.#earlier.push(made);
    return made;
  }

  #newBody(): Body {
    this.#texts += 1;
    const dice = this.#chance.random();
    if (dice < 0.1) return { body: Buffer.concat([NOISE, Buffer.from([this.#texts])]), expected: 'no text' };
    const words = dice < 0.15 ? 0 : 1 + Math.floor(this.#chance.upTo(60));
    return { body: new TextEncoder().encode(`text${this.#texts} `.repeat(words)), expected: words };
  }

  #remove(): void {
    this.#chance.count('deleted');
    const bucket = this.#chance.pick([UPLOADING, 'processing']);
    this.cloud.objects.remove({ bucket, key: this.#chance.pick(KEYS) });
  }

  #junk(): void {
    this.#chance.count('junk');
    const body = this.#chance.pick([
      'junk',
      '{}',
      '{"Event":"s3:TestEvent","Bucket":"b"}',
      '{"Records":[{}]}',
    ]);
    this.#chance.pick([this.cloud.uploads, this.cloud.jobs]).send(body);
  }

  /** An event about a bucket that nobody may read. */
  async #forge(): Promise<void> {
    this.#chance.count('forged-bucket');
    const object = { key: 'secret.txt', size: 1, eTag: 'e', sequencer: '01' };
    const record = { eventVersion: '2.1', eventSource: 'aws:s3', eventName: 'ObjectCreated:Put' };
    const body = JSON.stringify({ Records: [{ ...record, s3: { bucket: { name: FORBIDDEN }, object } }] });
    this.#chance.pick([this.cloud.uploads, this.cloud.jobs]).send(body);
  }

  #startWorker(): void {
    this.#workers.push(startSimulatedWorker(this.cloud, this.#plan, this.#chance));
  }

  #kill(): void {
    this.#chance.count('worker-killed');
    this.#workers.shift()?.kill();
    this.#startWorker();
  }

  async #stop(): Promise<void> {
    this.#chance.count('worker-stopped');
    const stopped = this.#workers.shift();
    this.#startWorker();
    if (stopped === undefined) return;
    void stopped.worker.stop({ graceMs: this.#chance.upTo(10_000) }).then(({ abandoned }) => {
      // The program ends then. What a receive brings that is still under way comes back by itself.
      stopped.kill();
      if (abandoned === 0 && !stopped.receiving) this.finished.push(stopped);
    });
    await this.cloud.clock.advance(20_000);
  }

  async #settle(): Promise<void> {
    const { uploads, jobs, clock } = this.cloud;
    for (let round = 0; round < 300; round += 1) {
      if (uploads.messages().length + jobs.messages().length === 0) return;
      await clock.advance(60_000);
    }
  }

  /** Sends every dead letter back to its queue, as an operator does who has fixed the cause. */
  async #redrive(): Promise<void> {
    const { deadUploads, deadUploadLetters, uploads, deadJobs, jobs, inexplicable } = this.cloud;
    for (const { message, reason } of await deadUploadLetters.peek(1000))
      if (reason === undefined && !inexplicable.has(message.body)) this.unexplained.push(message.body);
    for (const [from, to] of [
      [deadUploads, uploads],
      [deadJobs, jobs],
    ] as const) {
      for (const { body } of await takeAll(from)) {
        this.#chance.count('dead-letter-redriven');
        to.send(body);
      }
    }
  }
}

async function takeAll(queue: Cloud['jobs']): Promise<readonly { readonly body: string }[]> {
  const taken: { readonly body: string }[] = [];
  for (;;) {
    const batch = await queue.receive({ maxMessages: 10, waitSeconds: 0, visibilitySeconds: 30 });
    if (batch.length === 0) return taken;
    for (const { receipt } of batch) queue.delete(receipt);
    taken.push(...batch);
  }
}
