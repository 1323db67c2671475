import { plainWord } from './words.ts';

/**
 * What the forms of a Ukrainian word have in common: one stem or a few, since a form alone does not always tell (дорозі is of
 * дорога, корозі of кора). Two words are forms of one when their sets meet. Words shorter than three letters, with digits
 * or not in Ukrainian letters stay whole.
 *
 * @param word one word in any case and spelling of the apostrophe
 */
export function stemsOf(word: string): string[] {
  const plain = plainWord(word);
  if (plain.length < 3 || !/^[а-яіїє']+$/.test(plain)) return [plain];
  const base = withoutReflexive(plain).replace(future, 'ти');
  const ending = endingOf(base);
  const stems = new Set<string>();
  // ремонтувати keeps its у, or it would meet ремонт.
  const kept = /^([ую])(?:ва|[юєй])/.exec(ending)?.[1] ?? '';
  const cut = base.slice(0, base.length - ending.length) + kept;
  for (const stem of [cut, ...otherReadings(base, ending)])
    for (const variant of alternations(stem, ending)) stems.add(variant);
  return [...stems];
}

/** робитиму, робитимуть: the infinitive with an ending of its own. */
const future = /(?<=[аеиіуюяїс])ти(?:му|меш|ме|мем|мемо|мете|муть)$/;

const reflexive =
  /(?<=т[иь]|[аеиіоуюя]в|[аеиіоуюя]?л[аои]|[чш]и|[уюєеі]|[еєиї]ш|[еєиїі]м|мо|те|[аоіуюя]й|[зжшд]ь)ся$|(?<=ти|[аеиіоуюя]в|[аеиіоуюя]л[аои]|[чш]и|[ую]|[еєиїй]мо|[еєиї]м|те|[аоіуюя]й)сь$/;

function withoutReflexive(word: string): string {
  return word.length > 5 ? word.replace(reflexive, '') : word;
}

const nouns = 'а я о е у ю і ї и й ь ам ям ами ями ах ях ою ею єю ем ом єм ів їв ей ові еві єві ьми има';
const adjectives = 'ий ій їй ої ого ього його ому ьому йому им їм ім ьою йою их їх ими їми';
const vowels = ['а', 'я', 'и', 'і', 'ї', 'у', 'ува', 'юва', 'ву'];
const pastAndInfinitive = ['ти', 'в', 'ла', 'ло', 'ли', 'вши'].flatMap((end) =>
  vowels.map((vowel) => vowel + end),
);
const present =
  'єш еш иш їш єть еть ємо емо имо їмо єте ете ите їте ють уть ать ять ить їть іть імо іте йте ймо учи ючи ачи ячи ти';
const widened = ['а', 'я', 'і', 'у', 'ю'].flatMap((vowel) =>
  ['ю', 'є', 'єш', 'ємо', 'єте', 'ють', 'й', 'ймо', 'йте', 'ючи'].map((end) => vowel + end),
);
const endings = [
  ...new Set([
    ...nouns.split(' '),
    ...adjectives.split(' '),
    ...pastAndInfinitive,
    ...present.split(' '),
    ...widened,
  ]),
].sort((a, b) => b.length - a.length);

/** The longest ending that leaves a stem: three letters, or two of which one sounds or the word is as short as день. */
function endingOf(word: string): string {
  return (
    endings.find((ending) => {
      if (!word.endsWith(ending) || (ending === 'ти' && word.endsWith('ости'))) return false;
      const left = word.slice(0, word.length - ending.length);
      return left.length >= 3 || (left.length === 2 && (/[аеиіоуюяїє]/.test(left) || ending.length <= 2));
    }) ?? ''
  );
}

/** Endings that as often belong to the stem: хати is of хата, not of «хати»; архів ends as батьків does. */
const doubtful =
  /^(?:[аяиіїую]?в|їв|ам|ах|[оеє]м|им|ей|[аяиіїую]?ти|[аяиіїую]л[аои]|[аяи]ть|[аяоеєую]ю|[аяуюі]й|[аяоу]ї|[ая]є|ому|ові|еві|ами|ими|има|ну|ачи|учи|вши)$/;

function otherReadings(word: string, ending: string): string[] {
  if (!doubtful.test(ending) || (word.length > 9 && !/^[ое]ві$|^[аиі]л[аои]$/.test(ending))) return [];
  const less = /[аеиіоуюяїєйь]$/.test(word) ? word.slice(0, -1) : word;
  return less.length >= 3 ? [less] : [];
}

const soundless = /[бвгджзклмнпрстфхцчшщ]/;

/** The stem as it is indexed, and what it turns into in other forms of the word. */
function alternations(cut: string, ending: string): string[] {
  const stem = tidy(cut);
  const found = [stem];
  if (ending === 'і' && /[зцс]$/.test(stem) && stem.length > 2)
    found.push(stem.slice(0, -1) + ({ з: 'г', ц: 'к', с: 'х' } as Record<string, string>)[stem.at(-1)!]);
  if (/^(?:ю|ять|ячи|лю)$/.test(ending) && /[бпвмф]л$/.test(stem) && stem.length > 3)
    found.push(stem.slice(0, -1));
  if (ending === 'у' && stem.endsWith('дж') && stem.length > 3) found.push(stem.slice(0, -1));
  const closed = /^(.+)([іїоеє])([бвгджзклмнпрстфхцчшщй]+)$/.exec(stem);
  if (closed && (ending === '' || ending === 'ь' || ending === 'ю')) {
    const [, head, vowel, tail] = closed as unknown as [string, string, string, string];
    if (vowel === 'і' && tail.length <= 2) {
      if (tail !== 'ст' || stem.length < 5) found.push(`${head}е${tail}`);
      found.push(`${head}о${tail}`);
    }
    if (vowel === 'ї') found.push(`${head}є${tail}`);
    if (ending !== 'ю' && /[ое]/.test(vowel) && tail.length === 1 && soundless.test(head.at(-1)!))
      found.push(head + tail);
  }
  return found;
}

/** Without what changes inside one word: a doubled last consonant, a soft sign near the end, a last і. */
function tidy(stem: string): string {
  return stem
    .replace(/(?<=.{4})і$/, '')
    .replace(/([бвгджзклмнпрстфхцчшщ])\1$/, '$1')
    .replace(/ь(?=[бвгджзклмнпрстфхцчшщ]?$)/, '');
}
