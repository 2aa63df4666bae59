import { describe, expect, it } from 'vitest';
import { encodeAs } from '../../../core-wordfreq/test/encode-as.ts';
import { useEmbeddedCloud } from '../../test/support/embedded-cloud.ts';
import { objectInputs } from './object-inputs.ts';

const embedded = useEmbeddedCloud();

/** Too short for a guess. */
const RUSSIAN = encodeAs('koi8-r', 'Война и мир');

async function counted(name: string, ...options: string[]): Promise<Record<string, unknown>> {
  const run = await embedded().run(['count', '--json', ...options, name]);
  expect([run.exitCode, run.notes]).toEqual([0, []]);
  return run.json();
}

describe(objectInputs, () => {
  it.each([
    ['an object', (bucket: string) => `s3://${bucket}/ru.txt`],
    ['the objects below a prefix', (bucket: string) => `s3://${bucket}/`],
  ])(
    'reads %s in the charset of the content type, unless another encoding is asked for',
    async (_, nameIn) => {
      const { cloud, resources } = embedded();
      const bucket = resources.processingBucket;
      const contentType = 'text/plain; charset="KOI8-R"';
      await cloud.objects.put({ bucket, key: 'ru.txt' }, RUSSIAN, { contentType });
      expect(await counted(nameIn(bucket))).toMatchObject({
        totalWords: 3,
        top: [{ word: 'война' }, { word: 'и' }, { word: 'мир' }],
        encoding: { name: 'koi8-r', foundBy: 'declared' },
      });
      expect(await counted(nameIn(bucket), '--encoding', 'windows-1251')).toMatchObject({
        encoding: { name: 'windows-1251', foundBy: 'declared' },
      });
    },
  );
});
