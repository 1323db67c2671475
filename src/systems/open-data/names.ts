import { transliterate } from '#platform/i18n/transliterate.ts';
import type { Faults } from './faults.ts';

/** What the addresses of the portal already mean. */
const takenByPages = new Set(['new', 'edit', 'search']);

/**
 * Whether a value may be the name in an address of a dataset, organisation, theme or user; each fault is added with the words
 * that CKAN's clients know.
 *
 * @returns the name, or null when a fault was added.
 */
export function checkName(value: unknown, faults: Faults): string | null {
  const before = faults.fields.name?.length ?? 0;
  if (value === undefined || value === null || value === '') faults.add('name', 'Missing value');
  else if (typeof value !== 'string') faults.add('name', 'Names must be strings');
  else if (takenByPages.has(value)) faults.add('name', 'That name cannot be used');
  else {
    if (value.length < 2) faults.add('name', 'Must be at least 2 characters long');
    if (value.length > 100) faults.add('name', 'Name must be a maximum of 100 characters long');
    if (!/^[a-z0-9_-]*$/.test(value))
      faults.add('name', 'Must be purely lowercase alphanumeric (ascii) characters and these symbols: -_');
  }
  return (faults.fields.name?.length ?? 0) > before ? null : (value as string);
}

/** Whether a value may be an e-mail address; an empty one is none. */
export function checkEmail(field: string, value: string | null, faults: Faults): void {
  if (value && !/^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+\.[^\s@.]{2,}$/.test(value))
    faults.add(field, `Email ${value} is not a valid format`);
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}

/** The name of a file as it came, without signs that cannot be seen and those that turn the direction of text. */
export const readableName = (name: string): string =>
  name.toWellFormed().replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '');

/** A file name as it stands in an address: small Latin letters, digits, dots and dashes, with its ending kept. */
export function mungedName(name: string): string {
  const last = transliterate(name.split(/[\\/]/).at(-1)!.normalize('NFC').trim()).toLowerCase();
  const dot = last.lastIndexOf('.');
  const ending = dot > 0 ? last.slice(dot + 1).replace(/[^a-z0-9]/g, '') : '';
  const stem = (dot > 0 ? last.slice(0, dot) : last)
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 90);
  return `${stem || 'file'}${ending ? `.${ending}` : ''}`;
}
