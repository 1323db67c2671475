// Keeps: existing clients work unmodified (open-data.md 5, 12). The library is what its users install.
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { officer, testPortal } from './testing.ts';

type Payload = Record<string, unknown>;
interface Portal {
  withToken(token: string): Portal;
  // biome-ignore lint/suspicious/noExplicitAny: the client's own types say no more
  readonly action: Record<string, (payload?: Payload | FormData) => Promise<any>>;
}
const { Portal } = createRequire(import.meta.url)('ckanapi') as { Portal: new (url: string) => Portal };

const portal = await testPortal();

describe.each([
  ['the address of the portal', portal.site],
  ['the bare host', portal.origin],
])('ckanapi for JavaScript at %s', (_, url) => {
  const suffix = url === portal.site ? 'a' : 'b';
  const anonymous = new Portal(url);
  const client = anonymous.withToken(officer);
  it('writes and reads', async () => {
    await client.action.organization_create!({ name: `org-${suffix}`, title: 'Розпорядник' });
    const result = await client.action.package_create!({
      name: `set-${suffix}`,
      owner_org: `org-${suffix}`,
      title: 'Набір',
    });
    expect(result.name).toBe(`set-${suffix}`);
    await client.action.resource_create!({ package_id: result.id, url: 'https://example.org/a.csv' });
    await client.action.package_patch!({ id: result.id, notes: 'опис' });
    const shown = await anonymous.action.package_show!({ id: result.id });
    expect(shown).toMatchObject({ notes: 'опис', num_resources: 1 });
    const found = await anonymous.action.package_search!({
      q: 'набір',
      fq: `organization:org-${suffix}`,
      rows: 5,
    });
    expect(found.count).toBe(1);
    expect(await anonymous.action.package_list!()).toContain(`set-${suffix}`);
  });
  it('uploads', async () => {
    const form = new FormData();
    form.set('package_id', `set-${suffix}`);
    form.set('name', 'файл');
    form.set('upload', new File(['a,b\n1,2\n'], 'table.csv'));
    const result = await client.action.resource_create!(form);
    expect(result).toMatchObject({ url_type: 'upload', format: 'CSV', size: 8 });
    expect(await (await fetch(result.url)).text()).toBe('a,b\n1,2\n');
  });
  it('writes rows and asks them', async () => {
    const table = await client.action.datastore_create!({
      resource: { package_id: `set-${suffix}`, name: 'рядки' },
      fields: [
        { id: 'назва', type: 'text' },
        { id: 'сума', type: 'numeric' },
      ],
      primary_key: ['назва'],
      records: [
        { назва: 'перший', сума: 1.5 },
        { назва: 'другий', сума: 2 },
      ],
    });
    const id = table.resource_id;
    await client.action.datastore_upsert!({
      resource_id: id,
      records: [{ назва: 'другий', сума: 3 }],
      method: 'upsert',
    });
    const found = await anonymous.action.datastore_search!({ resource_id: id, filters: { сума: { gt: 2 } } });
    expect(found).toMatchObject({ total: 1, records: [{ назва: 'другий', сума: 3 }] });
    const sum = await anonymous.action.datastore_search_sql!({ sql: `select sum("сума") as s from "${id}"` });
    expect(sum.records).toEqual([{ s: 4.5 }]);
    await client.action.datastore_records_delete!({ resource_id: id, filters: { назва: 'перший' } });
    expect((await anonymous.action.datastore_search!({ resource_id: id })).total).toBe(1);
  });
  it('tells errors as they are', async () => {
    const answer = await anonymous.action.package_create!({ name: 'x' }).catch((error: unknown) => error);
    expect(JSON.stringify(answer)).toContain('Authorization Error');
  });
});
