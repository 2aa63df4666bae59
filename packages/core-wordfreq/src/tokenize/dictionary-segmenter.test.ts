import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { platformSegmenter } from './dictionary-segmenter.ts';

describe(platformSegmenter, () => {
  // In a process of its own, because it is about what ICU has met before.
  it('cuts the first run of a process as it does later ones', () => {
    const program = `
      import { platformSegmenter } from ${JSON.stringify(new URL('dictionary-segmenter.ts', import.meta.url).href)};
      const words = [];
      const segment = platformSegmenter();
      for (const run of ['ーを', '中', 'ーを']) segment(run, (word) => words.push(word));
      console.log(JSON.stringify(words));
    `;
    const args = ['--conditions=@org/source', '--input-type=module-typescript', '--eval', program];
    expect(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))).toEqual([
      ...['ー', 'を'],
      '中',
      ...['ー', 'を'],
    ]);
  });
});
