import { generateKeyPairSync, sign } from 'node:crypto';
import { createManualClock } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import { loadBalancerUser, loadBalancerUserName } from './load-balancer-user.ts';

const ARN = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/words/0123456789abcdef';
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const PEM = publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** With padding, as load balancers write it. */
const encode = (value: object): string =>
  Buffer.from(JSON.stringify(value)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');

function setUp() {
  const clock = createManualClock();
  const asked: string[] = [];
  const authorize = loadBalancerUser({
    loadBalancerArn: ARN,
    clock,
    fetchKey: async (id) => {
      asked.push(id);
      return PEM;
    },
  });
  const inAMinute = Math.floor(clock.now().getTime() / 1000) + 60;
  function token(change: object = {}, key = privateKey): string {
    const header = { alg: 'ES256', kid: 'key-1', signer: ARN, exp: inAMinute, ...change };
    const signed = `${encode(header)}.${encode({ sub: 'a person' })}`;
    const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  }
  const ask = (data: string) => authorize(new Headers({ 'x-amzn-oidc-data': data }));
  return { clock, asked, authorize, token, ask };
}

describe(loadBalancerUser, () => {
  it('takes the word of its load balancer, and asks for the key once', async () => {
    const { asked, token, ask } = setUp();
    expect([await ask(token()), await ask(token())]).toEqual([true, true]);
    expect(asked).toEqual(['key-1']);
  });

  it('does not take it once its time is over', async () => {
    const { clock, token, ask } = setUp();
    const data = token();
    await clock.advance(60_000);
    expect(await ask(data)).toBe(false);
  });

  it.each([
    ['another load balancer', { signer: `${ARN}0` }],
    ['another algorithm', { alg: 'none' }],
    ['a key that is an address', { kid: '../../evil.example/key' }],
    ['no end', { exp: undefined }],
  ])('does not take the word of %s', async (_, change) => {
    const { asked, token, ask } = setUp();
    expect(await ask(token(change))).toBe(false);
    expect(asked).toEqual([]);
  });

  it('does not take what another key signed, nor what was changed afterwards', async () => {
    const { token, ask } = setUp();
    const [head, , signature] = token().split('.');
    expect(await ask(token({}, stranger))).toBe(false);
    expect(await ask(`${head}.${encode({ sub: 'somebody else' })}.${signature}`)).toBe(false);
  });

  it('does not take nothing, nonsense, or one part too many', async () => {
    const { authorize, token, ask } = setUp();
    expect(await authorize(new Headers())).toBe(false);
    for (const data of ['', '..', 'e30=.e30=.', `${token()}.x`]) expect(await ask(data)).toBe(false);
  });

  it('says no when the key cannot be had', async () => {
    const clock = createManualClock();
    const authorize = loadBalancerUser({
      loadBalancerArn: ARN,
      clock,
      fetchKey: () => Promise.reject(new Error('down')),
    });
    const { token } = setUp();
    expect(await authorize(new Headers({ 'x-amzn-oidc-data': token() }))).toBe(false);
  });
});

describe(loadBalancerUserName, () => {
  it.each([
    [{ email: 'ann@example.com', name: 'Ann', sub: '1' }, 'ann@example.com'],
    [{ name: 'Ann', sub: '1' }, 'Ann'],
    [{ sub: '1' }, '1'],
    [{ sub: 'x'.repeat(1000) }, 'x'.repeat(200)],
    [{}, undefined],
    [{ email: 7 }, undefined],
  ])('calls whoever has the claims %j %s', (claims, name) => {
    const headers = new Headers({ 'x-amzn-oidc-data': `.${encode(claims)}.` });
    expect(loadBalancerUserName(headers)).toBe(name);
  });

  it.each(['', '.', '.bm8=.', '.W10=.'])('calls nobody by %j', (token) => {
    expect(loadBalancerUserName(new Headers({ 'x-amzn-oidc-data': token }))).toBeUndefined();
  });
});
