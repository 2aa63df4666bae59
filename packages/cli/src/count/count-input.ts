import { countWords, type WordCounterOptions, type WordCounts } from '@org/wordfreq-core';
import { decompress, isCompressed } from '@org/wordfreq-core/decompress';
import { CliError } from '../errors/cli-error.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';
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
    if (threads > 1 && input.path !== undefined && !(await beginsCompressed(input))) {
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
    return await countWords(decompress(observed(input, onBytes), input), { ...counting, ...engine });
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

async function beginsCompressed(input: TextInput): Promise<boolean> {
  for await (const chunk of input.open()) return isCompressed(chunk, input);
  return false;
}

/** Why a text cannot be read, by the code of the error. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EISDIR', 'it is a folder'],
]);

/** What the decoder says of bytes that it refuses. */
const REFUSED: ReadonlySet<string> = new Set(['corrupt-compression', 'unsupported-encoding']);

function explain(error: unknown, name: string): unknown {
  const { code = '', syscall, message } = error as NodeJS.ErrnoException;
  const refused = REFUSED.has(code);
  if (!refused && syscall === undefined) return error;
  const reason = refused
    ? message.charAt(0).toLowerCase() + message.slice(1)
    : (REASONS.get(code) ?? message);
  return new CliError(`${name} cannot be read: ${reason}`, {
    exitCode: EXIT_CODES.environment,
    code: refused ? code : 'unreadable',
    hint: 'Check the file, or leave it out.',
    cause: error,
  });
}
