/** A word of a text, with the place where it stands. */
export interface Word {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const apostrophes = /['’ʼ`´‘′]/g;
const found = /[\p{L}\p{N}\p{M}]+(?:['’ʼ`´‘′][\p{L}\p{N}\p{M}]+)*/gu;

/** The words of a text where they stand; an apostrophe inside belongs to the word, a hyphen parts two. */
export function wordsIn(text: string): Word[] {
  return [...text.matchAll(found)].map((match) => ({
    text: match[0],
    from: match.index,
    to: match.index + match[0].length,
  }));
}

/** One spelling of a word: composed and small letters, one apostrophe, г for ґ, no stress marks. */
export function plainWord(word: string): string {
  return word
    .normalize('NFC')
    .replace(/[\u0300\u0301]/g, '')
    .toLowerCase()
    .replaceAll('ґ', 'г')
    .replace(apostrophes, "'");
}

/** A text as its plain words with single spaces: what quoted phrases are looked for in. */
export function plainText(text: string): string {
  return wordsIn(text)
    .map((word) => plainWord(word.text))
    .join(' ');
}
