/** Loaded when a name was mistyped. */
export { distance } from 'fastest-levenshtein';
