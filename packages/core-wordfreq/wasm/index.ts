// The engine's exports, which the host calls (`EngineExports` in src/engine/wasm-module.ts).
// tools/generate-engine.ts compiles this file into src/engine/generated/engine-binary.ts.
import { words } from './words';

export { countCharacters } from './cjk-words';
export { addSegments, offerDictionary, setDictionary } from './dictionary-runs';
export { shareWords } from './exchange';
export { allocate } from './memory';
export { setProperties } from './properties';
export {
  addEntries,
  addSentWords,
  beginExport,
  beginToSend,
  distinctWords,
  exportSlots,
  reserve,
  sendForeignWords,
  wordBytes,
} from './table';
export { finishUnicode, scanUnicode } from './unicode';
export { unusualBytes } from './unusual-bytes';
export { validate } from './utf8';
export { scanWhitespace } from './whitespace';
export { setMaxTokenBytes, setOpen } from './words';

export function totalWords(): f64 {
  return <f64>words;
}
