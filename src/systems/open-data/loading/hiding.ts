import { createHash } from 'node:crypto';
import type { Secrets } from '#platform/identity/secrets.ts';
import { quoted } from './sql.ts';

/** What stands in place of a value that a publisher masks. */
export const mask = '•••';

/** Secret of the codes that stand for the values of one resource: equal values have equal codes in its files and its rows. */
export const hashKeyOf = (secrets: Secrets, resource: string): string =>
  secrets.blind('open-data.hash', resource);

/** The code that stands for a value; without the key nobody tells the value from it. */
export const hashOf = (key: string, value: string): string => hex(key + hex(key + value)).slice(0, 16);

const hex = (text: string) => createHash('sha256').update(text).digest('hex');

/** The same as SQL of DuckDB. @param bare SQL of the value */
export const hashSql = (key: string, bare: string): string =>
  `sha256(${quoted(key)} || sha256(${quoted(key)} || ${bare}))[1:16]`;
