const plain: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'h',
  ґ: 'g',
  д: 'd',
  е: 'e',
  є: 'ie',
  ж: 'zh',
  з: 'z',
  и: 'y',
  і: 'i',
  ї: 'i',
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
  ю: 'iu',
  я: 'ia',
  ь: '',
};
const atStart: Readonly<Record<string, string>> = { є: 'ye', ї: 'yi', й: 'y', ю: 'yu', я: 'ya' };

/**
 * Ukrainian in Latin letters by the table of the Cabinet of Ministers' resolution № 55 of 27 January 2010: Згорани is
 * Zghorany, Юрій is Yurii, the soft sign and the apostrophe are left out.
 */
export function transliterate(text: string): string {
  return text.normalize('NFC').replace(/\p{L}+(?:['’ʼ]\p{L}+)*/gu, word);
}

function word(cyrillic: string): string {
  const letters = [...cyrillic.replace(/['’ʼ]/g, '')];
  const large = letters.length > 1 && letters.every((letter) => letter === letter.toUpperCase());
  return letters
    .map((letter, at) => {
      const small = letter.toLowerCase();
      const afterZ = small === 'г' && letters[at - 1]?.toLowerCase() === 'з';
      const latin = (at === 0 ? atStart[small] : undefined) ?? (afterZ ? 'gh' : plain[small]);
      if (latin === undefined) return letter;
      if (letter === small) return latin;
      return large ? latin.toUpperCase() : latin.charAt(0).toUpperCase() + latin.slice(1);
    })
    .join('');
}
