import { createManualClock } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import { createTaskProtection } from './task-protection.ts';

const AGENT = 'http://169.254.170.2/api/task-1';

interface Call {
  readonly url: string;
  readonly method: string | undefined;
  readonly body: unknown;
}

function setUp(agentUri: string | undefined = AGENT, answer: () => Response | Promise<Response> = ok) {
  const calls: Call[] = [];
  const problems: string[] = [];
  const clock = createManualClock();
  const protection = createTaskProtection({
    agentUri,
    clock,
    onProblem: (problem) => problems.push(problem),
    fetch: async (url, init) => {
      calls.push({ url: String(url), method: init?.method, body: JSON.parse(String(init?.body)) });
      return answer();
    },
  });
  return { calls, problems, clock, protection };
}

const ok = (): Response => Response.json({ protection: { ProtectionEnabled: true } });

describe(createTaskProtection, () => {
  it('protects when work begins, and no longer when it has ended', async () => {
    const { calls, protection, problems } = setUp();
    protection.busyChanged(true);
    await protection.settled();
    protection.busyChanged(false);
    await protection.settled();
    expect(calls).toEqual([
      {
        url: `${AGENT}/task-protection/v1/state`,
        method: 'PUT',
        body: { ProtectionEnabled: true, ExpiresInMinutes: 120 },
      },
      { url: `${AGENT}/task-protection/v1/state`, method: 'PUT', body: { ProtectionEnabled: false } },
    ]);
    expect(problems).toEqual([]);
  });

  it('asks one at a time, and makes changes that come meanwhile into one', async () => {
    let release = (): void => undefined;
    const { calls, protection } = setUp(AGENT, async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return ok();
    });
    for (const busy of [true, false, true, false]) protection.busyChanged(busy);
    expect(calls).toHaveLength(1);
    release();
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    release();
    await protection.settled();
    expect(calls.map(({ body }) => body)).toEqual([
      { ProtectionEnabled: true, ExpiresInMinutes: 120 },
      { ProtectionEnabled: false },
    ]);
    protection.busyChanged(true);
    expect(calls).toHaveLength(3);
  });

  it('renews before it expires, as long as there is work', async () => {
    const { calls, protection, clock } = setUp();
    protection.busyChanged(true);
    await protection.settled();
    await clock.advance(3 * 3_600_000 + 1);
    expect(calls).toHaveLength(4);
    protection.busyChanged(false);
    await clock.advance(24 * 3_600_000);
    expect(calls).toHaveLength(5);
    expect(clock.sleepers).toBe(0);
  });

  it('says why it was refused, and goes on', async () => {
    const refusal = { failure: { Reason: 'DEPLOYMENT_BLOCKED', Detail: 'too long' } };
    const { problems, protection } = setUp(AGENT, () => Response.json(refusal));
    protection.busyChanged(true);
    await protection.settled();
    expect(problems).toEqual([expect.stringContaining('DEPLOYMENT_BLOCKED')]);
  });

  it('says that the agent cannot be reached, and goes on', async () => {
    const { problems, protection } = setUp(AGENT, () => Promise.reject(new Error('connection refused')));
    protection.busyChanged(true);
    await protection.settled();
    expect(problems).toEqual([expect.stringContaining('connection refused')]);
  });

  it('does nothing away from ECS', () => {
    const protection = createTaskProtection({
      agentUri: undefined,
      clock: createManualClock(),
      onProblem: (problem) => expect.fail(problem),
      fetch: () => expect.fail('called'),
    });
    protection.busyChanged(true);
  });

  it.each([
    ['http://example.com/x'],
    ['https://169.254.170.2'],
    ['http://169.254.170.2.evil.com'],
    ['nonsense'],
  ])('refuses %s, which is no agent', (agentUri) => {
    const { calls, problems, protection } = setUp(agentUri);
    protection.busyChanged(true);
    expect(calls).toEqual([]);
    expect(problems).toEqual([expect.stringContaining('link-local')]);
  });
});
