/**
 * Паспорт набору даних: the fields that the law wants beside those of every catalogue (Cabinet Resolution 835),
 * and the category of a high-value dataset (Implementing Regulation (EU) 2023/138).
 */
export const passportFields = [
  'identifier',
  'language',
  'update_frequency',
  'purpose_of_collecting_information',
  'publisherIdentifier',
  'katottg',
  'obligation',
  'hvd_category',
] as const;
export type PassportField = (typeof passportFields)[number];

export function isPassportField(key: string): key is PassportField {
  return (passportFields as readonly string[]).includes(key);
}

export const languages = ['ua', 'en', 'ro', 'hu', 'bg', 'pl', 'ru'] as const;

/** How long a published version stays fresh, in calendar units. */
export type Period =
  | { readonly hours: number }
  | { readonly days: number }
  | { readonly months: number }
  | null;

export interface Frequency {
  /** As it travels: data.gov.ua's words. */
  readonly wire: string;
  readonly title: { readonly uk: string; readonly en: string };
  /** Code of the EU authority table `frequency`. */
  readonly eu: string;
  readonly period: Period;
}

export const frequencies: readonly Frequency[] = [
  {
    wire: 'more than once a day',
    title: { uk: 'Більш як один раз на день', en: 'More than once a day' },
    eu: 'CONT',
    period: { hours: 12 },
  },
  { wire: 'once a day', title: { uk: 'Щодня', en: 'Daily' }, eu: 'DAILY', period: { days: 1 } },
  { wire: 'once a week', title: { uk: 'Щотижня', en: 'Weekly' }, eu: 'WEEKLY', period: { days: 7 } },
  { wire: 'once a month', title: { uk: 'Щомісяця', en: 'Monthly' }, eu: 'MONTHLY', period: { months: 1 } },
  {
    wire: 'once a quarter',
    title: { uk: 'Щокварталу', en: 'Quarterly' },
    eu: 'QUARTERLY',
    period: { months: 3 },
  },
  {
    wire: 'once a half year',
    title: { uk: 'Кожного півріччя', en: 'Twice a year' },
    eu: 'ANNUAL_2',
    period: { months: 6 },
  },
  { wire: 'once a year', title: { uk: 'Щороку', en: 'Yearly' }, eu: 'ANNUAL', period: { months: 12 } },
  {
    wire: 'immediately after making changes',
    title: { uk: 'Відразу після внесення змін', en: 'At every change' },
    eu: 'AS_NEEDED',
    period: null,
  },
  { wire: 'unscheduled', title: { uk: 'Позапланово', en: 'Unscheduled' }, eu: 'IRREG', period: null },
];

/** What is promised when nothing is: a defect of the passport. */
export const noFrequency: Frequency = {
  wire: '',
  title: { uk: 'не вказано', en: 'not stated' },
  eu: 'UNKNOWN',
  period: null,
};

const byWire = new Map(frequencies.map((one) => [one.wire, one]));

/** The frequency behind a wire value; `noFrequency` for an empty or unknown one. */
export function frequencyOf(wire: string | null | undefined): Frequency {
  return byWire.get(wire ?? '') ?? noFrequency;
}
