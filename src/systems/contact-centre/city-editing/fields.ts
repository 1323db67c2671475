import type { FieldFault } from '#platform/errors.ts';
import type { Language, Text } from '#platform/i18n/index.ts';
import type { Flat } from './kind.ts';
import { kindText } from './text.ts';

/** Reads the fields of one thing and gathers the faults of what cannot be read. */
export function reader(flat: Flat, language: Language) {
  const t = kindText(language);
  const faults: FieldFault[] = [];
  const fault = (field: string, message: string) => {
    faults.push({ field, message });
  };
  const text = (field: string): string => (flat[field] ?? '').trim();
  return {
    t,
    faults,
    fault,
    text,
    list: (field: string): string[] => [
      ...new Set(
        text(field)
          .split(/[,;\n]/)
          .map((one) => one.trim())
          .filter(Boolean),
      ),
    ],
    /** In both languages, and needed in both. */
    both(field: string): Text {
      const words = { uk: text(`${field}-uk`), en: text(`${field}-en`) };
      for (const language of ['uk', 'en'] as const)
        if (!words[language]) fault(`${field}-${language}`, t.fill);
      return words;
    },
    /** In both languages or in none. */
    maybeBoth(field: string): Text | undefined {
      const words = { uk: text(`${field}-uk`), en: text(`${field}-en`) };
      if (!words.uk && !words.en) return undefined;
      for (const language of ['uk', 'en'] as const)
        if (!words[language]) fault(`${field}-${language}`, t.both);
      return words;
    },
    one<T extends string>(field: string, known: readonly T[]): T {
      const found = known.find((one) => one === text(field));
      if (!found) fault(field, t.choose);
      return found ?? known[0]!;
    },
    whole(field: string, from: number, to: number): number | undefined {
      if (!text(field)) return undefined;
      const value = Number(text(field).replaceAll(/[\s\u00a0]/g, ''));
      if (!Number.isInteger(value) || value < from || value > to) fault(field, t.whole(from, to));
      return value;
    },
    /** A number with a full stop or a comma. */
    decimal(field: string): number {
      return text(field) ? Number(text(field).replace(',', '.')) : Number.NaN;
    },
    /** YYYY-MM-DD, also from DD.MM.YYYY. */
    date(field: string): string {
      const typed = text(field);
      const [, day, month, year] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(typed) ?? [];
      const iso = year ? `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}` : typed;
      const moment = new Date(`${iso}T00:00:00Z`);
      const real = !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(iso);
      if (typed && (!real || !/^\d{4}-\d{2}-\d{2}$/.test(iso))) fault(field, t.date);
      return iso;
    },
  };
}

/** The fields of a text in both languages. */
export const flatText = (field: string, text: Text | undefined): Flat =>
  text ? { [`${field}-uk`]: text.uk, [`${field}-en`]: text.en } : {};

/** Leaves out what is undefined or empty, so that what is not there is not stored. */
export function present<T extends Record<string, unknown>>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== '' && value !== null),
  ) as T;
}

export const isCode = (code: string): boolean => /^[a-z0-9-]{1,60}$/.test(code);
export const isPhone = (phone: string): boolean => /^\+?[\d\s()-]{3,20}$/.test(phone);
