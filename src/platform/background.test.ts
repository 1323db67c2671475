import { afterAll, describe, expect, it, vi } from 'vitest';
import { audit } from './audit/append.ts';
import { startBackground } from './background.ts';
import { systemClock } from './clock.ts';
import { testPlatform } from './database/testing.ts';
import { hubOf } from './events/live.ts';
import { emit } from './events/outbox.ts';
import { enqueue } from './jobs/index.ts';
import { readLag } from './lag.ts';
import { createPlatform } from './platform.ts';
import type { System } from './system.ts';
import { systemActor } from './work.ts';

const heard: string[] = [];
const system: System = {
  name: 'test',
  title: { uk: '', en: '' },
  summary: { uk: '', en: '' },
  on: {
    'test.happened': async (work, event) => {
      heard.push(String(event.payload.n));
      await enqueue(work, 'test-job', { n: event.payload.n });
    },
  },
  jobs: [{ name: 'test-job', run: async (_platform, data) => void heard.push(`job ${data.n}`) }],
};
const a = await testPlatform({ systems: [system], clock: systemClock });
const b = createPlatform({ config: a.config, clock: a.clock, pool: a.pool, systems: [system] });
const problems: string[] = [];
const report = (error: unknown, where: string) => problems.push(`${where}: ${(error as Error).message}`);
const backgrounds = [
  await startBackground(a, { url: a.url, report }),
  await startBackground(b, { url: a.url, report }),
];
afterAll(async () => {
  for (const one of backgrounds) await one.stop();
});

describe('behind the scenes two processes behave as one', () => {
  it('an act reaches systems, jobs, live pages and the audit once', async () => {
    const live: string[] = [];
    hubOf(b).subscribe(
      (event) => live.push(event.name),
      () => {},
    );
    for (let n = 0; n < 10; n += 1) {
      await a.work(systemActor('test'), async (work) => {
        await audit(work, { action: 'test:act', resource: `n:${n}` });
        await emit(work, 'test.happened', { n });
      });
      backgrounds[n % 2]!.ping();
    }
    await vi.waitFor(() => expect(heard).toHaveLength(20), { timeout: 10_000 });
    await vi.waitFor(async () => expect(await readLag(a.db)).toEqual({ events: 0, audit: 0 }), {
      timeout: 5_000,
    });
    expect(new Set(heard).size).toBe(20);
    await vi.waitFor(() => expect(live.filter((name) => name === 'test.happened')).toHaveLength(10), {
      timeout: 5_000,
    });
    const { rows } = await a.pool.query(`select count(*)::int as n from audit_log where action = 'test:act'`);
    expect(rows[0].n).toBe(10);
    expect(problems).toEqual([]);
  });
});
