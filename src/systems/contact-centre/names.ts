import { couldNameStreet, givenName } from './given-names.ts';

/** [start, end) in UTF-16 units. */
export type Span = readonly [start: number, end: number];

interface Word {
  readonly start: number;
  readonly end: number;
  readonly lower: string;
  readonly capital: boolean;
  /** One capital letter with a full stop. */
  readonly initial: boolean;
}

const patronymic =
  /^\p{L}{2,}(?:[оеє]вич|ілліч|кузьмич|лукич|фомич|хомич|савич|никитич)(?:а|у|ем|еві|ові|і|е)?$/u;
const patronymicOfWomen = /^\p{L}{2,}[ії]вн(?:а|и|і|у|ою|о)$/u;
const russianPatronymic = /^\p{L}{2,}[ое]вн(?:а|ы|е|у|ой)$/u;
const bareIlliich = /^(?:ілліч|кузьмич|лукич|фомич|хомич|савич)(?:а|у|ем|еві|і)?$/u;
/** Adjectives that only look like a patronymic. */
const adjectives = /^(?:не)?(?:рівн|чарівн|царівн|королівн|порівн|співн)/u;
const surname =
  /(?:ко|[уюая]к|чук|ськ(?:ий|а)|[цз]ьк(?:ий|а)|ич|ець|[оеє]в|[оеє]ва|[іи]н|[іи]на|ий|ун|[ао]ль|ик|ар|ло|ба|ук)$/u;

/** «Богдана Хмельницького» is not a woman called Богдана. */
const genitiveSurname = /(?:ого|енка|єнка|[уюая]ка|ича|ця)$/u;

/** Words after which a person's name names a place. */
const places = new Set(
  'вул вулиця вулиці вулицю вулицею вулицями просп проспект проспекту проспекті пр пр-т пр-кт площа площі площу пл бульвар бульвару бульварі бул бульв б-р провулок провулку пров узвіз узвозі набережна набережній наб парк парку парку сквер сквері скверу школа школи ім імені театр театру музей зупинка зупинці зупинки метро станція лікарня ліцей гімназія пам’ятник пам’ятника пам’ятнику шосе дорога алея алеї st street avenue square'.split(
    ' ',
  ),
);
const abbreviations = new Set('вул просп пр пр-т пр-кт пл бул бульв б-р пров наб ім st'.split(' '));
/** Words after which a man's name in the genitive rather means his street. */
const ways = new Set(
  'на по розі ріг перехресті перехрестя кут куті біля вздовж уздовж та і й до між'.split(' '),
);
const titles =
  /^(?:пан(?:а|у|ові|ом|е)?|пані|гр|громадян(?:ин|ина|ину|ином|ка|ки|ку|кою|ці)|сусід(?:а|у|ом|ка|ки|ку|кою)?|заявни(?:к|ка|ку|ця|ці|цю)|звати|прізвище|піб|mr|mrs|ms|miss)$/u;
const notNames = new Set('україни україна україно ukraine'.split(' '));

/**
 * Where a text names a person: by a patronymic, initials, a title, or a given name beside a surname. Names of streets and
 * squares stay. One pass over the words, each looking at a few neighbours.
 */
export function nameSpans(text: string): Span[] {
  const words = wordsOf(text);
  const spans: Span[] = [];
  /** Neighbours with nothing but a few blanks between them. */
  const joined = (index: number) => {
    const [a, b] = [words[index], words[index + 1]];
    return Boolean(a && b && b.start - a.end <= 3 && /^\s*$/u.test(text.slice(a.end, b.start)));
  };
  const before = (index: number) => {
    const [a, b] = [words[index - 1], words[index]];
    if (!a || !b || b.start - a.end > 4) return '';
    // «біля зупинки, Марія …» begins anew after the sign; the one after «вул.» belongs to the word.
    const gap = abbreviations.has(a.lower) ? /^[\s.,«"']*$/u : /^[\s«"']*$/u;
    return gap.test(text.slice(a.end, b.start)) ? a.lower : '';
  };
  const isName = (index: number) => {
    const word = words[index];
    return Boolean(
      word?.capital &&
        !word.initial &&
        !notNames.has(word.lower) &&
        !places.has(word.lower) &&
        !ways.has(word.lower),
    );
  };
  const add = (from: number, to: number, mayBePlace = true) => {
    if (!mayBePlace || !places.has(before(from))) spans.push([words[from]!.start, words[to]!.end]);
  };

  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    if (isPatronymic(words, i, joined)) {
      const given = i - 1;
      let from = given;
      if (
        joined(given - 1) &&
        (isName(given - 1) || (!word.capital && surname.test(words[given - 1]!.lower)))
      )
        from = given - 1;
      const to = joined(i) && isName(i + 1) ? i + 1 : i;
      // «на Володимира Антоновича, 5»: a surname in the genitive, and a street.
      const street =
        to - from === 1 &&
        couldNameStreet(words[from]!.lower) &&
        (ways.has(before(from)) ||
          houseFollows(text, words[to]!.end) ||
          (from === 0 && !text.slice(words[to]!.end).trim()));
      if (!street) add(from, to);
    } else if (word.initial) {
      let last = i;
      if (words[i + 1]?.initial && joined(i)) last = i + 1;
      if (joined(i - 1) && isName(i - 1) && words[i - 1]!.lower.length > 2) add(i - 1, last);
      else if (joined(last) && isName(last + 1) && words[last + 1]!.lower.length > 2) add(i, last + 1);
      i = last;
    } else if (titles.test(word.lower)) {
      const gap = text.slice(word.end, words[i + 1]?.start ?? word.end);
      if (gap.length > 4 || !/^[\s.:,—–-]*$/u.test(gap)) continue;
      let last = i + 1;
      while (last < i + 3 && isName(last) && joined(last) && isName(last + 1)) last += 1;
      if (isName(i + 1)) add(i + 1, last);
    } else if (word.capital) {
      const kind = givenName(word.lower);
      if (!kind) continue;
      const after = joined(i) && isName(i + 1) ? i + 1 : null;
      const ahead = joined(i - 1) && isName(i - 1) && surname.test(words[i - 1]!.lower) ? i - 1 : null;
      if (after === null && ahead === null) continue;
      const street =
        couldNameStreet(word.lower) && (ways.has(before(i)) || houseFollows(text, words[after ?? i]!.end));
      const genitive = couldNameStreet(word.lower) && genitiveSurname.test(words[after ?? i]!.lower);
      const person =
        (kind === 'name' && !genitive) || kind === 'addressed' || /^(?:від|імені)$/u.test(before(i));
      // Places are named in the genitive: «біля зупинки Марія Коваленко» is two things.
      if (person && !street) add(ahead ?? i, after ?? i, couldNameStreet(word.lower));
    }
  }
  return spans;
}

function isPatronymic(words: readonly Word[], index: number, joined: (index: number) => boolean): boolean {
  const word = words[index]!;
  const given = words[index - 1];
  if (!given || given.initial || !joined(index - 1) || adjectives.test(word.lower)) return false;
  const known = givenName(given.lower) !== null;
  if (russianPatronymic.test(word.lower)) return known;
  if (!(patronymic.test(word.lower) || patronymicOfWomen.test(word.lower) || bareIlliich.test(word.lower)))
    return false;
  return known || (word.capital && given.capital && !places.has(given.lower));
}

/** «Олеся Гончара, 12»: a house, not an age or a telephone. */
function houseFollows(text: string, end: number): boolean {
  return /^[\s,]{1,3}(?:буд(?:\.|инок)?\s?)?\d{1,4}(?!\d)/u.test(text.slice(end, end + 20));
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/\p{L}[\p{L}\p{M}'’ʼ`-]*/gu)].map((match) => {
    const word = match[0];
    const first = word[0]!;
    const capital = first !== first.toLowerCase();
    const end = match.index + word.length;
    const initial = capital && word.length === 1 && text[end] === '.';
    return {
      start: match.index,
      end: initial ? end + 1 : end,
      lower: word.toLowerCase().replace(/['ʼ`]/gu, '’'),
      capital: capital && (word.length > 1 || initial),
      initial,
    };
  });
}
