import { asBoolean, asInteger, asText } from '../../coercion.ts';
import { Faults } from '../../faults.ts';

/** What an action takes under one name, read from JSON, a form or an address. */
export interface Parameter<T> {
  readonly kind: string;
  readonly needed: boolean;
  /** @param fault says what is wrong with the value. */
  read(value: unknown, fault: (message: string) => void): T;
}

/** A text; a list gives its first. */
export const text: Parameter<string | undefined> = {
  kind: 'text',
  needed: false,
  read: (value) => asText(Array.isArray(value) ? value[0] : value) ?? undefined,
};

/** A text that must be there. */
export const needed: Parameter<string> = {
  kind: 'text',
  needed: true,
  read: (value, fault) => {
    const found = asText(Array.isArray(value) ? value[0] : value);
    if (found === null) fault('Missing value');
    return found ?? '';
  },
};

/** A yes or no; silence means no. */
export const flag: Parameter<boolean> = {
  kind: 'boolean',
  needed: false,
  read: (value) => asBoolean(Array.isArray(value) ? value[0] : value),
};

/** A yes or no whose silence means yes. */
export const flagOn: Parameter<boolean> = {
  kind: 'boolean',
  needed: false,
  read: (value) => value === undefined || asBoolean(Array.isArray(value) ? value[0] : value),
};

/** A whole number from 0 on; more than `most` gives `most`. */
export function natural(usual: number, most = Number.MAX_SAFE_INTEGER): Parameter<number> {
  return {
    kind: 'integer',
    needed: false,
    read: (value, fault) => {
      const given = Array.isArray(value) ? value[0] : value;
      if (given === undefined || given === null || given === '') return usual;
      const number = asInteger(given);
      if (number === null) fault('Invalid integer');
      else if (number < 0) fault('Must be a natural number');
      return Math.min(number ?? usual, most);
    },
  };
}

/** A whole number of either sign. */
export function integer(usual: number): Parameter<number> {
  return {
    kind: 'integer',
    needed: false,
    read: (value, fault) => {
      const given = Array.isArray(value) ? value[0] : value;
      if (given === undefined || given === null || given === '') return usual;
      const number = asInteger(given);
      if (number === null) fault('Invalid integer');
      return number ?? usual;
    },
  };
}

/** A list: JSON, a repeated key, or one value; with `comma` also a text with commas. */
export function list(options: { readonly comma?: boolean } = {}): Parameter<string[] | undefined> {
  return {
    kind: 'list',
    needed: false,
    read: (value) => listOf(value, options.comma ?? false),
  };
}

/** A list that must be there. */
export const neededList: Parameter<string[]> = {
  kind: 'list',
  needed: true,
  read: (value, fault) => {
    const found = listOf(value, false);
    if (!found) fault('Missing value');
    return found ?? [];
  },
};

/** Whatever was sent. */
export const anything: Parameter<unknown> = { kind: 'any', needed: false, read: (value) => value };

function listOf(value: unknown, comma: boolean): string[] | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const many = Array.isArray(value) ? value : [value];
  return many.flatMap((one) => {
    if (typeof one !== 'string') return [asText(one) ?? ''];
    if (/^\s*\[/.test(one)) {
      const parsed = parsedList(one);
      if (parsed) return parsed.map((item) => asText(item) ?? '');
    }
    return comma
      ? one
          .split(',')
          .map((part) => part.trim())
          .filter(Boolean)
      : [one];
  });
}

function parsedList(text: string): unknown[] | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;
export type Given<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

/** Reads the declared parameters; others are for the action to know. @throws Faulty with all faults at once */
export function readGiven<P extends Parameters>(
  parameters: P,
  sent: Readonly<Record<string, unknown>>,
): Given<P> {
  const faults = new Faults();
  const given = Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [
      name,
      parameter.read(sent[name], (message) => faults.add(name, message)),
    ]),
  );
  faults.refuse();
  return given as Given<P>;
}
