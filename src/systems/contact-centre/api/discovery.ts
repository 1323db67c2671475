import { sql } from 'drizzle-orm';
import { messages } from '#platform/i18n/index.ts';
import type { Answer, Call } from './call.ts';
import { formatInstant } from './dates.ts';
import { mediaType } from './format.ts';

export const productionPath = '/open311/v2';
export const testPath = '/open311/test/v2';

const text = messages(
  {
    contact: (phone: string) => `Контакт-центр: ${phone}`,
    key: (phone: string) => `Ключ для запису дає контакт-центр: ${phone}. Читати можна без ключа.`,
  },
  {
    en: {
      contact: (phone) => `Contact centre: ${phone}`,
      key: (phone) => `The contact centre gives out keys for writing: ${phone}. Reading needs none.`,
    },
  },
);

/** Where the endpoints are. Two of them with two formats each, so that readers of XML see lists. */
export async function discovery(call: Call): Promise<Answer> {
  const { rows } = await call.platform.db.execute<{ changed: string }>(
    sql`select greatest(max(valid_from), max(valid_to)) as changed from cc_category
        where valid_from <= ${call.platform.clock.now().toISOString()}`,
  );
  // A changeset lies in the past, also in a city without categories.
  const changeset = formatInstant(new Date(rows[0]?.changed ?? '2026-01-01T00:00:00Z'));
  const words = text(call.language);
  const endpoint = (path: string, type: string) => ({
    specification: 'http://wiki.open311.org/GeoReport_v2',
    url: `${call.origin}${path}`,
    changeset,
    type,
    formats: [mediaType.xml, mediaType.json],
  });
  return {
    bareType: true,
    document: {
      root: 'discovery',
      value: {
        changeset,
        contact: words.contact(call.city.phone),
        key_service: words.key(call.city.phone),
        endpoints: [endpoint(productionPath, 'production'), endpoint(testPath, 'test')],
      },
    },
  };
}
