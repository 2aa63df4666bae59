/**
 * Writes `src/dictionary/generated/*-words.ts` from the dictionaries that ICU keeps for Chinese and Japanese,
 * Thai, Lao, Khmer and Burmese, which every Node with full ICU carries in its executable. With `--check` it fails
 * if one of these files is not what it would write; this repository brings its own Node, so that both read the
 * same ICU.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BYTES_TRIE, readTrie, type TrieEntry, UNITS_TRIE } from './read-icu-trie.ts';

const FOLDER = join(import.meta.dirname, '../src/dictionary/generated');
const ICU_VERSION = process.versions.icu?.split('.')[0] ?? '';

/** A dictionary of ICU, and the code point that stands for 0 in a trie of bytes. */
interface IcuDictionary {
  readonly name: string;
  readonly source: string;
  readonly firstCodePoint?: number;
}

const DICTIONARIES: readonly IcuDictionary[] = [
  { name: 'cjk', source: 'cjdict' },
  { name: 'thai', source: 'thaidict', firstCodePoint: 0x0e00 },
  { name: 'lao', source: 'laodict', firstCodePoint: 0x0e80 },
  { name: 'khmer', source: 'khmerdict', firstCodePoint: 0x1780 },
  { name: 'burmese', source: 'burmesedict', firstCodePoint: 0x1000 },
];

/** The header of a dictionary: where its trie begins and ends, its kind, how bytes become code points. */
const Header = { Trie: 0, End: 4, Kind: 16, Transform: 20 } as const;
const KIND_OF_UNITS = 1;

/**
 * Finds a dictionary inside the executable: an item of ICU's data with the header "Dict" (ICU,
 * "dictionarydata.h").
 */
function findWords(executable: Buffer, { source, firstCodePoint }: IcuDictionary): readonly TrieEntry[] {
  for (let at = executable.indexOf('Dict\x01'); at >= 0; at = executable.indexOf('Dict\x01', at + 1)) {
    const start = at - 12;
    if (executable.readUInt16LE(start + 2) !== 0x27da) continue;
    const header = start + executable.readUInt16LE(start);
    const read = (field: number): number => executable.readInt32LE(header + field);
    const trie = Uint8Array.from(executable.subarray(header + read(Header.Trie), header + read(Header.End)));
    if ((read(Header.Kind) & 7) === KIND_OF_UNITS) {
      if (firstCodePoint === undefined) return readTrie(UNITS_TRIE, new Uint16Array(trie.buffer));
    } else if ((read(Header.Transform) & 0x1fffff) === firstCodePoint) return readTrie(BYTES_TRIE, trie);
  }
  throw new Error(
    `Expected ICU's ${source} in ${process.execPath}, found none. It takes a Node with full ICU.`,
  );
}

/** A prefix tree: a word ends where there is a cost. */
interface Node {
  cost?: number;
  readonly children: Map<number, Node>;
  /** Nodes that the same words follow have the same identity. */
  identity?: number;
}

function treeOf(words: readonly TrieEntry[]): Node {
  const root: Node = { children: new Map() };
  for (const { units, value } of words) {
    let node = root;
    for (const unit of units) {
      let next = node.children.get(unit);
      if (next === undefined) {
        next = { children: new Map() };
        node.children.set(unit, next);
      }
      node = next;
    }
    node.cost = value;
  }
  return root;
}

const childrenOf = (node: Node): readonly (readonly [number, Node])[] =>
  [...node.children].sort(([a], [b]) => a - b);

/** The form that `src/dictionary/word-tree.ts` reads and explains. */
function serialize(root: Node, hasCosts: boolean): Uint8Array {
  const bytes: number[] = [];
  const identities = new Map<string, number>();
  const firstPlaces = new Map<number, number>();

  function identityOf(node: Node): number {
    if (node.identity !== undefined) return node.identity;
    const content = childrenOf(node)
      .map(
        ([unit, child]) => `${unit},${child.cost ?? ''},${child.children.size > 0 ? identityOf(child) : ''}`,
      )
      .join(';');
    node.identity = identities.get(content) ?? identities.size;
    identities.set(content, node.identity);
    return node.identity;
  }

  function writeNumber(number: number): void {
    for (let rest = number; ; rest >>>= 7) {
      bytes.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
      if (rest <= 0x7f) break;
    }
  }

  function writeNode(node: Node): void {
    // Costs make nearly all nodes different.
    const known = hasCosts ? undefined : firstPlaces.get(identityOf(node));
    if (known !== undefined) {
      bytes.push(0);
      writeNumber(known);
      return;
    }
    if (!hasCosts) firstPlaces.set(identityOf(node), bytes.length);
    let previous = 0;
    for (const [unit, child] of childrenOf(node)) {
      const hasChildren = child.children.size > 0;
      writeNumber(((unit - previous) << 2) | (hasChildren ? 2 : 0) | (child.cost === undefined ? 0 : 1));
      previous = unit;
      if (hasCosts && child.cost !== undefined) bytes.push(child.cost);
      if (hasChildren) writeNode(child);
    }
    bytes.push(0);
  }

  writeNode(root);
  return Uint8Array.from(bytes);
}

function sourceOf({ name, source, firstCodePoint }: IcuDictionary, words: readonly TrieEntry[]): string {
  const hasCosts = firstCodePoint === undefined;
  const bytes = serialize(treeOf(words), hasCosts);
  const constant = `${name.toUpperCase()}_WORDS`;
  return [
    `// Generated by tools/generate-dictionaries.ts from ${source} of ICU ${ICU_VERSION}. Do not edit. Licences: ICU-LICENSE.txt.`,
    `/** ICU's version. */\nexport const ${constant}_VERSION: string = 'icu${ICU_VERSION}';\n`,
    `/** ${words.length} words${hasCosts ? ' and what each costs' : ''}, ${bytes.length} bytes, as base64. */`,
    `export const ${constant}: string =\n  '${Buffer.from(bytes).toString('base64')}';\n`,
  ].join('\n');
}

const executable = readFileSync(process.execPath);
for (const dictionary of DICTIONARIES) {
  const output = join(FOLDER, `${dictionary.name}-words.ts`);
  const generated = sourceOf(dictionary, findWords(executable, dictionary));
  if (!process.argv.includes('--check')) writeFileSync(output, generated);
  else if (readFileSync(output, 'utf8') !== generated) {
    console.error(`${output} is not what tools/generate-dictionaries.ts writes. Run: npm run generate`);
    process.exitCode = 1;
  }
}
