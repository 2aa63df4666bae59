import { createManualClock } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from './circuit-breaker.ts';

const never = new AbortController().signal;
const ended = (outcome: string, code?: string) => [
  { outcome, ...(code === undefined ? {} : { error: { code } }) },
];
const DOWN = ended('retry:unavailable', 'unavailable');
const DENIED = ended('retry:access-denied', 'access-denied');

function openCircuit() {
  const clock = createManualClock();
  const circuit = new CircuitBreaker({ clock });
  for (let message = 0; message < 5; message += 1) circuit.observe(DOWN);
  return { clock, circuit };
}

describe(CircuitBreaker, () => {
  it('opens when five messages in a row fail alike, and closes when an object was read', () => {
    const { circuit } = openCircuit();
    expect([circuit.open, circuit.openCode]).toEqual([true, 'unavailable']);
    circuit.observe(ended('counted'));
    expect(circuit.open).toBe(false);
    circuit.observe(DOWN);
    expect(circuit.open).toBe(false);
  });

  it('counts a message whose deletion failed, although its job was done', () => {
    const circuit = new CircuitBreaker({ clock: createManualClock() });
    for (let message = 0; message < 5; message += 1) circuit.observe([...ended('counted'), ...DOWN]);
    expect(circuit.open).toBe(true);
  });

  it.each<[string, string?]>([
    ['counted'],
    ['empty'],
    ['gone'],
    ['skipped:overwritten'],
    ['failed:not-text', 'not-text'],
  ])('takes %s for the end of an outage', (outcome, code) => {
    const { circuit } = openCircuit();
    circuit.observe(ended(outcome, code));
    for (let message = 0; message < 4; message += 1) circuit.observe(DOWN);
    expect(circuit.open).toBe(false);
  });

  it.each<[string, string?]>([
    ['duplicate'],
    ['duplicate', 'unavailable'],
    ['skipped:suffix'],
    ['test-event'],
    ['removed'],
    ['ignored'],
    ['quarantined:not-json', 'not-json'],
    ['quarantined:invalid', 'invalid'],
    ['failed:invalid', 'invalid'],
  ])(
    'lets jobs in again after %s, but not many of those that fail: the next one is enough',
    (outcome, code) => {
      const { circuit } = openCircuit();
      circuit.observe(ended(outcome, code));
      expect([circuit.open, circuit.openCode, circuit.openForMs]).toEqual([false, undefined, 0]);
      circuit.observe(DOWN);
      expect(circuit.open).toBe(true);
    },
  );

  it.each<[string, string?]>([
    ['interrupted'],
    ['lost-lease'],
    ['retry:invalid', 'invalid'],
    ['retry:internal', 'internal'],
    ['quarantined:attempts-exhausted', 'attempts-exhausted'],
  ])('learns nothing from %s', (outcome, code) => {
    const { circuit } = openCircuit();
    circuit.observe(ended(outcome, code));
    expect(circuit.open).toBe(true);
  });

  it('never opens for faults of ours', () => {
    const circuit = new CircuitBreaker({ clock: createManualClock() });
    for (const code of ['invalid', 'internal']) {
      for (let message = 0; message < 20; message += 1) circuit.observe(ended(`retry:${code}`, code));
    }
    expect(circuit.open).toBe(false);
  });

  it('knows for how long it has been open', async () => {
    const { clock, circuit } = openCircuit();
    await clock.advance(600_000);
    circuit.observe(DOWN);
    await clock.advance(1000);
    expect(circuit.openForMs).toBe(601_000);
  });

  it('opens when every object is denied, lets one through after a pause, and closes on success', async () => {
    const clock = createManualClock();
    const circuit = new CircuitBreaker({ clock, threshold: 3, pauseMs: 1000 });
    for (let denial = 0; denial < 3; denial += 1) {
      expect(circuit.allowance(4, 0)).toBe(4);
      circuit.observe(DENIED);
    }
    expect([circuit.open, circuit.allowance(4, 0)]).toEqual([true, 0]);
    await clock.advance(1000);
    expect([circuit.allowance(4, 0), circuit.allowance(3, 1)]).toEqual([1, 0]);
    circuit.observe(DENIED);
    expect(circuit.allowance(4, 0)).toBe(0);
    await clock.advance(1000);
    circuit.observe(ended('counted'));
    expect([circuit.open, circuit.allowance(4, 0)]).toEqual([false, 4]);
  });

  it('keeps one job waiting through an outage, and lets it go when the worker stops', async () => {
    const clock = createManualClock();
    const circuit = new CircuitBreaker({ clock, threshold: 1, pauseMs: 1000 });
    const stopping = new AbortController();
    expect(await circuit.awaitTurn('unavailable', 'm1', stopping.signal)).toBe('return');
    circuit.observe(DOWN);
    const held = circuit.awaitTurn('unavailable', 'm1', stopping.signal);
    expect(await circuit.awaitTurn('unavailable', 'm1', stopping.signal)).toBe('return');
    expect(await circuit.awaitTurn('not-text', 'm1', stopping.signal)).toBe('return');
    await clock.advance(2000);
    expect(await held).toBe('retry');
    const again = circuit.awaitTurn('unavailable', 'm1', stopping.signal);
    stopping.abort();
    expect(await again).toBe('return');
  });

  it('rests longer after each failed attempt, but not forever', async () => {
    const clock = createManualClock();
    const circuit = new CircuitBreaker({ clock, threshold: 1, pauseMs: 1000, maxPauseMs: 3000 });
    const pauses = [1000, 2000, 3000, 3000];
    for (const pause of pauses) {
      circuit.observe(DOWN);
      await clock.advance(pause - 1);
      expect(circuit.allowance(1, 0)).toBe(0);
      await clock.advance(1);
      expect(circuit.allowance(1, 0)).toBe(1);
    }
    expect(circuit.openCode).toBe('unavailable');
  });

  it('stays closed while failures differ', () => {
    const circuit = new CircuitBreaker({ clock: createManualClock(), threshold: 2 });
    for (const code of ['access-denied', 'throttled', 'unavailable', 'throttled'])
      circuit.observe(ended(`retry:${code}`, code));
    expect(circuit.openCode).toBeUndefined();
  });

  it('stays closed while some objects are readable', () => {
    const circuit = new CircuitBreaker({ clock: createManualClock(), threshold: 2 });
    for (const records of [DENIED, ended('counted'), DENIED, ended('failed:not-text', 'not-text'), DENIED])
      circuit.observe(records);
    expect(circuit.open).toBe(false);
  });

  it('lets the job that it keeps make way for another after its turn, each time later', async () => {
    const { clock, circuit } = openCircuit();
    /** How long a job is tried before it makes way. */
    async function turnOf(messageId: string): Promise<number> {
      const startedAt = clock.monotonicMs();
      for (;;) {
        const advice = circuit.awaitTurn('unavailable', messageId, never);
        await clock.advance(60_000);
        if ((await advice) === 'yield') return clock.monotonicMs() - startedAt - 60_000;
      }
    }
    expect([await turnOf('poisoned'), await turnOf('next')]).toEqual([300_000, 600_000]);
    circuit.observe(ended('counted'));
    for (let message = 0; message < 5; message += 1) circuit.observe(DOWN);
    expect(await turnOf('poisoned')).toBe(300_000);
  });
});
