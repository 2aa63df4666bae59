// Reads all of a UCharsTrie, the form of ICU's larger dictionaries. Numbers and layout: ICU's "ucharstrie.h".
const VALUE_IS_FINAL = 0x8000;
const MAX_LINEAR_BRANCH = 5;
const MIN_LINEAR_MATCH = 0x30;
const MIN_VALUE_LEAD = 0x40;
const MIN_TWO_UNIT_VALUE = 0x4000;
const THREE_UNIT_VALUE = 0x7fff;
const MIN_TWO_UNIT_NODE_VALUE = 0x4040;
const THREE_UNIT_NODE_VALUE = 0x7fc0;
const MIN_TWO_UNIT_DELTA = 0xfc00;
const THREE_UNIT_DELTA = 0xffff;

/** A word and the number that the trie keeps for it. */
export interface TrieEntry {
  readonly word: string;
  readonly value: number;
}

/** All entries of a trie. */
export function readTrie(units: Uint16Array): readonly TrieEntry[] {
  const entries: TrieEntry[] = [];
  let at = 0;
  const next = (): number => units[at++] as number;
  const wide = (): number => (next() << 16) | next();

  function value(lead: number): number {
    if (lead < MIN_TWO_UNIT_VALUE) return lead;
    return lead < THREE_UNIT_VALUE ? ((lead - MIN_TWO_UNIT_VALUE) << 16) | next() : wide();
  }

  function nodeValue(lead: number): number {
    if (lead < MIN_TWO_UNIT_NODE_VALUE) return (lead >> 6) - 1;
    if (lead >= THREE_UNIT_NODE_VALUE) return wide();
    return (((lead & THREE_UNIT_NODE_VALUE) - MIN_TWO_UNIT_NODE_VALUE) << 10) | next();
  }

  function delta(): number {
    const lead = next();
    if (lead < MIN_TWO_UNIT_DELTA) return lead;
    return lead === THREE_UNIT_DELTA ? wide() : ((lead - MIN_TWO_UNIT_DELTA) << 16) | next();
  }

  function readNode(from: number, prefix: string): void {
    at = from;
    let word = prefix;
    while (true) {
      let lead = next();
      if (lead >= VALUE_IS_FINAL) {
        entries.push({ word, value: value(lead & ~VALUE_IS_FINAL) });
        return;
      }
      if (lead >= MIN_VALUE_LEAD) {
        entries.push({ word, value: nodeValue(lead) });
        lead &= MIN_VALUE_LEAD - 1;
      }
      if (lead < MIN_LINEAR_MATCH) {
        const length = lead === 0 ? next() : lead;
        readBranch(at, length + 1, word);
        return;
      }
      for (let left = lead - MIN_LINEAR_MATCH + 1; left > 0; left -= 1) word += String.fromCharCode(next());
    }
  }

  function readBranch(from: number, size: number, word: string): void {
    at = from;
    let length = size;
    while (length > MAX_LINEAR_BRANCH) {
      next(); // The unit at which the halves part.
      const distance = delta();
      const rest = at;
      readBranch(rest + distance, length >> 1, word);
      at = rest;
      length -= length >> 1;
    }
    while (length > 1) {
      const longer = word + String.fromCharCode(next());
      const lead = next();
      const number = value(lead & ~VALUE_IS_FINAL);
      const rest = at;
      if (lead & VALUE_IS_FINAL) entries.push({ word: longer, value: number });
      else readNode(rest + number, longer);
      at = rest;
      length -= 1;
    }
    const last = word + String.fromCharCode(next());
    readNode(at, last);
  }

  readNode(0, '');
  return entries;
}
