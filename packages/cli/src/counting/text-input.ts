import type { CommonValues } from '../command-line/command.ts';

/** A text to count: where it is from, and its bytes. */
export interface TextInput {
  /** A path, `-` for standard input, or `s3://bucket/key`. */
  readonly name: string;
  /** The `Content-Encoding` of an object, known once its first bytes have come. */
  readonly contentEncoding?: string | undefined;
  /** As stored, perhaps compressed; unknown for a pipe. */
  readonly sizeBytes?: number;
  /** A file of this machine, which several threads can read at once. */
  readonly path?: string;
  /** Opens the bytes as they are stored. A chunk is good until the next one. */
  open(): AsyncIterable<Uint8Array>;
}

/** Where texts may come from. */
export interface TextSources {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** For `s3://`. */
  readonly options: Pick<CommonValues, 'region' | 'endpointUrl' | 'profile'>;
}
