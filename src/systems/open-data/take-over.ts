import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { localDate } from '#platform/calendar/index.ts';
import { NotFound } from '#platform/errors.ts';
import { filesOf } from '#platform/files/index.ts';
import { enqueue } from '#platform/jobs/index.ts';
import type { JobDefinition, Platform, System } from '#platform/system.ts';
import { systemActor, type Work } from '#platform/work.ts';
import { createDataset } from './datasets.ts';
import { fieldOf, keyOfField, obligationKeys, obligationsOn } from './obligations/obligations.ts';
import { Upload } from './resource-input.ts';
import { createResource, patchResource } from './resources.ts';

const takeOverJob = 'open-data.take-over';

/** A report of a unit that the transparency office has accepted: its files are the next version of the unit's dataset. */
const accepted = z.object({
  submission: z.string(),
  /** The obligation: `835/56`, `835/56/stops` or `mun-023`. */
  template: z.string(),
  /** Code of the unit. */
  unit: z.string(),
  /** Ids of files of the city (src/platform/files). */
  files: z.array(z.uuid()).min(1),
});

export const takeOverEvents: NonNullable<System['on']> = {
  'transparency.submission.accepted': (work, event) =>
    enqueue(work, takeOverJob, event.payload, { singletonKey: event.id }),
};

export const takeOverJobs: readonly JobDefinition[] = [{ name: takeOverJob, run: takeOver }];

/**
 * Publishes what was accepted: the files become the next versions of the files of the unit's dataset for that obligation, through
 * all checks of a load. Where there is no such dataset a draft is made, since its passport wants a publisher's words. Called twice,
 * the same files make no version.
 *
 * @throws NotFound for a unit, an obligation or a file that is not there: the job lies among the failed ones then.
 */
export async function takeOver(platform: Platform, data: Record<string, unknown>): Promise<void> {
  const { submission, template, unit, files } = accepted.parse(data);
  await platform.work(systemActor('open data'), async (work) => {
    await work.tx.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${`open-data take over ${unit} ${template}`}, 38))`,
    );
    const dataset = await datasetFor(work, unit, template);
    const { rows: there } = await work.tx.execute<{ id: string }>(sql`
      select id from od_resource where dataset = ${dataset} and state = 'active' and kind = 'upload' order by position, id`);
    for (const [n, file] of files.entries()) {
      const { rows } = await work.tx.execute<{ sha256: string; bytes: string; name: string }>(
        sql`select sha256, bytes, name from file where id = ${file}`,
      );
      if (!rows[0]) throw new NotFound('file');
      const { sha256, bytes, name } = rows[0];
      const upload = new Upload({ sha256, bytes: Number(bytes) }, name, filesOf(platform.config));
      const old = there[n]?.id;
      const { resource } = old
        ? await patchResource(work, old, { upload })
        : await createResource(work, { package_id: dataset, name, upload });
      // Its version tells where it came from.
      await work.tx.execute(sql`update od_load set options = options || ${JSON.stringify({ submission })}::jsonb
        where resource = ${resource} and ended_at is null`);
    }
  });
}

/** The unit's dataset for an obligation, served ones first; a draft where there is none. @returns its id */
async function datasetFor(work: Work, unit: string, template: string): Promise<string> {
  const { rows: owners } = await work.tx.execute<{ id: string; name: string }>(
    sql`select id, name from od_organisation where unit = ${unit} and state = 'active'`,
  );
  const all = await obligationsOn(work.tx, localDate(work.clock.now()));
  const obligation = all.find((one) => obligationKeys(one).includes(keyOfField(template)));
  const [owner] = owners;
  if (!owner || !obligation) throw new NotFound(owner ? 'obligation' : 'unit');
  const keys = JSON.stringify(obligationKeys(obligation));
  const { rows } = await work.tx.execute<{ id: string }>(sql`
    select id from od_dataset where organisation = ${owner.id} and state in ('published', 'review', 'draft')
      and substring(obligation from '^[^/]+(?:/[^/]+)?') in (select jsonb_array_elements_text(${keys}::jsonb))
    order by state = 'published' desc, created_at, id limit 1`);
  if (rows[0]) return rows[0].id;
  const made = await createDataset(work, {
    name: `${owner.name.slice(0, 80)}-${obligation.code}`,
    title: obligation.title.slice(0, 254),
    owner_org: owner.id,
    state: 'draft',
    obligation: fieldOf(obligation),
  });
  return made.id;
}
