import { sql } from 'drizzle-orm';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { testPlatform } from '../database/testing.ts';
import { NotFound } from '../errors.ts';
import { startRelay } from '../events/relay.ts';
import { deadJobs, dropJob, reviveJob } from '../failures/index.ts';
import type { System } from '../system.ts';
import { anonymous, systemActor, type Work } from '../work.ts';
import { enqueue, startJobs } from './index.ts';

const ran: string[] = [];
let failing = true;
const system: System = {
  name: 'test',
  title: { uk: '', en: '' },
  summary: { uk: '', en: '' },
  jobs: [
    { name: 'test-count', run: async (_platform, data) => void ran.push(String(data.n)) },
    { name: 'test-nightly', schedule: '30 3 * * *', run: async () => {} },
    {
      name: 'test-fails',
      run: async (_platform, data) => {
        if (failing) throw new Error('cannot');
        ran.push(String(data.case));
      },
    },
  ],
};
const platform = await testPlatform({ systems: [system], clock: systemClock });
const jobs = await startJobs(platform, { url: platform.url, retryDelay: 1, retryLimit: 1 });
const relay = startRelay(platform, { url: platform.url, consumers: [jobs.consumer] });
afterAll(async () => {
  await relay.stop();
  await jobs.stop();
});
const actor = systemActor('test');

describe('jobs', () => {
  it('run once after the transaction that asked for them, and not at all after a rollback', async () => {
    await platform.work(actor, (work) => enqueue(work, 'test-count', { n: 1 }));
    await platform
      .work(actor, async (work) => {
        await enqueue(work, 'test-count', { n: 2 });
        throw new Error('rolled back');
      })
      .catch(() => {});
    await platform.work(actor, (work) => enqueue(work, 'test-count', { n: 3 }));
    relay.ping();
    await vi.waitFor(() => expect(ran).toContain('3'), { timeout: 5_000 });
    expect(ran.toSorted()).toEqual(['1', '3']);
  });

  it('that wait behind one another follow at once', async () => {
    const all = Array.from({ length: 12 }, (_, n) => `queue-${n}`);
    await platform.work(actor, async (work) => {
      for (const n of all) await enqueue(work, 'test-count', { n });
    });
    relay.ping();
    // Looked for every two seconds, they would take twenty-four.
    await vi.waitFor(() => expect(ran).toEqual(expect.arrayContaining(all)), { timeout: 12_000 });
  });

  it('of one key wait once, and not before their time', async () => {
    const startAfter = new Date(Date.now() + 3_600_000);
    for (let n = 0; n < 3; n += 1)
      await platform.work(actor, (work) =>
        enqueue(work, 'test-count', { n: 'later' }, { singletonKey: 'k', startAfter }),
      );
    await platform.work(actor, (work) => enqueue(work, 'test-count', { n: 4 }));
    relay.ping();
    await vi.waitFor(() => expect(ran).toContain('4'), { timeout: 5_000 });
    const { rows } = await platform.pool.query(
      `select singleton_key from pgboss.job where name = 'test-count' and state = 'created'`,
    );
    expect(rows).toEqual([{ singleton_key: 'k' }]);
    expect(ran).not.toContain('later');
  });

  it('asked for many times in one transaction under one key are one request, unless a savepoint took it back', async () => {
    const ask = (work: Work) => enqueue(work, 'test-count', { n: 5 }, { singletonKey: 'handful' });
    const asked = async (times: (work: Work) => Promise<void>) => {
      let count = 0;
      await platform
        .work(actor, async (work) => {
          await times(work);
          const { rows } = await work.tx.execute<{ n: number }>(
            sql`select count(*)::int as n from outbox where payload->>'key' = 'handful'`,
          );
          count = rows[0]!.n;
          throw new Error('enough seen');
        })
        .catch(() => {});
      return count;
    };
    expect(
      await asked(async (work) => {
        for (let n = 0; n < 3; n += 1) await ask(work);
      }),
    ).toBe(1);
    const lost = asked(async (work) => {
      await work.tx
        .transaction(async (tx) => {
          await ask({ ...work, tx });
          throw new Error('back to the savepoint');
        })
        .catch(() => {});
      await ask(work);
    });
    expect(await lost).toBe(1);
  });

  it('have schedules in Kyiv time', async () => {
    const { rows } = await platform.pool.query('select name, cron, timezone from pgboss.schedule');
    expect(rows).toEqual([{ name: 'test-nightly', cron: '30 3 * * *', timezone: 'Europe/Kyiv' }]);
  });

  it('that fail at every try are shown to administrators with the place, and tried again or dropped as they say', async () => {
    await platform.work(actor, (work) => enqueue(work, 'test-fails', { case: 'c1' }));
    relay.ping();
    await vi.waitFor(async () => expect((await deadJobs(platform.db)).rows).toHaveLength(1), {
      timeout: 15_000,
      interval: 200,
    });
    const { rows, total } = await deadJobs(platform.db);
    expect(total).toBe(1);
    expect(rows).toMatchObject([
      { name: 'test-fails', data: { case: 'c1' }, error: expect.stringMatching(/^Error /) },
    ]);
    expect(JSON.stringify(rows)).not.toContain('cannot');
    const kept = await platform.pool.query(
      `select count(*)::int as n from pgboss.job where output::text like '%cannot%'`,
    );
    expect(kept.rows).toEqual([{ n: 0 }]);

    failing = false;
    const { id } = rows[0]!;
    await expect(platform.work(anonymous, (work) => reviveJob(work, id))).rejects.toThrow(/not allowed/);
    await platform.work(actor, (work) => reviveJob(work, id));
    relay.ping();
    await vi.waitFor(() => expect(ran).toContain('c1'), { timeout: 5_000 });
    expect((await deadJobs(platform.db)).rows).toEqual([]);
    await expect(platform.work(actor, (work) => dropJob(work, id))).rejects.toThrow(NotFound);
  });
});
