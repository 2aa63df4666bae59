import { countWords, type WordCounterOptions, type WordCounts } from '@org/wordfreq-core';
import { decompress, looksCompressed, unreadable } from './decompress.ts';
import type { TextInput } from './text-input.ts';

/** How a text is counted. */
export interface CountInputOptions extends WordCounterOptions {
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Told how many bytes more were read, as they are stored. */
  readonly onBytes: (bytes: number) => void;
}

/** Up to here a WebAssembly engine takes longer to make than JavaScript to count. */
const SMALL_BYTES = 64 * 1024;

/**
 * Counts one text.
 *
 * @throws CliError, exit code 3: it cannot be read; WordfreqError `invalid-option`, `too-many-distinct-words`; the signal's reason
 */
export async function countInput(input: TextInput, options: CountInputOptions): Promise<WordCounts> {
  const { threads, onBytes, ...counting } = options;
  const engine = (input.sizeBytes ?? SMALL_BYTES) < SMALL_BYTES ? { engine: 'javascript' as const } : {};
  try {
    if (threads > 1 && input.path !== undefined && !(await isCompressed(input))) {
      // Loads what threads need, which no other count should wait for.
      const { countFile } = await import('@org/wordfreq-core/node');
      let told = 0;
      return await countFile(input.path, {
        ...counting,
        threads,
        onProgress({ bytes }) {
          onBytes(bytes - told);
          told = bytes;
        },
      });
    }
    return await countWords(decompress(observed(input, onBytes), input.name), { ...counting, ...engine });
  } catch (error) {
    options.signal.throwIfAborted();
    throw explain(error, input.name);
  }
}

async function* observed(input: TextInput, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of input.open()) {
    onBytes(chunk.length);
    yield chunk;
  }
}

async function isCompressed(input: TextInput): Promise<boolean> {
  for await (const chunk of input.open()) return looksCompressed(chunk, input.name);
  return false;
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EISDIR', 'it is a folder'],
  ['Z_DATA_ERROR', 'the compressed data are damaged'],
  ['Z_BUF_ERROR', 'the compressed file ends too early'],
  ['ZSTD_error_prefix_unknown', 'the compressed data are damaged'],
  ['ZSTD_error_corruption_detected', 'the compressed data are damaged'],
]);

function explain(error: unknown, name: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  const reason = REASONS.get(code ?? '');
  if (reason === undefined && syscall === undefined && code?.startsWith('ZSTD') !== true) return error;
  return unreadable(name, reason ?? (error as Error).message, error);
}
