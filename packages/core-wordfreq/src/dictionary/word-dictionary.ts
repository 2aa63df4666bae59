/**
 * The words of a language that is written without spaces, with their costs. Pass one as the option
 * `dictionary`; see `@org/wordfreq-core/cjk`.
 */
export interface WordDictionary {
  /**
   * Identifies the words and their version. It is part of `fingerprintOptions`, because counts with different
   * versions are not comparable.
   */
  readonly version: string;
  /** Returns the words as a table. It is made at the first call, which takes some 60 ms, and kept. */
  table(): DictionaryTable;
}

/**
 * A prefix tree as a double array: a step from a node by a character (a UTF-16 unit) is one lookup, even if
 * there is no such step. Steps from the root come first, one 32-bit word for each character. The step from
 * any other node is in the slot whose number is the sum of the node and the character, if that slot says that
 * it is from this node. A slot is two 32-bit words, 64 bits that WebAssembly reads at once:
 *
 *     47          28 27       8 7    0
 *     node it is from   node it leads to   how much less than MOST_COST the word costs that ends here, or 0 if none does
 *
 * Steps from the root, which is node 0, have the lower 28 bits only. If the node that it leads to is 0, no
 * longer word follows. A free slot is zero.
 */
export type DictionaryTable = Uint32Array<ArrayBuffer>;

/** The cost of an unknown character. Words cost less. */
export const MOST_COST = 255;
const STEP_MASK = 0xfffffff;
const CHARACTERS: number = 2 ** 16;
const NODE_BITS = 20;
const SLOTS: number = 2 ** NODE_BITS + CHARACTERS;
/** The size of a table. */
export const TABLE_BYTES: number = 4 * (CHARACTERS + 2 * SLOTS);

/** Returns a step as the lower 28 bits of its slot; 0 if there is no such step. */
export function step(table: DictionaryTable, node: number, character: number): number {
  if (node === 0) return table[character] as number;
  const at = CHARACTERS + 2 * (node + character);
  const low = table[at] as number;
  return table[at + 1] === node >>> 4 && low >>> 28 === (node & 15) ? low & STEP_MASK : 0;
}

/**
 * Reads words in the form that `tools/generate-cjk-dictionary.ts` writes: each node's children in the order
 * of their characters, as a variable-length number (seven bits a byte, the lowest first) `gap to the previous
 * character << 2 | has children << 1 | is a word`, then the word's cost, then the children; 0 ends the
 * children of a node.
 */
export function readDictionary(bytes: Uint8Array): DictionaryTable {
  return tableOf(readTree(bytes));
}

/** Steps in the order in which they are read. Nodes are numbered in that order, too; the root is 0. */
interface Tree {
  readonly steps: number;
  readonly nodes: number;
  readonly characters: Uint16Array;
  /** How much less than MOST_COST the word costs that ends with a step; 0 if no word does. */
  readonly savings: Uint8Array;
  /** Step → the node it leads to, or 0. */
  readonly children: Uint32Array;
  /**
   * Node → the number of its steps, and its last step + 1; step → the previous step of the same node + 1, or
   * 0.
   */
  readonly sizes: Uint16Array;
  readonly lastSteps: Uint32Array;
  readonly stepsBefore: Uint32Array;
}

function readTree(bytes: Uint8Array): Tree {
  const most = bytes.length;
  const characters = new Uint16Array(most);
  const savings = new Uint8Array(most);
  const children = new Uint32Array(most);
  const sizes = new Uint16Array(most);
  const lastSteps = new Uint32Array(most);
  const stepsBefore = new Uint32Array(most);
  let at = 0;
  let nodes = 1;
  let steps = 0;

  function readChildren(node: number): void {
    let character = 0;
    while (true) {
      let byte = bytes[at++] as number;
      if (byte === 0) return;
      let coded = byte & 0x7f;
      for (let shift = 7; byte > 0x7f; shift += 7) {
        byte = bytes[at++] as number;
        coded |= (byte & 0x7f) << shift;
      }
      character += coded >>> 2;
      const own = steps++;
      characters[own] = character;
      if (coded & 1) savings[own] = MOST_COST - (bytes[at++] as number);
      stepsBefore[own] = lastSteps[node] as number;
      lastSteps[node] = own + 1;
      sizes[node] = (sizes[node] as number) + 1;
      if (!(coded & 2)) continue;
      const child = nodes++;
      children[own] = child;
      readChildren(child);
    }
  }

  readChildren(0);
  return { steps, nodes, characters, savings, children, sizes, lastSteps, stepsBefore };
}

/**
 * Finds a number in the table for each node. Nodes with many steps come first, while free places are easy to
 * find. Each try tests 32 places, at a pseudo-random address.
 */
function placeNodes({ nodes, characters, sizes, lastSteps, stepsBefore }: Tree): Uint32Array {
  const places = new Uint32Array(nodes);
  /** A bit for each number and for each slot that is taken. */
  const takenNodes = new Uint32Array(2 ** (NODE_BITS - 5));
  const takenSlots = new Uint32Array(SLOTS / 32 + 1);

  /** Returns a bit for each of the 32 numbers from `first` on that the node may have. */
  function freePlaces(node: number, first: number): number {
    let taken = takenNodes[first >>> 5] as number;
    for (let own = lastSteps[node] as number; own > 0; own = stepsBefore[own - 1] as number) {
      const at = first + (characters[own - 1] as number);
      const word = at >>> 5;
      const shift = at & 31;
      taken |=
        ((takenSlots[word] as number) >>> shift) | (((takenSlots[word + 1] as number) << 1) << (31 - shift));
      if (taken === -1) break;
    }
    return ~taken;
  }

  // The number of the root.
  take(takenNodes, 0);
  let random = 1;
  for (const node of bySize(nodes, sizes)) {
    let first = 0;
    let free = 0;
    while (free === 0) {
      random = Math.imul(random, 1664525) + 1013904223;
      first = (random >>> (32 - NODE_BITS)) & ~31;
      free = freePlaces(node, first);
    }
    const place = first + 31 - Math.clz32(free & -free);
    places[node] = place;
    take(takenNodes, place);
    for (let own = lastSteps[node] as number; own > 0; own = stepsBefore[own - 1] as number) {
      take(takenSlots, place + (characters[own - 1] as number));
    }
  }
  return places;
}

function take(taken: Uint32Array, at: number): void {
  taken[at >>> 5] = (taken[at >>> 5] as number) | (1 << (at & 31));
}

/** Returns all nodes except the root, those with the most steps first. */
function bySize(nodes: number, sizes: Uint16Array): Uint32Array {
  // Sorting numbers is many times faster than sorting with a comparison function, so each number has the size
  // above the node.
  const order = new Uint32Array(nodes - 1);
  for (let node = 1; node < nodes; node += 1)
    order[node - 1] = (MOST_STEPS - (sizes[node] as number)) * 2 ** 20 + node;
  return order.sort().map((each) => each & (2 ** 20 - 1));
}

const MOST_STEPS = 4095;

function tableOf(tree: Tree): DictionaryTable {
  const table: DictionaryTable = new Uint32Array(TABLE_BYTES / 4);
  const places = placeNodes(tree);
  const { characters, savings, children, lastSteps, stepsBefore } = tree;
  for (let node = 0; node < tree.nodes; node += 1) {
    const from = places[node] as number;
    for (let own = lastSteps[node] as number; own > 0; own = stepsBefore[own - 1] as number) {
      const character = characters[own - 1] as number;
      const step = ((places[children[own - 1] as number] as number) << 8) | (savings[own - 1] as number);
      if (node === 0) {
        table[character] = step;
        continue;
      }
      const at = CHARACTERS + 2 * (from + character);
      table[at] = ((from << 28) | step) >>> 0;
      table[at + 1] = from >>> 4;
    }
  }
  return table;
}
