export {
  highlight,
  holdsPhrases,
  indexLexemes,
  type Piece,
  readSearch,
  type Search,
  searchQuery,
} from './query.ts';
export { stemsOf } from './stem.ts';
export { plainText, plainWord, type Word, wordsIn } from './words.ts';
