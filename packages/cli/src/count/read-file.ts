import { fs } from '../builtin-modules.ts';

const READ_BYTES = 1024 * 1024;

/** Up to here a file is read at once and in place: the threads that read in the background take longer to start. */
const SMALL_BYTES = 64 * 1024;

/** A file's bytes; how many to expect, if that is known. The chunk is used again for the next one. */
export async function* readFile(path: string, sizeBytes?: number): AsyncGenerator<Uint8Array> {
  if (sizeBytes !== undefined && sizeBytes <= SMALL_BYTES) {
    yield fs.readFileSync(path);
    return;
  }
  const file = await fs.promises.open(path);
  try {
    const buffer = new Uint8Array(READ_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
