/** Capitals that look the same in Cyrillic and in Latin, in the same order. */
const cyrillic = 'АВСЕНІКМОРТХУ';
const latin = 'ABCEHIKMOPTXY';
/** The small ones: fewer, since the small Latin letters of «в», «м» and «н» look otherwise. */
const smallCyrillic = 'асеіоркхту';
const smallLatin = 'aceiopkxty';

const pairs = (from: string, to: string) => new Map([...from].map((letter, at) => [letter, [...to][at]!]));
const toCyrillic = new Map([...pairs(latin, cyrillic), ...pairs(smallLatin, smallCyrillic)]);
const toLatin = pairs(cyrillic, latin);

/** A text with each Latin letter that has a Cyrillic look-alike replaced by it: a keyboard left in the other layout. */
export const withCyrillic = (text: string): string =>
  text.replace(/[A-Za-z]/g, (letter) => toCyrillic.get(letter) ?? letter);

/** A text with each Cyrillic capital that has a Latin look-alike replaced by it: «UА12» of a code with a Cyrillic А. */
export const withLatinCapitals = (text: string): string =>
  text.replace(/[АВСЕНІКМОРТХУ]/g, (letter) => toLatin.get(letter)!);
