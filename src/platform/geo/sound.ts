const cyrillic: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  ґ: 'g',
  д: 'd',
  е: 'e',
  є: 'e',
  э: 'e',
  ё: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  і: 'i',
  ї: 'i',
  ы: 'i',
  й: 'i',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ю: 'u',
  я: 'a',
};

/**
 * How a name sounds, roughly: the same for its Ukrainian, Russian and Latin spellings («Яворницького», «Яворницкого»,
 * "Yavornytskoho"). Only to compare by, never to be shown.
 */
export function soundOf(word: string): string {
  const latin = [...word.toLowerCase()].map((letter) => cyrillic[letter] ?? letter).join('');
  return latin
    .replace(/[^a-z0-9]/g, '')
    .replace(/(?<=[sz])h(?=h)/g, '')
    .replace(/kh/g, 'x')
    .replace(/(?<![scz])h/g, 'g')
    .replace(/[yj](?=[aeu])/g, '')
    .replace(/i(?=[aeu])/g, '')
    .replace(/[yj]/g, 'i')
    .replace(/w/g, 'v')
    .replace(/x/g, 'g')
    .replace(/(.)\1+/g, '$1');
}
