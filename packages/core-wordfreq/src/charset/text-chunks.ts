const PIECE_CHARACTERS = 64 * 1024;
const encoder = new TextEncoder();

/** Encodes text that comes in pieces, even if a surrogate pair is split between two of them. */
export class TextChunks {
  #waiting = '';

  /** Returns the bytes of the text that follows, in chunks of moderate size. */
  *encode(text: string): Iterable<Uint8Array> {
    for (let at = 0; at < text.length; at += PIECE_CHARACTERS) {
      const piece = this.#waiting + text.slice(at, at + PIECE_CHARACTERS);
      const isCut = isHighSurrogate(piece.charCodeAt(piece.length - 1));
      this.#waiting = isCut ? piece.slice(-1) : '';
      yield encoder.encode(isCut ? piece.slice(0, -1) : piece);
    }
  }

  /** Returns the bytes of the rest: a lone surrogate is encoded as U+FFFD. */
  *finish(): Iterable<Uint8Array> {
    if (this.#waiting !== '') yield encoder.encode(this.#waiting);
    this.#waiting = '';
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
