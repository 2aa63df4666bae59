import { createHash, createHmac, createSecretKey } from 'node:crypto';

type Bytes = string | ArrayBuffer | ArrayBufferView;

/**
 * SHA-256, or HMAC-SHA-256 with a secret, for the signatures of requests. It differs from the SDK's own only in
 * how it passes the secret: Node 24 takes ten times as long for bytes as for a key object, which is twenty
 * microseconds of every request.
 */
class FastSha256 {
  readonly #create: () => ReturnType<typeof createHash>;
  #hash: ReturnType<typeof createHash>;

  constructor(secret?: Bytes) {
    if (secret === undefined) this.#create = () => createHash('sha256');
    else {
      const key = createSecretKey(bytesOf(secret));
      // An Hmac has all methods of a Hash that are used here.
      this.#create = () => createHmac('sha256', key) as unknown as ReturnType<typeof createHash>;
    }
    this.#hash = this.#create();
  }

  update(data: Bytes): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#create();
  }
}

function bytesOf(data: Bytes): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** Options for clients of any service that make many requests. */
export const FAST_SIGNATURES: { readonly sha256: typeof FastSha256 } = { sha256: FastSha256 };
