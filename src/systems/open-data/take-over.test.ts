// Keeps: what the transparency office accepts becomes the next version of the unit's dataset, through all checks (open-data.md 8).
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { filesOf, keepStored } from '#platform/files/index.ts';
import { systemActor } from '#platform/work.ts';
import { officer, testPortal } from './api/ckan/testing.ts';
import { runOneLoad } from './loading/loads.ts';
import { takeOver, takeOverEvents } from './take-over.ts';

const portal = await testPortal();
const { platform } = portal;
const store = filesOf(platform.config);
await portal.call('organization_create', { name: 'transport', title: 'Транспорт' }, officer);

async function fileOf(text: string): Promise<string> {
  const content = await store.put(new TextEncoder().encode(text));
  return platform.work(systemActor('test'), (work) =>
    keepStored(work, store, content, { name: 'stops.csv', type: 'text/csv' }),
  );
}
async function accept(submission: string, file: string, more: Record<string, unknown> = {}): Promise<void> {
  await takeOver(platform, { submission, template: '835/56', unit: 'transport', files: [file], ...more });
  const { rows } = await platform.db.execute<{ id: string }>(
    sql`select id from od_load where ended_at is null`,
  );
  for (const { id } of rows) await runOneLoad(platform, id);
}
const told = async () => {
  const { rows } = await platform.db.execute<{ version: number; submission: string }>(sql`
    select (payload ->> 'version')::int as version, payload ->> 'submission' as submission from outbox
    where name = 'open-data.version.published' order by id`);
  return rows;
};
const datasets = async () => {
  const { rows } = await platform.db.execute<{ name: string; state: string; obligation: string }>(
    sql`select name, state, obligation from od_dataset`,
  );
  return rows;
};

it('makes a draft where the unit has no dataset for the obligation, and versions of its one file after that', async () => {
  const first = await fileOf('id,назва\n1,Вокзал\n2,Площа\n3,Парк\n');
  await accept('s-1', first);
  expect(await datasets()).toEqual([{ name: 'transport-mun-023', state: 'draft', obligation: '835/56' }]);
  await accept('s-1', first);
  await accept('s-2', await fileOf('id,назва\n1,Вокзал\n2,Площа Успенська\n3,Парк\n'), {
    template: 'mun-023',
  });
  expect(await datasets()).toHaveLength(1);
  expect(await told()).toEqual([
    { version: 1, submission: 's-1' },
    { version: 2, submission: 's-2' },
  ]);
});

it('goes through the same checks as every file: what gives people away makes no version', async () => {
  await accept('s-3', await fileOf('id,телефон\n1,+380501234567\n2,+380671234567\n3,+380931234567\n'));
  expect(await told()).toHaveLength(2);
});

it('says what is not there, and publishes nothing', async () => {
  const file = await fileOf('a,b\n1,2\n');
  for (const wrong of [{ unit: 'nobody' }, { template: '835/999' }])
    await expect(accept('s-4', file, wrong)).rejects.toMatchObject({ status: 404 });
  expect(await datasets()).toHaveLength(1);
});

it('is asked for as a job of its own, once for each event', async () => {
  const payload = { submission: 's-5', template: '835/56', unit: 'transport', files: [] };
  const event = { number: 1, id: 'e-1', name: '', topic: null, payload, occurredAt: platform.clock.now() };
  await platform.work(systemActor('test'), async (work) => {
    await takeOverEvents['transparency.submission.accepted']!(work, event);
    await takeOverEvents['transparency.submission.accepted']!(work, event);
  });
  const { rows } = await platform.db.execute<{ payload: unknown }>(sql`
    select payload from outbox where payload ->> 'job' = 'open-data.take-over'`);
  expect(rows).toEqual([{ payload: { job: 'open-data.take-over', data: payload, key: 'e-1' } }]);
});
