import { sql } from 'drizzle-orm';
import { fetchOutside, OutsideFault } from '#platform/http/outside.ts';
import { enqueue } from '#platform/jobs/index.ts';
import type { JobDefinition, Platform } from '#platform/system.ts';
import { systemActor } from '#platform/work.ts';
import { originOf } from '../origin.ts';
import { refresh } from '../served.ts';

const checkJob = 'open-data.check-link';
/** Failures one behind the other after which a link counts as dead. */
const mostFailures = 3;
/** A second look on the same day counts for nothing, in milliseconds. */
const aDay = 20 * 3_600_000;
/** A link is given so long, in milliseconds. */
const longest = 20_000;
/** Links that one transaction asks for. */
const atOnce = 200;

export const linkCheckJobs: readonly JobDefinition[] = [
  { name: checkJob, run: (platform, { resource }) => checkLink(platform, String(resource)) },
  { name: 'open-data.check-links', schedule: '10 3 * * *', run: (platform) => askForChecks(platform) },
];

/** Asks for a look at every link that the public may follow; addresses of this city itself are not outside of it. */
export async function askForChecks(platform: Platform): Promise<void> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const asked = await platform.work(systemActor('open data'), async (work) => {
      const { rows } = await work.tx.execute<{ id: string }>(sql`
        select r.id from od_resource r join od_dataset d on d.id = r.dataset
        where r.id > ${after} and r.kind = 'link' and r.state = 'active' and d.state = 'published' and not d.private
          and not starts_with(r.url, ${`${originOf(platform)}/`})
        order by r.id limit ${atOnce}`);
      for (const { id } of rows) await enqueue(work, checkJob, { resource: id }, { singletonKey: id });
      return rows;
    });
    if (asked.length < atOnce) return;
    after = asked.at(-1)!.id;
  }
}

/**
 * Looks whether a link answers, at most once a day: the third failure in a row makes it dead, one good answer makes it alive again.
 * Another address begins anew.
 */
export async function checkLink(platform: Platform, resource: string): Promise<void> {
  const now = platform.clock.now();
  const { rows } = await platform.db.execute<{ url: string; dataset: string; failures: number | null }>(sql`
    select r.url, r.dataset, k.failures from od_resource r left join od_link_check k on k.resource = r.id and k.url = r.url
    where r.id = ${resource} and r.kind = 'link' and r.state = 'active'
      and (k.checked_at is null or k.checked_at < ${new Date(now.getTime() - aDay).toISOString()})`);
  const [link] = rows;
  if (!link) return;
  const answer = await answerOf(platform, link.url);
  const failed = !/^2\d\d$/.test(answer);
  const at = now.toISOString();
  await platform.work(systemActor('open data'), async (work) => {
    await work.tx.execute(sql`
    insert into od_link_check as k (resource, url, checked_at, failures, answer, broken_at)
    values (${resource}, ${link.url}, ${at}, ${failed ? 1 : 0}, ${answer}, null)
    on conflict (resource) do update set url = excluded.url, checked_at = excluded.checked_at, answer = excluded.answer,
      failures = case when excluded.failures = 0 or k.url <> excluded.url then excluded.failures else k.failures + 1 end,
      broken_at = case when excluded.failures = 1 and k.url = excluded.url and k.failures + 1 >= ${mostFailures}
        then coalesce(k.broken_at, ${at}::timestamptz) end`);
    // Whether its links answer is a part of the quality that the catalogue is narrowed and sorted by.
    if (link.failures === null || (link.failures === 0) === failed) await refresh(work, [link.dataset]);
  });
}

/** The status that an address answers with, or why it did not. */
async function answerOf(platform: Platform, url: string): Promise<string> {
  try {
    const { status, body } = await fetchOutside(url, {
      largest: Number.POSITIVE_INFINITY,
      longest,
      allowed: platform.config.outsideHosts,
    });
    // The first piece is proof enough; leaving the loop ends the connection.
    for await (const _ of body) break;
    return String(status);
  } catch (error) {
    if (error instanceof OutsideFault) return error.kind;
    throw error;
  }
}
