// Reads all of an ICU trie, the form of its dictionaries: of 16-bit units (UCharsTrie) or of bytes (BytesTrie).
// Numbers and layouts: ICU's "ucharstrie.h" and "bytestrie.h".
const MAX_LINEAR_BRANCH = 5;

/** A word, as the units of the trie, and the number that the trie keeps for it. */
export interface TrieEntry {
  readonly units: readonly number[];
  readonly value: number;
}

type Next = () => number;

/** What differs between the two kinds of tries. */
interface TrieKind {
  /** Leads below this are branches; from this on, so many units follow each other. */
  readonly minLinearMatch: number;
  /** From this on, a lead has a value. */
  readonly minValueLead: number;
  isFinal(lead: number): boolean;
  /** A final value, or how far a branch jumps. */
  value(lead: number, next: Next): number;
  /** A value with a node after it, and the lead of that node. */
  valueBeforeNode(lead: number, next: Next): readonly [value: number, lead: number];
  /** How far the two halves of a branch are apart. */
  distance(next: Next): number;
}

export const UNITS_TRIE: TrieKind = {
  minLinearMatch: 0x30,
  minValueLead: 0x40,
  isFinal: (lead) => lead >= 0x8000,
  value(lead, next) {
    const low = lead & 0x7fff;
    if (low < 0x4000) return low;
    return low < 0x7fff ? ((low - 0x4000) << 16) | next() : (next() << 16) | next();
  },
  valueBeforeNode(lead, next) {
    const node = lead & 0x3f;
    if (lead < 0x4040) return [(lead >> 6) - 1, node];
    if (lead >= 0x7fc0) return [(next() << 16) | next(), node];
    return [(((lead & 0x7fc0) - 0x4040) << 10) | next(), node];
  },
  distance(next) {
    const lead = next();
    if (lead < 0xfc00) return lead;
    return lead === 0xffff ? (next() << 16) | next() : ((lead - 0xfc00) << 16) | next();
  },
};

/** A number that starts in its lead and continues in so many more bytes, the highest first. */
function bytesFrom(start: number, more: number, next: Next): number {
  let number = start;
  for (let left = more; left > 0; left -= 1) number = (number << 8) | next();
  return number;
}

export const BYTES_TRIE: TrieKind = {
  minLinearMatch: 0x10,
  minValueLead: 0x20,
  isFinal: (lead) => (lead & 1) === 1,
  value(lead, next) {
    const high = lead >> 1;
    if (high < 0x51) return high - 0x10;
    if (high < 0x6c) return bytesFrom(high - 0x51, 1, next);
    if (high < 0x7e) return bytesFrom(high - 0x6c, 2, next);
    return bytesFrom(0, high === 0x7e ? 3 : 4, next);
  },
  valueBeforeNode(lead, next) {
    const value = this.value(lead, next);
    return [value, next()];
  },
  distance(next) {
    const lead = next();
    if (lead < 0xc0) return lead;
    if (lead < 0xf0) return bytesFrom(lead - 0xc0, 1, next);
    if (lead < 0xfe) return bytesFrom(lead - 0xf0, 2, next);
    return bytesFrom(0, lead === 0xfe ? 3 : 4, next);
  },
};

/** All entries of a trie. */
export function readTrie(kind: TrieKind, units: Uint8Array | Uint16Array): readonly TrieEntry[] {
  const entries: TrieEntry[] = [];
  let at = 0;
  const next = (): number => units[at++] as number;

  function readNode(from: number, prefix: readonly number[]): void {
    at = from;
    let word = prefix;
    while (true) {
      let lead = next();
      if (lead >= kind.minValueLead) {
        if (kind.isFinal(lead)) {
          entries.push({ units: word, value: kind.value(lead, next) });
          return;
        }
        const [value, node] = kind.valueBeforeNode(lead, next);
        entries.push({ units: word, value });
        lead = node;
      }
      if (lead < kind.minLinearMatch) {
        const length = lead === 0 ? next() : lead;
        readBranch(at, length + 1, word);
        return;
      }
      const end = at + lead - kind.minLinearMatch + 1;
      word = [...word, ...units.subarray(at, end)];
      at = end;
    }
  }

  function readBranch(from: number, size: number, word: readonly number[]): void {
    at = from;
    let length = size;
    while (length > MAX_LINEAR_BRANCH) {
      next(); // The unit at which the halves part.
      const distance = kind.distance(next);
      const rest = at;
      readBranch(rest + distance, length >> 1, word);
      at = rest;
      length -= length >> 1;
    }
    while (length > 1) {
      const longer = [...word, next()];
      const lead = next();
      const value = kind.value(lead, next);
      const rest = at;
      if (kind.isFinal(lead)) entries.push({ units: longer, value });
      else readNode(rest + value, longer);
      at = rest;
      length -= 1;
    }
    const last = [...word, next()];
    readNode(at, last);
  }

  readNode(0, []);
  return entries;
}
