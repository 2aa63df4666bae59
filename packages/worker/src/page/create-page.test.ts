import { readdirSync, readFileSync } from 'node:fs';
import {
  createManualClock,
  createMemoryDeadLetterQueue,
  createMemoryIntakeSwitch,
  createMemoryJobQueue,
  createMemoryQueue,
  createMemoryResultStore,
} from '@org/wordfreq-aws-adapters/memory';
import { HOSTILE_KEYS, HOSTILE_WORDS, sampleResult } from '@org/wordfreq-aws-adapters/testing';
import { describe, expect, it } from 'vitest';
import { createPage } from './create-page.ts';
import type { Redrive } from './create-redrive.ts';
import type { PageOptions } from './page-options.ts';
import type { PageSources } from './page-sources.ts';
import type { SummaryView } from './views.ts';

function setUp(more: Partial<PageSources> = {}, options: PageOptions = {}) {
  const clock = createManualClock();
  const deadLetters = createMemoryQueue({ clock });
  const queue = createMemoryQueue({ clock });
  const jobs = createMemoryJobQueue({ queue, deadLetters, clock });
  const results = createMemoryResultStore();
  const letters = createMemoryDeadLetterQueue({ queue: deadLetters });
  const page = createPage({ results, jobs, deadLetters: letters, clock, ...more }, options);
  const ask = (path: string, init: RequestInit = {}) =>
    page.request(path, { ...init, headers: { host: 'localhost:4000', ...init.headers } });
  return {
    clock,
    queue,
    jobs,
    results,
    ask,
    get: async (path: string): Promise<unknown> => (await ask(path)).json(),
    post: (path: string, init: RequestInit = {}) => ask(path, { method: 'POST', ...init }),
  };
}

const atMost = (limit: number) => (value: number) => value <= limit;

/** Each request that changes something. */
const WRITES = [
  ['/api/uploads?name=a.txt', 'a'],
  ['/api/dead-letters/redrive', '{}'],
  ['/api/dead-letters/delete', '{"ids":["m-1"]}'],
  ['/api/intake', '{"paused":true}'],
] as const;
/** Those that only look. */
const READS = [
  '/api/files',
  '/api/files/search?text=a',
  '/api/files/words.csv?bucket=b&key=a.txt',
  '/api/dead-letters/search?text=a',
];

/** Sources that allow every write, and remember each. */
function writableSources() {
  const calls: string[] = [];
  const called = async (name: string) => void calls.push(name);
  const intake = createMemoryIntakeSwitch();
  const sources: Partial<PageSources> = {
    upload: () => called('upload'),
    redrive: async () => called('redrive').then(() => 1),
    purge: async () => called('purge').then(() => 1),
    intake: { ...intake, pause: () => called('pause'), resume: () => called('resume') },
  };
  return { calls, sources };
}

/** Remembers what it was called with. */
function recorder<A extends readonly unknown[], R>(answer: R) {
  const calls: A[] = [];
  const call = async (...args: A): Promise<R> => {
    calls.push(args);
    return answer;
  };
  return { calls, call };
}

describe('the views of createPage', () => {
  it('count what waits, what is in flight, what was done and what failed', async () => {
    const { queue, jobs, results, get } = setUp();
    for (const body of ['a', 'b', 'c', 'd']) queue.send(body);
    const [first] = await jobs.receive({ maxMessages: 2, waitSeconds: 0, visibilitySeconds: 60 });
    if (first !== undefined) await jobs.quarantine(first, { code: 'not-json', detail: 'Expected JSON.' });
    await results.save(sampleResult({ jobId: '1' }));
    await results.save(sampleResult({ jobId: '2', outcome: 'failed:not-text' }));
    const summary = (await get('/api/summary')) as SummaryView;
    expect(summary).toMatchObject({ queued: 2, inFlight: 1, done: 1, failed: 1, deadLetters: 1, bytes: 22 });
    expect(summary.can).toMatchObject({ upload: false, redrive: false, notifications: false });
  });

  it('tell the outcome, time and top words of each file, hostile keys and words unchanged', async () => {
    const { results, get } = setUp();
    const words = HOSTILE_WORDS.map((word, index) => ({ word, count: 100 - index }));
    for (const [index, key] of HOSTILE_KEYS.entries()) {
      await results.save(sampleResult({ jobId: `${index}`, object: { bucket: 'b', key, eTag: 'e' }, words }));
    }
    const { files } = (await get('/api/files')) as { files: Record<string, unknown>[] };
    expect(new Set(files.map(({ key }) => key))).toEqual(new Set(HOSTILE_KEYS));
    expect(files[0]).toMatchObject({ outcome: 'counted', durationMs: 12, top: words.slice(0, 10) });
  });

  it('tell the history of one file with all its words, whatever its key is', async () => {
    const { results, ask, get } = setUp();
    const words = Array.from({ length: 40 }, (_, index) => ({ word: `w${index}`, count: 40 - index }));
    for (const key of HOSTILE_KEYS) {
      await results.save(sampleResult({ jobId: key, object: { bucket: 'b', key, eTag: 'e' }, words }));
      const query = new URLSearchParams({ bucket: 'b', key });
      expect(await get(`/api/files/history?${query}`)).toMatchObject({ versions: [{ key, top: words }] });
    }
    expect((await ask('/api/files/history?bucket=b')).status).toBe(400);
  });

  it('tell dead letters with their reasons, also those that the queue moved by itself', async () => {
    const clock = createManualClock();
    const deadLetters = createMemoryQueue({ clock });
    deadLetters.send('{}', {
      attributes: new Map([
        ['reasonCode', 'not-text'],
        ['reasonDetail', 'Expected text.'],
        ['bucket', 'b'],
        ['key', '<b>.txt'],
      ]),
    });
    deadLetters.send('{}');
    const { get } = setUp({ deadLetters: createMemoryDeadLetterQueue({ queue: deadLetters }) });
    expect(await get('/api/dead-letters')).toMatchObject({
      deadLetters: [
        { key: '<b>.txt', code: 'not-text', detail: 'Expected text.', remedy: 'upload-corrected' },
        { code: 'received-too-often', remedy: 'fix-and-send-back' },
      ],
    });
  });

  it('tell of a new dead letter a second later: with the browser’s own second, within two', async () => {
    const clock = createManualClock();
    const deadLetters = createMemoryQueue({ clock });
    const { get } = setUp({ clock, deadLetters: createMemoryDeadLetterQueue({ queue: deadLetters }) });
    expect(await get('/api/dead-letters')).toEqual({ deadLetters: [] });
    deadLetters.send('{}');
    await clock.advance(1000);
    expect(await get('/api/dead-letters')).toMatchObject({ deadLetters: [{}] });
  });

  it('find dead letters by name or reason, also those that the page does not hold', async () => {
    const clock = createManualClock();
    const deadLetters = createMemoryQueue({ clock });
    for (let index = 0; index < 150; index += 1) deadLetters.send(`${index}`);
    const facts = { reasonCode: 'not-text', bucket: 'b', key: '\u202egnp.txt' };
    deadLetters.send('late', { attributes: new Map(Object.entries(facts)) });
    const { get } = setUp({ clock, deadLetters: createMemoryDeadLetterQueue({ queue: deadLetters }) });
    for (const text of ['NOT-TEXT', 'gnp', 'U+202E']) {
      const query = new URLSearchParams({ text });
      expect(await get(`/api/dead-letters/search?${query}`)).toMatchObject({
        deadLetters: [{ key: facts.key }],
        searched: 151,
      });
    }
  });

  it('tell the notifications that mail would carry', async () => {
    const mail = { id: '1', at: new Date(0), topic: 'failures', subject: 's', text: 't' };
    const { get } = setUp({ notifications: () => [mail] });
    const notifications = [{ ...mail, at: '1970-01-01T00:00:00.000Z' }];
    expect(await get('/api/notifications')).toEqual({ notifications });
  });

  it('read the store once for many who ask, until a second has passed', async () => {
    const results = createMemoryResultStore();
    let reads = 0;
    const between: typeof results.between = (...range) => {
      reads += 1;
      return results.between(...range);
    };
    const { clock, get } = setUp({ results: { ...results, between } });
    await Promise.all(['summary', 'files', 'throughput', 'files'].map((view) => get(`/api/${view}`)));
    expect(reads).toBe(1);
    await clock.advance(1000);
    await get('/api/files');
    expect(reads).toBe(2);
  });

  it('answer 304 while nothing has changed', async () => {
    const { ask } = setUp();
    const etag = (await ask('/api/files')).headers.get('etag') ?? '';
    expect((await ask('/api/files', { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('answer 502 with a sentence when the store is down', async () => {
    const { ask } = setUp({ jobs: { depth: () => Promise.reject(new Error('SQS is down.')) } });
    const response = await ask('/api/summary');
    expect([response.status, await response.json()]).toEqual([
      502,
      { error: 'The page could not ask for that: SQS is down.' },
    ]);
  });
});

describe('the assets of createPage', () => {
  it('are all there, and nothing in the page is from elsewhere or inline', async () => {
    const { ask } = setUp();
    const html = await (await ask('/')).text();
    const linked = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, path]) => path ?? '');
    expect(linked).toContain('/page.js');
    for (const path of linked) expect([path, (await ask(path)).status]).toEqual([path, 200]);
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/);
  });

  it('make text of what comes from outside, never markup or code', () => {
    const folder = new URL('./assets/', import.meta.url);
    for (const name of readdirSync(folder)) {
      const script = name.endsWith('.js') ? readFileSync(new URL(name, folder), 'utf8') : '';
      expect(script, name).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(/,
      );
      expect(script, name).not.toMatch(/setHTML|createContextualFragment|DOMParser|srcdoc|javascript:/);
    }
  });

  it('are all used: none is served that the page does not load', async () => {
    const { ask } = setUp();
    const loaded = new Set<string>(['/']);
    for (const path of loaded) {
      const response = await ask(path);
      expect([path, response.status]).toEqual([path, 200]);
      const text = await response.text();
      const links = path === '/' ? text.matchAll(/(?:src|href)="(\/[^"]*\.\w+)"/g) : [];
      for (const [, name] of [...links, ...text.matchAll(/from '\.(\/[^']+)'/g)]) loaded.add(name ?? '');
    }
    const there = readdirSync(new URL('./assets', import.meta.url)).map((name) => `/${name}`);
    const own = [...loaded].filter((path) => path !== '/' && !path.startsWith('/uplot'));
    expect([...own, '/index.html'].sort()).toEqual(there.sort());

    const sizes = async (encoding: string): Promise<number> => {
      const answers = [...loaded].map((path) => ask(path, { headers: { 'accept-encoding': encoding } }));
      const bodies = (await Promise.all(answers)).map((answer) => answer.arrayBuffer());
      return (await Promise.all(bodies)).reduce((sum, { byteLength }) => sum + byteLength, 0);
    };
    const kilobytes = [await sizes('identity'), await sizes('gzip')].map((size) => Math.round(size / 1000));
    expect(kilobytes).toEqual([expect.toSatisfy(atMost(135)), expect.toSatisfy(atMost(56))]);
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const stated = /It weighs (\d+) kB, (\d+) kB compressed/.exec(readme)?.slice(1).map(Number);
    // Versions of zlib differ by a few bytes.
    expect(stated).toEqual(kilobytes.map((size) => expect.toSatisfy((said) => Math.abs(said - size) <= 1)));
  });
});

describe('the safety of createPage', () => {
  it('allows nothing but its own scripts, styles, images and questions', async () => {
    const { headers } = await setUp().ask('/');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it.each(['evil.example', 'evil.example:4000', 'localhost.evil.example', '127.0.0.1.evil.example', ''])(
    'refuses the name %j, which only a rebound DNS name has',
    async (host) => {
      const { ask } = setUp();
      for (const path of ['/', '/api/summary'])
        expect((await ask(path, { headers: { host } })).status).toBe(403);
    },
  );

  it.each(['localhost', 'LOCALHOST:4000', '127.0.0.1:4000', '[::1]:4000'])(
    'answers to the name %j',
    async (host) => {
      expect((await setUp().ask('/', { headers: { host } })).status).toBe(200);
    },
  );

  it('lets nobody write under any name, unless something says who may', async () => {
    const write = async (options: PageOptions) => {
      const { calls, sources } = writableSources();
      const { get, post } = setUp(sources, options);
      const { can } = (await get('/api/summary')) as SummaryView;
      const statuses = [];
      for (const [path, body] of WRITES) statuses.push((await post(path, { body })).status);
      return [[can.upload, can.redrive, can.purge, can.pause], new Set(statuses), calls.length];
    };
    const none = [false, false, false, false];
    const all = [true, true, true, true];
    expect(await write({ hosts: 'any' })).toEqual([none, new Set([404]), 0]);
    expect(await write({ hosts: 'any', authorize: async () => false })).toEqual([all, new Set([403]), 0]);
    const signedIn = await write({ hosts: 'any', authorize: async () => true });
    expect(signedIn).toEqual([all, new Set([200, 201]), WRITES.length]);
  });

  it('asks who may write by the request’s own headers', async () => {
    const authorize = async (headers: Headers) => headers.get('x-amzn-oidc-data') === 'token';
    const { post } = setUp({ redrive: async () => 0 }, { hosts: 'any', authorize });
    const redrive = (headers: Record<string, string>) =>
      post('/api/dead-letters/redrive', { body: '{}', headers });
    expect((await redrive({})).status).toBe(403);
    expect((await redrive({ 'x-amzn-oidc-data': 'token' })).status).toBe(200);
    // Whoever is signed in may be sent here by another site.
    const evil = { 'x-amzn-oidc-data': 'token', origin: 'https://evil.example' };
    expect((await redrive(evil)).status).toBe(403);
  });

  it('leaves names to what is in front of it where it is told so', async () => {
    const { ask } = setUp({}, { hosts: 'any' });
    expect((await ask('/', { headers: { host: 'words.example' } })).status).toBe(200);
  });

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:4001' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('refuses requests from other origins: %j', async (headers) => {
    const { calls, sources } = writableSources();
    const { ask, post } = setUp(sources);
    for (const path of ['/', ...READS])
      expect([path, (await ask(path, { headers })).status]).toEqual([path, 403]);
    for (const [path, body] of WRITES) {
      expect([path, (await post(path, { headers, body })).status]).toEqual([path, 403]);
    }
    expect(calls).toEqual([]);
  });
});

describe('the uploads of createPage', () => {
  function withUpload(options: PageOptions = {}) {
    const upload = recorder<[string, Uint8Array, { readonly replace: boolean }], void>(undefined);
    return { ...setUp({ upload: upload.call }, options), uploads: upload.calls };
  }

  it('are taken under any key up to 1,024 bytes, byte for byte', async () => {
    const { post, uploads } = withUpload();
    const keys = [
      'a.txt',
      'a.txt.gz',
      '../../etc/passwd.txt',
      '红楼梦 + %2F?#.txt',
      '\u202e\u0000.txt',
      `${'x'.repeat(1020)}.txt`,
    ];
    const headers = { origin: 'http://localhost:4000', 'sec-fetch-site': 'same-origin' };
    for (const key of keys) {
      const response = await post(`/api/uploads?${new URLSearchParams({ name: key })}`, {
        headers,
        body: 'héllo',
      });
      expect([response.status, await response.json()]).toEqual([201, { key }]);
    }
    expect(uploads.map(([name]) => name)).toEqual(keys);
    expect(new TextDecoder().decode(uploads[0]?.[1])).toBe('héllo');
  });

  it('never replace a file unasked: the store says that there is one, and the answer says how', async () => {
    const stored = new Map<string, Uint8Array>();
    const { post } = setUp({
      async upload(name, body, { replace }) {
        if (!replace && stored.has(name))
          throw Object.assign(new Error('412'), { code: 'changed', retryable: false });
        stored.set(name, body);
      },
    });
    const send = (query: string, body: string) => post(`/api/uploads?name=a.txt${query}`, { body });
    expect((await send('', 'old')).status).toBe(201);
    const refused = await send('', 'new');
    expect([refused.status, await refused.json()]).toEqual([
      409,
      { error: 'There is a file of this name.', code: 'exists' },
    ]);
    expect(new TextDecoder().decode(stored.get('a.txt'))).toBe('old');
    expect((await send('&replace=true', 'new')).status).toBe(201);
    expect(new TextDecoder().decode(stored.get('a.txt'))).toBe('new');
  });

  it.each([
    ['no name', '', 'Expected a name that ends in .txt'],
    ['another kind of file', 'a.docx', 'Expected a name that ends in .txt'],
    ['1,025 bytes of key', `${'é'.repeat(510)}x.txt`, 'at most 1024 bytes'],
  ])('are refused with a sentence: %s', async (_, name, sentence) => {
    const { post, uploads } = withUpload();
    const response = await post(`/api/uploads?${new URLSearchParams({ name })}`, { body: 'a' });
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: expect.stringContaining(sentence) },
    ]);
    expect(uploads).toEqual([]);
  });

  it('are refused when they are too large, whether they say so or not', async () => {
    const { post, uploads } = withUpload({ maxUploadBytes: 10 });
    const streamed = new Blob(['x'.repeat(11)]).stream();
    const said = await post('/api/uploads?name=a.txt', {
      body: 'x'.repeat(11),
      headers: { 'content-length': '11' },
    });
    const unsaid = await post('/api/uploads?name=a.txt', { body: streamed, duplex: 'half' } as RequestInit);
    expect([said.status, unsaid.status]).toEqual([413, 413]);
    expect(await said.json()).toEqual({
      error: 'Expected at most 10 bytes. Use the AWS CLI for larger files.',
    });
    expect(uploads).toEqual([]);
  });

  it('do not exist where they are not allowed', async () => {
    expect((await setUp().post('/api/uploads?name=a.txt', { body: 'a' })).status).toBe(404);
  });
});

describe('the redrive of createPage', () => {
  it('sends back all or some, and answers how many', async () => {
    const redrive = recorder<Parameters<Redrive>, number>(2);
    const { post } = setUp({ redrive: redrive.call });
    const all = await post('/api/dead-letters/redrive', { body: '{}' });
    await post('/api/dead-letters/redrive', { body: '{"ids":["m-1"]}' });
    await post('/api/dead-letters/redrive', { body: '{"reason":"not-text"}' });
    expect([all.status, await all.json()]).toEqual([200, { sent: 2 }]);
    const signal = expect.any(AbortSignal);
    expect(redrive.calls).toEqual([
      [{}, { signal }],
      [{ ids: ['m-1'] }, { signal }],
      [{ reason: 'not-text' }, { signal }],
    ]);
  });

  it('shows at once that they are gone', async () => {
    const clock = createManualClock();
    const deadLetters = createMemoryQueue({ clock });
    deadLetters.send('a');
    const { get, post } = setUp({
      clock,
      deadLetters: createMemoryDeadLetterQueue({ queue: deadLetters }),
      redrive: async () => {
        const [message] = await deadLetters.receive({
          maxMessages: 1,
          waitSeconds: 0,
          visibilitySeconds: 60,
        });
        deadLetters.delete(message?.receipt ?? '');
        return 1;
      },
    });
    expect(await get('/api/dead-letters')).toMatchObject({ deadLetters: [{}] });
    await post('/api/dead-letters/redrive', { body: '{}' });
    expect(await get('/api/dead-letters')).toEqual({ deadLetters: [] });
  });

  it.each(['', 'null', '[]', '{"ids":"m"}', '{"ids":[]}', '{"ids":[1]}', '{"id":["m-1"]}', '{"reason":""}'])(
    'refuses %j',
    async (body) => {
      const redrive = recorder<Parameters<Redrive>, number>(0);
      const { post } = setUp({ redrive: redrive.call });
      expect((await post('/api/dead-letters/redrive', { body })).status).toBe(400);
      expect(redrive.calls).toEqual([]);
    },
  );

  it('does not exist where it is not allowed', async () => {
    expect((await setUp().post('/api/dead-letters/redrive', { body: '{}' })).status).toBe(404);
  });
});

describe('the deletion of dead letters by createPage', () => {
  it.each(['', '{}', 'null', '[]', '{"ids":[]}', '{"reason":""}', '{"ids":["a"],"reasons":"b"}'])(
    'refuses %j: nobody deletes everything by leaving something out',
    async (body) => {
      const { calls, sources } = writableSources();
      const { post } = setUp(sources);
      expect((await post('/api/dead-letters/delete', { body })).status).toBe(400);
      expect(calls).toEqual([]);
    },
  );
});

describe('the pause of createPage', () => {
  const asAnn = { 'x-name': 'ann@example.com' };
  const options: PageOptions = { nameOf: (headers) => headers.get('x-name') ?? undefined };

  it('is told at once to whoever looks, with who asked for it, until somebody resumes', async () => {
    const { clock, get, post } = setUp({ intake: createMemoryIntakeSwitch() }, options);
    expect(await get('/api/summary')).toMatchObject({ paused: null, can: { pause: true } });
    const pause = await post('/api/intake', { body: '{"paused":true}', headers: asAnn });
    expect([pause.status, await pause.json()]).toEqual([200, { paused: true }]);
    const since = clock.now().toISOString();
    expect(await get('/api/summary')).toMatchObject({ paused: { since, by: 'ann@example.com' } });
    await post('/api/intake', { body: '{"paused":false}' });
    expect(await get('/api/summary')).toMatchObject({ paused: null });
  });

  it.each(['', '{}', '{"paused":"true"}', '[]', '{"paused":true,"by":"me"}'])('refuses %j', async (body) => {
    const { calls, sources } = writableSources();
    expect((await setUp(sources).post('/api/intake', { body })).status).toBe(400);
    expect(calls).toEqual([]);
  });
});
