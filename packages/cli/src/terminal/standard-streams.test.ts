import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { standardInput } from './standard-streams.ts';

async function textOf(input: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of input) text += Buffer.from(chunk).toString();
  return text;
}

describe(standardInput, () => {
  it('gives what is there, to its end', async () => {
    const stream = Readable.from([Buffer.from('some '), Buffer.from('words')]);
    expect(await textOf(standardInput(new AbortController().signal, () => stream))).toBe('some words');
  });

  it('does not wait for the end when the person wants to stop', async () => {
    const stop = new AbortController();
    const read = textOf(standardInput(stop.signal, () => new PassThrough()));
    setImmediate(() => stop.abort());
    await expect(read).rejects.toThrow('aborted');
  });

  it('is no whole text if the signal is noticed just after the end, which the same Ctrl-C brought', async () => {
    const stop = new AbortController();
    const stream = Readable.from([Buffer.from('some words')]);
    stream.on('end', () => setImmediate(() => stop.abort()));
    await expect(textOf(standardInput(stop.signal, () => stream))).rejects.toThrow('aborted');
  });
});
