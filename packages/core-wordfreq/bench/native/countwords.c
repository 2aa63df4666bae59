/*
 * The optimized C of the countwords benchmark, written anew from the description of its algorithm: read fixed pieces of 64 KiB and
 * move an unfinished word to the front; walk the bytes once, lower-casing in place while hashing with 64-bit FNV-1a; one array of
 * slots with linear probing; each new word copied by malloc; at the end sort by count and print.
 *
 * As there, the table has 65,536 slots. With -DGROWING it doubles when half full, which large vocabularies need: the fixed
 * table never ends once it is full.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_SIZE 65536
#define FNV_OFFSET 14695981039346656037UL
#define FNV_PRIME 1099511628211UL

typedef struct {
  char *word;
  int length;
  uint64_t hash;
  uint64_t count;
} slot;

static slot *slots;
static size_t capacity = 65536;
static size_t used = 0;

#ifdef GROWING
static void grow(void) {
  size_t doubled = capacity * 2;
  slot *to = calloc(doubled, sizeof(slot));
  for (size_t i = 0; i < capacity; i++) {
    if (slots[i].word == NULL) continue;
    size_t at = slots[i].hash & (doubled - 1);
    while (to[at].word != NULL) at = (at + 1) & (doubled - 1);
    to[at] = slots[i];
  }
  free(slots);
  slots = to;
  capacity = doubled;
}
#endif

static void count(const char *word, int length, uint64_t hash) {
  size_t at = hash & (capacity - 1);
  while (slots[at].word != NULL) {
    slot *s = &slots[at];
    if (s->length == length && memcmp(s->word, word, length) == 0) {
      s->count++;
      return;
    }
    at = (at + 1) & (capacity - 1);
  }
  char *copy = malloc(length + 1);
  memcpy(copy, word, length);
  copy[length] = 0;
  slots[at] = (slot){copy, length, hash, 1};
  used++;
#ifdef GROWING
  if (used * 2 > capacity) grow();
#endif
}

static int by_count(const void *a, const void *b) {
  uint64_t m = ((const slot *)a)->count, n = ((const slot *)b)->count;
  return m < n ? 1 : m > n ? -1 : 0;
}

int main(void) {
  static char buffer[BUFFER_SIZE];
  slots = calloc(capacity, sizeof(slot));
  size_t kept = 0;
  for (;;) {
    size_t got = fread(buffer + kept, 1, BUFFER_SIZE - kept, stdin);
    if (got == 0 && kept == 0) break;
    size_t end = kept + got, i = 0, last = 0;
    if (got == 0) buffer[end++] = ' ';
    while (i < end) {
      while (i < end && (buffer[i] == ' ' || (buffer[i] >= 9 && buffer[i] <= 13))) i++;
      size_t start = i;
      uint64_t hash = FNV_OFFSET;
      for (; i < end; i++) {
        char c = buffer[i];
        if (c == ' ' || (c >= 9 && c <= 13)) break;
        if (c >= 'A' && c <= 'Z') buffer[i] = c = c + 'a' - 'A';
        hash = (hash ^ (unsigned char)c) * FNV_PRIME;
      }
      last = start;
      if (i < end) {
        count(buffer + start, (int)(i - start), hash);
        last = i;
      }
    }
    kept = got == 0 ? 0 : end - last;
    if (kept == BUFFER_SIZE) {
      fputs("a word longer than the buffer\n", stderr);
      return 1;
    }
    memmove(buffer, buffer + last, kept);
    if (got == 0) break;
  }
  slot *sorted = malloc((used + 1) * sizeof(slot));
  size_t n = 0;
  for (size_t i = 0; i < capacity; i++)
    if (slots[i].word != NULL) sorted[n++] = slots[i];
  qsort(sorted, n, sizeof(slot), by_count);
  for (size_t i = 0; i < n; i++) printf("%s %lu\n", sorted[i].word, (unsigned long)sorted[i].count);
  return 0;
}
