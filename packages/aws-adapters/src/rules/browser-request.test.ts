import { describe, expect, it } from 'vitest';
import { type BrowserRequest, isFromAnotherOrigin, isLoopback, namesThisMachine } from './browser-request.ts';

function request(headers: Readonly<Record<string, string>>, method = 'GET'): BrowserRequest {
  return { method, header: (name) => headers[name] };
}

describe(namesThisMachine, () => {
  it.each(['localhost', 'LOCALHOST:4566', '127.0.0.1:80', '[::1]:8000', 'my-bucket.localhost:4566'])(
    'accepts %s',
    (host) => expect(namesThisMachine(request({ host }))).toBe(true),
  );

  it.each([
    'evil.example',
    'evil.example:4566',
    'localhost.evil.example',
    'notlocalhost',
    '127.0.0.1.evil.example',
    '127.0.0.1@evil.example',
    '169.254.169.254',
    '',
  ])('refuses %j', (host) => expect(namesThisMachine(request({ host }))).toBe(false));

  it('refuses a request that names nobody', () => expect(namesThisMachine(request({}))).toBe(false));
});

describe(isLoopback, () => {
  it('takes addresses without brackets', () => expect(isLoopback('::1')).toBe(true));
});

describe(isFromAnotherOrigin, () => {
  const host = 'localhost:4000';

  it.each([
    ['of a program', {}],
    ['of the page itself', { origin: 'http://localhost:4000', 'sec-fetch-site': 'same-origin' }],
    ['that a person typed', { 'sec-fetch-site': 'none' }],
  ])('lets through what is %s', (_, headers) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect(isFromAnotherOrigin(request({ host, ...headers }, method))).toBe(false);
    }
  });

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:4001' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ])('refuses %j', (headers) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      expect(isFromAnotherOrigin(request({ host, ...headers }, method))).toBe(true);
    }
  });

  it('lets a link be followed, and no form be posted', () => {
    const headers = {
      host,
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect(isFromAnotherOrigin(request(headers))).toBe(false);
    expect(isFromAnotherOrigin(request(headers, 'POST'))).toBe(true);
  });
});
