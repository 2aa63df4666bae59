package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
)

type wordCount struct {
	word  string
	count int
}

// A pair in JSON.
func (w wordCount) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{w.word, w.count})
}

type counts struct {
	counts map[string]*int
	total  int
}

// What a byte is to the rules of UAX #29 for the borders of words, as far as ASCII goes.
type class byte

const (
	other class = iota
	letter
	digit
	joiner    // The underscore, which joins letters and digits
	midLetter // The colon, between letters
	midNumber // Comma and semicolon, between digits
	midBoth   // Full stop and apostrophe, between letters and between digits
)

var classes = func() (table [256]class) {
	for b := range 256 {
		switch c := byte(b); {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			table[b] = letter
		case c >= '0' && c <= '9':
			table[b] = digit
		}
	}
	table['_'] = joiner
	table[':'] = midLetter
	table[','], table[';'] = midNumber, midNumber
	table['.'], table['\''] = midBoth, midBoth
	return table
}()

// Counts the words of an ASCII text, in lower case.
func countWords(text []byte) counts {
	counted := counts{counts: make(map[string]*int)}
	lower := make([]byte, 0, 64)
	for i := 0; i < len(text); {
		start := i
		i = endOfWord(text, i)
		if i == start {
			i++
			continue
		}
		lower = lower[:0]
		// Around a word, underscores are emphasis.
		for _, b := range bytes.Trim(text[start:i], "_") {
			if b >= 'A' && b <= 'Z' {
				b += 'a' - 'A'
			}
			lower = append(lower, b)
		}
		if len(lower) > 0 {
			counted.add(lower)
		}
	}
	return counted
}

func (c *counts) add(word []byte) {
	c.total++
	// Looking up needs no new string.
	if count, ok := c.counts[string(word)]; ok {
		*count++
		return
	}
	one := 1
	c.counts[string(word)] = &one
}

// Where the word that begins at start ends; start where none begins there.
func endOfWord(text []byte, start int) int {
	i := start
	last := other
	for i < len(text) {
		kind := classes[text[i]]
		switch kind {
		case letter, digit, joiner:
			last = kind
			i++
			continue
		case midLetter, midNumber, midBoth:
			if i+1 < len(text) && i > start && joins(kind, last) && classes[text[i+1]] == last {
				i++
				continue
			}
		}
		return i
	}
	return i
}

// Whether such a byte belongs to the word when the same class is on both of its sides.
func joins(kind, side class) bool {
	switch side {
	case letter:
		return kind == midLetter || kind == midBoth
	case digit:
		return kind == midNumber || kind == midBoth
	}
	return false
}

// The most frequent words; among equally frequent ones the alphabet decides.
func (c counts) top(limit int) []wordCount {
	all := make([]wordCount, 0, len(c.counts))
	for word, count := range c.counts {
		all = append(all, wordCount{word, *count})
	}
	slices.SortFunc(all, func(a, b wordCount) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.word, b.word))
	})
	return all[:min(limit, len(all))]
}
