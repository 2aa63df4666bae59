import { describe, expect, it } from 'vitest';
import { type CountUrlOptions, countUrl } from './index.ts';

const answer =
  (text: string | null, status = 200) =>
  async () =>
    new Response(text, { status });

describe(countUrl, () => {
  it('counts a body while it comes', async () => {
    const progress: number[] = [];
    const counts = await countUrl('/book.txt', {
      fetch: answer('one two two'),
      onProgress: ({ bytes }) => progress.push(bytes),
    });
    expect(counts.get('two')).toBe(2);
    expect(progress.at(-1)).toBe(11);
    expect((await countUrl('/none', { fetch: answer(null, 204) })).totalWords).toBe(0);
  });

  it.each([
    [{ fetch: 'GET' }, 'fetch'],
    [{ threads: 2 }, 'threads'],
  ])('refuses the options %o with a code and the field', async (options, field) => {
    const given = { fetch: answer('text'), ...options } as unknown as CountUrlOptions;
    await expect(countUrl('/book.txt', given)).rejects.toMatchObject({ code: 'invalid-option', field });
  });

  it('refuses an answer that is not a success', async () => {
    await expect(countUrl('/none', { fetch: answer('no', 404) })).rejects.toMatchObject({
      code: 'invalid-source',
      message: expect.stringContaining('404'),
    });
  });
});
