/** The languages of the city: Ukrainian first, English complete. */
export const languages = ['uk', 'en'] as const;
export type Language = (typeof languages)[number];

/** A text in every language. */
export type Text = Readonly<Record<Language, string>>;

type Widened<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Widened<T[K]> };

/**
 * A table of messages: Ukrainian gives the shape, and a key missing from another language fails the type check.
 *
 * @example
 * const text = messages({ hello: 'Вітаємо', count: (n: number) => `${n}` }, { en: { hello: 'Welcome', count: (n) => `${n}` } });
 * text('en').hello
 */
export function messages<const T extends object>(
  uk: T,
  others: Record<Exclude<Language, 'uk'>, Widened<T>>,
): (language: Language) => Widened<T> {
  const tables: Record<Language, Widened<T>> = { uk: uk as unknown as Widened<T>, ...others };
  return (language) => tables[language];
}

type PluralForms = { one: string; few?: string; many?: string; other: string };
const rules: Record<Language, Intl.PluralRules> = {
  uk: new Intl.PluralRules('uk'),
  en: new Intl.PluralRules('en'),
};

/** The form of a word that goes with a number, by the CLDR rules: plural('uk', 3, { one: 'звернення', … }). */
export function plural(language: Language, count: number, forms: PluralForms): string {
  const form = rules[language].select(count);
  return (form in forms ? forms[form as keyof PluralForms] : undefined) ?? forms.other;
}

export const zone = 'Europe/Kyiv';

const cache = new Map<string, Intl.DateTimeFormat>();
function formatter(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let found = cache.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(language === 'uk' ? 'uk-UA' : 'en-GB', { timeZone: zone, ...options });
    cache.set(key, found);
  }
  return found;
}

/** Dates already written, by language and quarter of an hour: in every zone of today a day changes only between two quarters. */
const dates = new Map<string, string>();
const quarter = 900_000;

/** 21.08.2026 in Ukrainian, 21/08/2026 would mislead in English: there it is 21 Aug 2026. */
export function formatDate(language: Language, instant: Date): string {
  const key = `${language}${Math.floor(instant.getTime() / quarter)}`;
  let date = dates.get(key);
  if (date === undefined) {
    date = formatter(language, {
      day: '2-digit',
      month: language === 'uk' ? '2-digit' : 'short',
      year: 'numeric',
    }).format(instant);
    if (dates.size >= 10_000) dates.clear();
    dates.set(key, date);
  }
  return date;
}

/** 21.08.2026, 14:05 */
export function formatDateTime(language: Language, instant: Date): string {
  return `${formatDate(language, instant)}, ${formatter(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(instant)}`;
}

/** 14:05 */
export function formatTime(language: Language, instant: Date): string {
  return formatter(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(instant);
}

const numbers = new Map<string, Intl.NumberFormat>();

export function formatNumber(language: Language, value: number, options?: Intl.NumberFormatOptions): string {
  const key = options ? `${language} ${JSON.stringify(options)}` : language;
  let found = numbers.get(key);
  if (!found) {
    found = new Intl.NumberFormat(language === 'uk' ? 'uk-UA' : 'en-GB', options);
    numbers.set(key, found);
  }
  return found.format(value);
}

/** The same page in the language: Ukrainian lives at the root, English under /en. */
export function localPath(language: Language, path: string): string {
  return language === 'uk' ? path : `/${language}${path === '/' ? '' : path}` || '/';
}
