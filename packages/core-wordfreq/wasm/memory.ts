import { outOfMemory } from './warn';

/** The end of what is in use. The host gives memory that is zero, so every new region is. */
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
 * Reserves zeroed bytes that will be read and written at random. Each page is written to at once: where it is read first, systems lend it a common page
 * of zeros, and taking that back is a second fault, which stops all other threads for a moment.
 */
export function allocateTable(bytes: usize): usize {
  const table = allocate(bytes);
  for (let page = table; page < table + bytes; page += PAGE) store<u8>(page, 0);
  return table;
}
