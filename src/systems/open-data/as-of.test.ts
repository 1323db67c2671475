// Keeps: as-of is what a brute-force model of days says, for everybody and for members (open-data.md 4.6, 12).
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';

import { systemActor } from '#platform/work.ts';
import { officer, testPortal } from './api/ckan/testing.ts';
import { openVersions, versionAsOf } from './versions.ts';

const portal = await testPortal();
const { platform } = portal;
const owner = (await portal.call('organization_create', { name: 'days', title: 'Дні' }, officer)).result.id;
const clock = platform.clock as ManualClock;

/** What happens to a resource, one thing after another. */
const acts = fc.array(fc.constantFrom('version', 'publish', 'hide', 'wait'), { minLength: 1, maxLength: 14 });

it('as of an instant is the version that was current then: for everybody, since it could be read', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (given) => {
      const [dataset, resource] = [randomUUID(), randomUUID()];
      const now = () => clock.now().toISOString();
      await platform.db.execute(sql`insert into od_dataset (id, name, state, private, organisation, created_at, modified_at)
        values (${dataset}, ${`d-${dataset}`}, 'published', true, ${owner}, ${now()}, ${now()})`);
      await platform.db.execute(sql`insert into od_resource (id, dataset, position, kind, created_at, modified_at)
        values (${resource}, ${dataset}, 0, 'upload', ${now()}, ${now()})`);
      const model = {
        n: 0,
        isPublic: false,
        opened: new Map<number, number>(),
        made: new Map<number, number>(),
      };
      const instants: Date[] = [];
      for (const act of given) {
        await platform.work(systemActor('test'), async (work) => {
          if (act === 'version') {
            model.n += 1;
            model.made.set(model.n, clock.now().getTime());
            const load = randomUUID();
            await work.tx.execute(sql`insert into od_load (id, resource, n, file, file_name, state, source, author_name, received_at, alive_at)
              values (${load}, ${resource}, ${model.n}, ${load}, 'a.csv', 'indexed', 'api', 'x', ${now()}, ${now()})`);
            await work.tx.execute(sql`insert into od_version (resource, n, load, raw_sha256, raw_bytes, raw_name, data_sha256, rows, columns, source, author_name, made_at)
              values (${resource}, ${model.n}, ${load}, 'x', 1, 'a.csv', 'x', 1, '[]', 'api', 'x', ${now()})`);
            await work.tx.execute(
              sql`update od_resource set current_version = ${model.n} where id = ${resource}`,
            );
          } else if (act !== 'wait') {
            model.isPublic = act === 'publish';
            await work.tx.execute(
              sql`update od_dataset set private = ${!model.isPublic} where id = ${dataset}`,
            );
          }
          await openVersions(work, [dataset]);
        });
        if (model.isPublic && model.n > 0 && !model.opened.has(model.n))
          model.opened.set(model.n, clock.now().getTime());
        instants.push(clock.now(), new Date(clock.now().getTime() - 1));
        clock.advance(60_000);
      }
      const latest = (from: ReadonlyMap<number, number>, at: Date) =>
        [...from].filter(([, since]) => since <= at.getTime()).at(-1)?.[0] ?? null;
      for (const at of instants) {
        const [open, all] = [
          await versionAsOf(platform.db, resource, at, { open: true }),
          await versionAsOf(platform.db, resource, at),
        ];
        expect([open?.n ?? null, all?.n ?? null]).toEqual([latest(model.opened, at), latest(model.made, at)]);
      }
    }),
    { numRuns: 12 },
  );
});
