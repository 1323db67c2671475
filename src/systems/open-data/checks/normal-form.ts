/** Cyrillic letters that look like Latin ones in some font, small. */
const lookAlikes: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  е: 'e',
  ё: 'e',
  і: 'i',
  ї: 'i',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  ј: 'j',
  ѕ: 's',
};

/**
 * The form by which headers are matched: NFC, without spaces, line separators and underscores, look-alikes as Latin letters,
 * small. «addressPostСode» with a Cyrillic С and `address_post_code` are the same.
 */
export function normalForm(header: string): string {
  return header
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s\p{Z}\p{Cf}\p{Cc}_]/gu, '')
    .replace(/[авеёіїкмнорстухјѕ]/g, (letter) => lookAlikes[letter]!);
}
