export { cjkDictionary } from '../dictionary/cjk-dictionary.ts';
