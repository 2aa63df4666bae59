import { describe, expect, it } from 'vitest';
import { prepareCalls, unlessAborted } from './prepared-calls.ts';

interface Sent {
  readonly target: string;
  readonly output: { readonly by: string };
}

function setUp() {
  const prepared: string[] = [];
  const call = prepareCalls<Sent, { readonly by: string }>(({ target }) => {
    prepared.push(target);
    return async (command) => ({ output: { by: `${target} sent ${command.target}` } });
  });
  const send = (target: string) => call(target, { target, output: { by: '' } });
  return { prepared, send };
}

describe(prepareCalls, () => {
  it('prepares once for each target, and never sends what is for one by what was prepared for another', async () => {
    const { prepared, send } = setUp();
    const sent = await Promise.all(['a', 'b', 'a', 'b', 'a'].map(send));
    expect(sent.map(({ by }) => by)).toEqual(
      ['a', 'b', 'a', 'b', 'a'].map((target) => `${target} sent ${target}`),
    );
    expect(prepared).toEqual(['a', 'b']);
  });

  it('remembers a limited number of targets', async () => {
    const { prepared, send } = setUp();
    for (let target = 0; target <= 100; target += 1) await send(String(target));
    await send('0');
    expect(prepared).toHaveLength(102);
  });
});

describe(unlessAborted, () => {
  it('returns what the call returns, and throws what it throws', async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(signal, async () => 1)).resolves.toBe(1);
    await expect(unlessAborted(undefined, async () => 2)).resolves.toBe(2);
    const failed = new Error('failed');
    await expect(unlessAborted(signal, () => Promise.reject(failed))).rejects.toBe(failed);
  });

  it('makes no call once the signal has fired', async () => {
    const gone = new Error('gone');
    const call = (): Promise<never> => expect.fail('called');
    await expect(unlessAborted(AbortSignal.abort(gone), call)).rejects.toBe(gone);
  });

  it('ends the wait when the signal fires, and discards what comes late', async () => {
    const abort = new AbortController();
    const late: string[] = [];
    let respond: (output: string) => void = () => undefined;
    const response = new Promise<string>((resolve) => {
      respond = resolve;
    });
    const waiting = unlessAborted(
      abort.signal,
      () => response,
      (output) => late.push(output),
    );
    const gone = new Error('gone');
    abort.abort(gone);
    await expect(waiting).rejects.toBe(gone);
    respond('body');
    await response;
    await Promise.resolve();
    expect(late).toEqual(['body']);
  });
});
