export { excerpt } from './excerpt.ts';
export {
  highlight,
  holdsPhrases,
  indexLexemes,
  isFunctionWord,
  type Piece,
  readSearch,
  type Search,
  searchQuery,
} from './query.ts';
export { hasPhrases, meets, vectorOf } from './sql.ts';
export { stemsOf } from './stem.ts';
export { corrected, type Vocabulary, vocabularyOf } from './typos.ts';
export { plainText, plainWord, type Word, wordsIn } from './words.ts';
