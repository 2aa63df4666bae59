export {
  burmeseDictionary,
  khmerDictionary,
  laoDictionary,
  thaiDictionary,
} from '../dictionary/southeast-asian-dictionaries.ts';
