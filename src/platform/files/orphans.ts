import { type SQL, sql } from 'drizzle-orm';
import { enqueue } from '../jobs/index.ts';
import type { JobDefinition, Platform, System } from '../system.ts';
import type { Work } from '../work.ts';
import { contentLock, filesOf } from './index.ts';

/** A file to which nothing refers is kept this long: a form may still be on its way. */
const aWeek = 7 * 86_400_000;

const forgetContentJob = 'platform.forget-content';

/** What the file store needs done behind the scenes. */
export const fileJobs: readonly JobDefinition[] = [
  {
    name: 'platform.forget-files',
    schedule: '41 2 * * *',
    run: (platform) => forgetOrphans(platform),
  },
  {
    name: forgetContentJob,
    run: (platform, { sha256 }) => forgetContent(platform, String(sha256)),
  },
];

/**
 * Removes files, with their variants, in the caller's transaction; their bytes go after the commit, unless others have the
 * same.
 */
export async function removeFiles(work: Work, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const list = sql`array[${sql.join(
    ids.map((id) => sql`${id}::uuid`),
    sql`, `,
  )}]`;
  const { rows } = await work.tx.execute<{ sha256: string }>(
    sql`select distinct sha256 from file where id = any(${list}) or variant_of = any(${list})`,
  );
  await work.tx.execute(sql`delete from file where id = any(${list})`);
  for (const { sha256 } of rows) await enqueue(work, forgetContentJob, { sha256 }, { singletonKey: sha256 });
}

/**
 * The nightly round: files older than seven days to which no system refers lose their row, content of that age without a
 * row its bytes. Any number of processes may do it at once.
 */
export async function forgetOrphans(platform: Platform): Promise<void> {
  const files = filesOf(platform.config);
  const before = new Date(platform.clock.now().getTime() - aWeek);
  await platform.db.execute(
    sql`delete from file where variant_of is null and created_at < ${before.toISOString()}
      and not ${referredBy(platform.systems)}`,
  );
  for await (const sha256 of files.storedBefore(before)) await forgetContent(platform, sha256);
  await files.tidy(platform.clock.now());
}

/** Whether a system refers to a `file`, as one condition. */
export function referredBy(systems: readonly System[]): SQL {
  const queries = systems.flatMap((system) => system.fileReferences ?? []);
  return queries.length === 0
    ? sql`false`
    : sql.raw(`(${queries.map((query) => `file.id::text in (${query})`).join(' or ')})`);
}

/** Removes bytes of which no row speaks. Whoever is keeping the same bytes holds the lock, and is waited for. */
async function forgetContent(platform: Platform, sha256: string): Promise<void> {
  const files = filesOf(platform.config);
  await platform.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${contentLock}, hashtext(${sha256}))`);
    const { rows } = await tx.execute(sql`select from file where sha256 = ${sha256} limit 1`);
    if (rows.length === 0) await files.remove(sha256);
  });
}
