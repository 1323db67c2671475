import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Work } from '#platform/work.ts';
import { Faults } from './faults.ts';
import { mustBeOfficer } from './rights.ts';

/** What the officer may set, in the words of CKAN's clients, and what holds until then. */
export const usualSettings = {
  'ckan.site_title': 'Портал відкритих даних',
  'ckan.site_description': 'Дані міста: відкриті, свіжі, перевірені',
  'ckan.locale_default': 'uk',
  'ckan.version': '2.11.3',
  email_to: '',
  'misto.api_at_host_root': 'true',
  /** Sites that may show the portal in a frame: sources of the policy `frame-ancestors`. */
  'misto.embed_ancestors': '*',
} as const;
export type SettingKey = keyof typeof usualSettings;

export interface Settings {
  readonly values: Readonly<Record<SettingKey, string>>;
  /** The API answers at the root of the host too. */
  readonly atHostRoot: boolean;
}

export async function readSettings(reader: Reader): Promise<Settings> {
  const { rows } = await reader.execute<{ key: string; value: string }>(
    sql`select key, value from od_setting`,
  );
  const values = { ...usualSettings, ...Object.fromEntries(rows.map((row) => [row.key, row.value])) };
  return { values, atHostRoot: values['misto.api_at_host_root'] === 'true' };
}

/** Sets values. The officer's. @throws Denied, Faulty for a key that is none */
export async function changeSettings(work: Work, given: Readonly<Record<string, unknown>>): Promise<void> {
  mustBeOfficer(work.actor);
  const faults = new Faults();
  for (const key of Object.keys(given))
    if (!(key in usualSettings)) faults.add('message', `Configuration option(s) '${key}' can not be updated`);
  faults.refuse();
  for (const [key, value] of Object.entries(given))
    await work.tx.execute(sql`insert into od_setting (key, value) values (${key}, ${String(value)})
      on conflict (key) do update set value = excluded.value`);
  await audit(work, {
    action: 'open-data:change_settings',
    resource: 'open-data:settings',
    detail: { keys: Object.keys(given) },
  });
}
