import { fstatSync, read } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';

const READ_BYTES = 1024 * 1024;
const readFromDescriptor = promisify(read);

/** A file's bytes. The chunk is used again for the next one. */
export async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
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

/** Standard input, when it is a file (`< book.txt`): its size, and large chunks from where it stands. */
export function standardInputFile():
  | { readonly sizeBytes: number; open(): AsyncIterable<Uint8Array> }
  | undefined {
  const found = fstatSync(0);
  return found.isFile() ? { sizeBytes: found.size, open: readStandardInput } : undefined;
}

async function* readStandardInput(): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(READ_BYTES);
  for (;;) {
    const { bytesRead } = await readFromDescriptor(0, buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
