import type { Context } from 'hono';
import type { z } from 'zod';
import { type FieldFault, Invalid } from '../errors.ts';
import { type Language, messages } from '../i18n/index.ts';
import type { MistoEnv } from '../system.ts';

/** What a form brought: the parsed data, or the faults to show beside what was typed. */
export interface FormInput<T> {
  /** null when there are faults. */
  readonly data: T | null;
  readonly faults: readonly FieldFault[];
  /** What was typed, to fill the form again. */
  readonly values: Readonly<Record<string, string>>;
  /** Every value of fields that may come several times. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly files: Readonly<Record<string, readonly File[]>>;
}

const text = messages(
  { unreadable: 'Приберіть невидимі керівні символи', fill: 'Заповніть це поле' },
  { en: { unreadable: 'Remove the invisible control characters', fill: 'Fill in this field' } },
);

/**
 * Reads the form of a request and checks it with a schema. Text arrives trimmed, in NFC, with plain line ends; fields sent
 * several times arrive as a list if the schema wants one there. Fields whose names begin with `_` are ours.
 *
 * @example
 * const form = await readForm(c, z.object({ street: z.string().min(1, 'Вкажіть вулицю') }));
 * if (!form.data) return page(c, { title, faults: form.faults }, <Ask values={form.values} />);
 */
export async function readForm<T>(c: Context<MistoEnv>, schema: z.ZodType<T>): Promise<FormInput<T>> {
  const lists: Record<string, string[]> = {};
  const files: Record<string, File[]> = {};
  const faults: FieldFault[] = [];
  const words = text(c.var.visit.language);
  for (const [name, value] of await c.req.formData()) {
    if (name.startsWith('_')) continue;
    if (typeof value !== 'string') {
      // Browsers send an empty file for an input that was left alone.
      if (value.size > 0 || value.name) files[name] = [...(files[name] ?? []), value];
      continue;
    }
    if (isUnreadable(value)) faults.push({ field: name, message: words.unreadable });
    lists[name] = [...(lists[name] ?? []), clean(value)];
  }
  const values = Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.at(-1)!]));
  if (faults.length) return { data: null, faults, values, lists, files };
  const parsed = schema.safeParse(shapeFor(schema, values, lists));
  if (parsed.success) return { data: parsed.data, faults, values, lists, files };
  return { data: null, faults: faultsOf(parsed.error, c.var.visit.language), values, lists, files };
}

/** Runs a domain act; faults that it finds come back instead of being thrown, so the form can show them. */
export async function attempt<T>(
  act: () => Promise<T>,
): Promise<{ done: true; result: T } | { done: false; faults: readonly FieldFault[] }> {
  try {
    return { done: true, result: await act() };
  } catch (error) {
    if (error instanceof Invalid) return { done: false, faults: error.faults };
    throw error;
  }
}

/** The faults of a zod error, the first of each field. A message that the schema does not word becomes «Заповніть це поле». */
export function faultsOf(error: z.ZodError, language: Language): FieldFault[] {
  const found = new Map<string, string>();
  for (const issue of error.issues) {
    const field = issue.path.map(String).join('.');
    const worded = !/^(Invalid|Too |Expected|Required|Unrecognized)/.test(issue.message);
    if (!found.has(field)) found.set(field, worded ? issue.message : text(language).fill);
  }
  return [...found].map(([field, message]) => ({ field, message }));
}

function shapeFor(
  schema: z.ZodType,
  values: Record<string, string>,
  lists: Record<string, string[]>,
): Record<string, string | string[]> {
  const shape = 'shape' in schema ? (schema.shape as Record<string, z.ZodType>) : {};
  const input: Record<string, string | string[]> = { ...values };
  for (const [name, field] of Object.entries(shape)) {
    let inner = field as z.ZodType & { def: { type: string; innerType?: z.ZodType } };
    while (inner.def.innerType) inner = inner.def.innerType as typeof inner;
    if (inner.def.type === 'array') input[name] = lists[name] ?? [];
  }
  return input;
}

function clean(value: string): string {
  return value.replaceAll('\r\n', '\n').normalize('NFC').trim();
}

/** NUL, other control characters, half characters, and marks that turn the direction of text to hide what it says. */
export function isUnreadable(value: string): boolean {
  if (!value.isWellFormed()) return true;
  for (const character of value) {
    const code = character.codePointAt(0)!;
    if (code < 32 && code !== 9 && code !== 10 && code !== 13) return true;
    if (code === 127 || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) return true;
  }
  return false;
}
