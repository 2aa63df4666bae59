import { outOfMemory } from './host';

// Memory is only ever reserved. docs/wasm-memory.md lists all regions.

/** The end of the reserved memory. The host provides zeroed memory, so each new region is zero. */
let top: usize = __heap_base;

/** Reserves zeroed bytes. The host throws when 4 GB are used up. */
export function allocate(bytes: usize): usize {
  const at = (top + 63) & ~63;
  const end = <u64>at + <u64>bytes;
  const pages = <i32>((end + 0xffff) >> 16) - memory.size();
  if (end > 0xffff0000 || (pages > 0 && memory.grow(pages) < 0)) outOfMemory();
  top = <usize>end;
  return at;
}

const PAGE: usize = 4096;

/**
 * Reserves zeroed bytes for random access. Each page is written to at once: if it were read first, the
 * operating system would map a shared page of zeros, and replacing that at the first write is a second page
 * fault, which stops all other threads for a moment.
 */
export function allocateTable(bytes: usize): usize {
  const table = allocate(bytes);
  for (let page = table; page < table + bytes; page += PAGE) store<u8>(page, 0);
  return table;
}
