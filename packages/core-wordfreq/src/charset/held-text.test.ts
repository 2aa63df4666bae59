import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldText, isSpace, MAX_HELD_BYTES } from './held-text.ts';

/** Takes what is passed on, and requires that nothing is missing, doubled or misplaced. */
function recorder(start = 0): { bytes: number[]; sink: (chunk: Uint8Array, base: number) => void } {
  const bytes: number[] = [];
  return {
    bytes,
    sink: (chunk, base) => {
      expect(base).toBe(start + bytes.length);
      for (const byte of chunk) bytes.push(byte);
    },
  };
}

describe(HeldText, () => {
  const chunks = fc.array(
    fc
      .array(fc.constantFrom(0x61, 0xc3, 0x20, 0x0a, 0x2e), { maxLength: 12 })
      .map((bytes) => Uint8Array.from(bytes)),
    { maxLength: 12 },
  );

  it('passes all bytes on, in order, and between chunks only up to white space', () => {
    fc.assert(
      fc.property(chunks, (drawn) => {
        const { bytes, sink } = recorder();
        const text = new HeldText(sink);
        let base = 0;
        for (const chunk of drawn) {
          text.push(chunk, base);
          base += chunk.length;
          expect(text.passedEnd).toBe(bytes.length);
          expect(text.held?.length).toBe(base - bytes.length);
          if (bytes.length > 0) expect(isSpace(bytes.at(-1) as number)).toBe(true);
          expect([...(text.held ?? [])].some(isSpace)).toBe(false);
        }
        text.finish();
        expect(bytes).toEqual(drawn.flatMap((chunk) => [...chunk]));
      }),
      { numRuns: 500 },
    );
  });

  it('goes on with what another one held', () => {
    const { bytes, sink } = recorder(7);
    const text = new HeldText(sink, 10, Uint8Array.of(0x61, 0x62, 0x63));
    expect(text.passedEnd).toBe(7);
    text.push(Uint8Array.of(0x64, 0x20, 0x65), 10);
    text.finish();
    expect(bytes).toEqual([0x61, 0x62, 0x63, 0x64, 0x20, 0x65]);
  });

  it('lets a long stretch pass, and can be cut again behind its end', () => {
    const passed: (readonly [number, number])[] = [];
    const text = new HeldText((chunk, base) => passed.push([base, chunk.length]));
    const part = new Uint8Array(MAX_HELD_BYTES / 2).fill(0x61);
    text.push(part, 0);
    text.push(part, part.length);
    expect([passed, text.held?.length]).toEqual([[], MAX_HELD_BYTES]);
    text.push(Uint8Array.of(0x61), MAX_HELD_BYTES);
    expect(text.held).toBeUndefined();
    expect(passed).toEqual([
      [0, MAX_HELD_BYTES],
      [MAX_HELD_BYTES, 1],
    ]);
    text.push(Uint8Array.of(0x61, 0x20, 0x62), MAX_HELD_BYTES + 1);
    expect(text.held).toEqual(Uint8Array.of(0x62));
    expect(text.passedEnd).toBe(MAX_HELD_BYTES + 3);
  });

  it('keeps no memory of the chunks', () => {
    const text = new HeldText(() => undefined);
    const chunk = Uint8Array.of(0x61, 0x62);
    text.push(chunk, 0);
    chunk.fill(0);
    expect(text.held).toEqual(Uint8Array.of(0x61, 0x62));
  });
});
