/**
 * Words as a prefix tree. A step leads from a node by a character, and to another node if longer words follow.
 * Steps and nodes are numbered in the order in which they are read; the root is 0.
 */
interface WordTree {
  readonly characters: number[];
  /** Step → how much less than MOST_COST the word costs that ends with it (without costs: 1); 0 if none does. */
  readonly savings: number[];
  /** Step → the node it leads to, or 0. */
  readonly children: number[];
  /** Node → the number of its steps, and its last step + 1; step → the previous step of the same node + 1, or 0. */
  readonly sizes: number[];
  readonly lastSteps: number[];
  readonly stepsBefore: number[];
}

/** A word to add to a tree: its characters as the tree numbers them, and its saving. */
export interface AddedWord {
  readonly characters: readonly number[];
  readonly saving: number;
}

/** The cost of an unknown character. Words cost less. */
export const MOST_COST = 255;

/**
 * Reads words in the form that `tools/generate-dictionaries.ts` writes: each node's children in the order of their
 * characters, as a variable-length number (seven bits a byte, the lowest first) `gap to the previous character << 2
 * | has children << 1 | is a word`, then the word's cost if words have costs, then the children; 0 ends the children
 * of a node. Nodes with the same children are written once: elsewhere is a 0, and the place of the first as such a
 * number. They are one node in the tree, too, unless words are added, which may follow one of them only.
 */
export function readTree(
  bytes: Uint8Array,
  hasCosts: boolean,
  addedWords: readonly AddedWord[] = [],
): WordTree {
  const tree: WordTree = {
    characters: [],
    savings: [],
    children: [],
    sizes: [0],
    lastSteps: [0],
    stepsBefore: [],
  };
  /** Place → the node that was read there. */
  const known = new Uint32Array(hasCosts ? 0 : bytes.length);
  let at = 0;

  function readNumber(): number {
    let number = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] as number;
      number |= (byte & 0x7f) << shift;
      if (byte <= 0x7f) return number;
    }
  }

  function readChildren(node: number): void {
    for (let character = 0; bytes[at] !== 0; ) {
      const coded = readNumber();
      character += coded >>> 2;
      const isWord = (coded & 1) === 1;
      const saving = isWord ? (hasCosts ? MOST_COST - (bytes[at++] as number) : 1) : 0;
      const step = addStep(tree, node, character, saving);
      if (coded & 2) tree.children[step] = readNode();
    }
    at += 1;
  }

  function readNode(): number {
    if (bytes[at] !== 0) {
      const node = addNode(tree);
      if (!hasCosts) known[at] = node;
      readChildren(node);
      return node;
    }
    at += 1;
    const place = readNumber();
    if (addedWords.length === 0) return known[place] as number;
    const next = at;
    at = place;
    const node = readNode();
    at = next;
    return node;
  }

  readChildren(0);
  addWords(tree, addedWords);
  return tree;
}

function addNode({ sizes, lastSteps }: WordTree): number {
  lastSteps.push(0);
  return sizes.push(0) - 1;
}

function addStep(tree: WordTree, node: number, character: number, saving: number): number {
  const step = tree.characters.push(character) - 1;
  tree.savings.push(saving);
  tree.children.push(0);
  tree.stepsBefore.push(tree.lastSteps[node] as number);
  tree.lastSteps[node] = step + 1;
  tree.sizes[node] = (tree.sizes[node] as number) + 1;
  return step;
}

/** Visits the steps of a node. */
export function eachStep(
  { lastSteps, stepsBefore }: WordTree,
  node: number,
  visit: (step: number) => void,
): void {
  for (let next = lastSteps[node] as number; next > 0; next = stepsBefore[next - 1] as number)
    visit(next - 1);
}

function addWords(tree: WordTree, words: readonly AddedWord[]): void {
  if (words.length === 0) return;
  // The root has thousands of steps.
  const fromRoot = new Map<number, number>();
  eachStep(tree, 0, (step) => fromRoot.set(tree.characters[step] as number, step));

  function stepBy(node: number, character: number): number {
    let found = node === 0 ? fromRoot.get(character) : undefined;
    if (node !== 0) {
      eachStep(tree, node, (step) => {
        if (tree.characters[step] === character) found = step;
      });
    }
    if (found !== undefined) return found;
    const step = addStep(tree, node, character, 0);
    if (node === 0) fromRoot.set(character, step);
    return step;
  }

  for (const { characters, saving } of words) {
    let node = 0;
    for (const [index, character] of characters.entries()) {
      const step = stepBy(node, character);
      if (index + 1 === characters.length) {
        tree.savings[step] = saving;
        break;
      }
      if (tree.children[step] === 0) tree.children[step] = addNode(tree);
      node = tree.children[step] as number;
    }
  }
}

/**
 * Finds a number for each node, below 2^`bits`, so that the sums of a node's number and the characters of its steps
 * are slots of its own. The root gets 0; its steps take slots only if `hasRootSlots`. Nodes with many steps come
 * first, while free places are easy to find. Each try tests 32 places, at a pseudo-random address.
 */
export function placeNodes(
  tree: WordTree,
  bits: number,
  characters: number,
  hasRootSlots: boolean,
): Uint32Array {
  const { sizes, lastSteps, stepsBefore } = tree;
  const stepCharacters = Uint16Array.from(tree.characters);
  const places = new Uint32Array(sizes.length);
  /** A bit for each number and for each slot that is taken. */
  const takenNodes = new Uint32Array(2 ** (bits - 5));
  const takenSlots = new Uint32Array((2 ** bits + characters) / 32 + 1);

  /** Returns a bit for each of the 32 numbers from `first` on that the node may have. */
  function freePlaces(node: number, first: number): number {
    let taken = takenNodes[first >>> 5] as number;
    for (let own = lastSteps[node] as number; own > 0; own = stepsBefore[own - 1] as number) {
      const at = first + (stepCharacters[own - 1] as number);
      const word = at >>> 5;
      const shift = at & 31;
      taken |=
        ((takenSlots[word] as number) >>> shift) | (((takenSlots[word + 1] as number) << 1) << (31 - shift));
      if (taken === -1) break;
    }
    return ~taken;
  }

  function takeSlots(node: number, place: number): void {
    for (let own = lastSteps[node] as number; own > 0; own = stepsBefore[own - 1] as number) {
      take(takenSlots, place + (stepCharacters[own - 1] as number));
    }
  }

  take(takenNodes, 0);
  if (hasRootSlots) takeSlots(0, 0);
  let random = 1;
  for (const node of bySize(sizes)) {
    let first = 0;
    let free = 0;
    while (free === 0) {
      random = Math.imul(random, 1664525) + 1013904223;
      first = (random >>> (32 - bits)) & ~31;
      free = freePlaces(node, first);
    }
    const place = first + 31 - Math.clz32(free & -free);
    places[node] = place;
    take(takenNodes, place);
    takeSlots(node, place);
  }
  return places;
}

function take(taken: Uint32Array, at: number): void {
  taken[at >>> 5] = (taken[at >>> 5] as number) | (1 << (at & 31));
}

const MOST_STEPS = 4095;

/** Returns all nodes except the root, those with the most steps first. */
function bySize(sizes: readonly number[]): Uint32Array {
  // Sorting numbers is many times faster than sorting with a comparison function, so each number has the size
  // above the node.
  const order = new Uint32Array(sizes.length - 1);
  for (let node = 1; node < sizes.length; node += 1)
    order[node - 1] = (MOST_STEPS - (sizes[node] as number)) * 2 ** 20 + node;
  return order.sort().map((each) => each & (2 ** 20 - 1));
}
