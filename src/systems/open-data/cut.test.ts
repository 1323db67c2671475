// Keeps: rows that programs write become versions: fifteen minutes after the last write, at 10,000 changes, or when asked (open-data.md 4.6).
import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { officer, testPortal } from './api/ckan/testing.ts';
import { publisherOf } from './api/native/testing.ts';
import { cutVersion, cutVersions } from './cut.ts';
import { mostUncut } from './datastore/uncut.ts';
import { versionsOf } from './versions.ts';

const portal = await testPortal();
const { platform } = portal;
const { clock, ask } = publisherOf(portal);
const minutes = 60_000;
await portal.call('organization_create', { name: 'rows', title: 'Рядки' }, officer);
await portal.call('package_create', { name: 'readings', title: 'Показники', owner_org: 'rows' }, officer);
let resource = '';

beforeEach(async () => {
  const made = await portal.call(
    'datastore_create',
    {
      resource: { package_id: 'readings', name: 'Показники' },
      fields: [
        { id: 'код', type: 'text' },
        { id: 'сума', type: 'numeric' },
        { id: 'коли', type: 'timestamp' },
        { id: 'теги', type: '_text' },
        { id: 'ще', type: 'json' },
      ],
      primary_key: 'код',
      records: [
        { код: 'a', сума: 1.25, коли: '2026-01-02T03:04:05', теги: ['x', 'y,z'], ще: { k: [1] } },
        { код: 'b', сума: null, коли: null, теги: null, ще: null },
      ],
    },
    officer,
  );
  resource = made.result.resource_id;
});

const write = (records: unknown[]) =>
  portal.call('datastore_upsert', { resource_id: resource, records, method: 'upsert' }, officer);
const post = (token?: string, body?: unknown) =>
  portal.fetch(`/api/v1/open-data/resources/${resource}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: token } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const versions = () => versionsOf(platform.db, resource);

describe('rows that programs write', () => {
  it('become a version when nobody has written for a while, within fifteen minutes of the last write', async () => {
    await cutVersions(platform);
    expect(await versions()).toEqual([]);
    clock.advance(5 * minutes);
    await write([{ код: 'c', сума: 3 }]);
    clock.advance(5 * minutes);
    await cutVersions(platform);
    expect(await versions()).toEqual([]);
    // The job comes every five minutes.
    clock.advance(5 * minutes);
    await cutVersions(platform);
    expect(await versions()).toMatchObject([{ n: 1, rows: 3, source: 'rows', key: ['код'] }]);
    clock.advance(20 * minutes);
    await cutVersions(platform);
    expect(await versions()).toHaveLength(1);
  });

  it('ask for a version by themselves at 10,000 changes, once', async () => {
    const many = Array.from({ length: mostUncut - 10 }, (_, n) => ({ код: `n${n}`, сума: n }));
    const asked = async () =>
      (
        await platform.db.execute(
          sql`select from outbox where payload ->> 'job' = 'open-data.cut-version' and payload -> 'data' ->> 'resource' = ${resource}`,
        )
      ).rows.length;
    await write(many);
    expect(await asked()).toBe(0);
    await write(many.slice(0, 20));
    expect(await asked()).toBe(1);
    await write(many.slice(0, 20));
    expect(await asked()).toBe(1);
    await cutVersion(platform, resource);
    expect(await versions()).toMatchObject([{ n: 1, rows: mostUncut - 8 }]);
  });

  it('become a version by POST for whoever may write, with a note; without new rows there is none', async () => {
    const made = await post(officer, { note: 'перший квартал' });
    expect(made.status).toBe(201);
    expect(await made.json()).toMatchObject({
      version: 1,
      rows: 2,
      note: 'перший квартал',
      unchanged: false,
    });
    const again = await post(officer);
    expect([again.status, await again.json()]).toEqual([
      200,
      expect.objectContaining({ version: 1, unchanged: true }),
    ]);
    // The same rows in the end are the same version.
    await write([{ код: 'a', сума: 9 }]);
    await write([{ код: 'a', сума: 1.25 }]);
    expect((await post(officer)).status).toBe(200);
    expect(await versions()).toHaveLength(1);
  });

  it('are no version for strangers, readers, or a browser that only has a session', async () => {
    expect((await post()).status).toBe(401);
    const reader = await portal.member('rows', 'member', `reader-${resource.slice(0, 8)}`);
    expect((await post(reader)).status).toBe(403);
    expect((await post(officer, 'nonsense')).status).toBe(422);
    expect(await versions()).toEqual([]);
  });

  it('are read from their version as they were, cell by cell, when others have followed', async () => {
    await post(officer);
    const before = (await ask(resource, '/rows')).body.records;
    clock.advance(minutes);
    await write([
      { код: 'a', сума: 2.5 },
      { код: 'c', сума: 7 },
    ]);
    const { body } = await ask(resource, '/rows');
    expect([body.version, body.total]).toEqual([null, 3]);
    expect((await ask(resource, '/rows?version=1')).body.records).toEqual(before);
    expect(before[0]).toEqual({
      _id: 1,
      код: 'a',
      сума: 1.25,
      коли: '2026-01-02T03:04:05.000',
      теги: ['x', 'y,z'],
      ще: { k: [1] },
    });
    // Exports and groups take the rows as they stand, though no version holds them yet.
    expect((await ask(resource, '/export.csv?fields=код,сума')).text).toBe('код,сума\r\na,2.5\nb,\nc,7\n');
    expect((await ask(resource, '/aggregate?measure=sum(сума)')).body).toMatchObject({
      version: null,
      groups: [{ 'sum(сума)': 9.5 }],
    });
    await post(officer);
    expect((await ask(resource, '/diff')).body).toMatchObject({
      key: ['код'],
      counts: { added: 1, changed: 1, removed: 0, same: 1 },
    });
  });

  it('that are dropped stay in their versions', async () => {
    await post(officer);
    await portal.call('datastore_delete', { resource_id: resource }, officer);
    expect((await ask(resource, '/rows')).status).toBe(404);
    expect((await ask(resource, '/rows?version=1')).body.total).toBe(2);
    await portal.call(
      'datastore_create',
      { resource_id: resource, fields: [{ id: 'x', type: 'int' }] },
      officer,
    );
    expect((await ask(resource, '/rows')).body).toMatchObject({ version: null, total: 0 });
  });
});
