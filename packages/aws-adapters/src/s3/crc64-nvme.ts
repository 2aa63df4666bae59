import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { CRC64_NVME_BINARY } from './generated/crc64-nvme-binary.ts';

// Declared here, because TypeScript's own declaration is part of the browser's.
declare const WebAssembly: {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

/** What the compiled module exports; a checksum is passed as 64 bits, which JavaScript reads as signed. */
interface Engine {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly INPUT: { readonly value: number };
  prepare(): void;
  update(crc: bigint, length: number): bigint;
}

/** The part of the engine's memory that holds input. */
const INPUT_BYTES = 65_536;
/** All bits set: the initial value, and what the result is XORed with at the end. */
const ALL_ONES = 2n ** 64n - 1n;

interface Running {
  readonly engine: Engine;
  readonly input: Uint8Array;
}

let running: Running | undefined;

/** One engine for all checksums, because it keeps no state between calls. */
function engine(): Running {
  if (running !== undefined) return running;
  const module = new WebAssembly.Module(Buffer.from(CRC64_NVME_BINARY, 'base64'));
  const exported = new WebAssembly.Instance(module).exports as Engine;
  exported.prepare();
  const input = new Uint8Array(exported.memory.buffer, exported.INPUT.value, INPUT_BYTES);
  running = { engine: exported, input };
  return running;
}

/**
 * CRC-64/NVME in WebAssembly, with the interface of the AWS SDK's checksums. S3 keeps this checksum of objects that
 * were uploaded without another one, and returns it when they are read; the SDK's own, in JavaScript, takes
 * more than ten times as long, on the main thread.
 */
export class Crc64Nvme {
  #sum: bigint = ALL_ONES;

  /** Takes the next bytes. */
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    const bytes = bytesOf(data);
    const {
      engine: { update },
      input,
    } = engine();
    for (let start = 0; start < bytes.length; start += INPUT_BYTES) {
      const piece = bytes.subarray(start, start + INPUT_BYTES);
      input.set(piece);
      this.#sum = update(this.#sum, piece.length);
    }
  }

  /** The checksum of all bytes so far: eight bytes, the most significant first. */
  async digest(): Promise<Uint8Array> {
    const digest = new Uint8Array(8);
    new DataView(digest.buffer).setBigUint64(0, BigInt.asUintN(64, this.#sum) ^ ALL_ONES);
    return digest;
  }

  /** Forgets all bytes. */
  reset(): void {
    this.#sum = ALL_ONES;
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Options for an S3 client that reads objects: a faster implementation of the checksum that S3 keeps by default.
 *
 * @example
 * const client = new S3Client({ ...FAST_CHECKSUMS });
 */
export const FAST_CHECKSUMS: Pick<S3ClientConfig, 'checksumAlgorithms'> = {
  checksumAlgorithms: { CRC64NVME: Crc64Nvme },
};
