// Keeps: a file that comes by the API becomes a table that is asked (open-data.md 4, 5.5).
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { runOneLoad } from '../../loading/loads.ts';
import { encode } from '../../loading/testing.ts';
import { officer, testPortal } from './testing.ts';

const portal = await testPortal();
await portal.call('organization_create', { name: 'osvita', title: 'Освіта' }, officer);
await portal.call('package_create', { name: 'schools', title: 'Школи', owner_org: 'osvita' }, officer);

/** Sends a file as clients do, and waits until it is loaded. */
async function send(
  name: string,
  content: Uint8Array,
  more: Record<string, string> = {},
  action = 'resource_create',
) {
  const form = new FormData();
  for (const [key, value] of Object.entries({ package_id: 'schools', name, ...more })) form.set(key, value);
  form.set('upload', new Blob([content as Uint8Array<ArrayBuffer>]), name);
  const answer = await portal.fetch(`/open-data/api/3/action/${action}`, {
    method: 'POST',
    headers: { authorization: officer },
    body: form,
  });
  const { result } = (await answer.json()) as { result: { id: string; load_status: string } };
  const { rows } = await portal.platform.db.execute<{ id: string }>(
    sql`select id from od_load where resource = ${result.id} order by n desc limit 1`,
  );
  if (rows[0]) await runOneLoad(portal.platform, rows[0].id);
  return result;
}
const show = async (id: string) => (await portal.call('resource_show', { id })).result;
const search = async (parameters: Record<string, unknown>) =>
  (await portal.call('datastore_search', parameters)).result;

describe('an upload', () => {
  it('in windows-1251 with semicolons and a header of two lines is queryable at once', async () => {
    const text =
      'Заклад;;Місць\r\nНазва;Адреса;усього\r\nШкола № 1;вул. Робоча, 5;850\r\nЛіцей;просп. Науки, 10;1 420,5\r\n';
    const made = await send('shkoly.csv', encode(text, 'windows-1251'));
    expect(made.load_status).toBe('received');
    const resource = await show(made.id);
    expect(resource).toMatchObject({
      datastore_active: true,
      load_status: 'indexed',
      rows: 2,
      version: 1,
      url_type: 'upload',
    });
    const found = await search({ resource_id: made.id, q: 'ліцею' });
    expect(found.total).toBe(1);
    expect(Object.values(found.records[0])).toEqual(
      expect.arrayContaining(['Ліцей', 'просп. Науки, 10', 1420.5]),
    );
    const sqlAnswer = await portal.call('datastore_search_sql', {
      sql: `select count(*) as n from "${made.id}"`,
    });
    expect(sqlAnswer.result.records).toEqual([{ n: 2 }]);
    // The original comes back as it was sent.
    expect(
      Buffer.from(await (await fetch(resource.url)).arrayBuffer()).equals(encode(text, 'windows-1251')),
    ).toBe(true);
  });

  it('again makes the next version, the same file none', async () => {
    const csv = (rows: string) => new TextEncoder().encode(`n,t\n${rows}`);
    const made = await send('a.csv', csv('1,a\n2,b\n'));
    await send('a.csv', csv('1,a\n2,b\n'), { id: made.id }, 'resource_update');
    expect((await show(made.id)).version).toBe(1);
    const before = (await portal.call('package_show', { id: 'schools' })).result.metadata_modified;
    await send('a.csv', csv('1,a\n2,c\n3,d\n'), { id: made.id }, 'resource_update');
    expect(await show(made.id)).toMatchObject({ version: 2, rows: 3 });
    expect((await search({ resource_id: made.id, filters: { n: 2 } })).records).toEqual([
      { _id: 2, n: 2, t: 'c' },
    ]);
    expect((await portal.call('package_show', { id: 'schools' })).result.metadata_modified >= before).toBe(
      true,
    );
  });

  it('that is no table is stored, and one that cannot be read says so while the last version stays', async () => {
    expect((await send('plan.pdf', new Uint8Array([37, 80, 68, 70]))).load_status).toBeNull();
    const made = await send('b.csv', new TextEncoder().encode('n\n1\n'));
    await send('b.csv', new Uint8Array(), { id: made.id }, 'resource_update');
    expect(await show(made.id)).toMatchObject({ load_status: 'failed', version: 1, datastore_active: true });
    expect((await search({ resource_id: made.id })).total).toBe(1);
  });
});
