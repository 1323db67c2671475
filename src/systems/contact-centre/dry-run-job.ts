import { sql } from 'drizzle-orm';
import { mustBeAble } from '#platform/access/index.ts';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';
import { enqueue } from '#platform/jobs/index.ts';
import type { JobDefinition, Platform } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import { readCity } from './city.ts';
import type { RuleData } from './city-data.ts';
import { permission } from './permissions.ts';
import { type DryRunReport, readSet, rulesHash, tryOut, who } from './rule-drafts.ts';

/** A dry run as it stands: waiting for its turn, running, done with its report, or failed. */
export interface DryRunState {
  readonly id: string;
  readonly version: number;
  readonly status: 'waiting' | 'running' | 'done' | 'failed';
  readonly done: number;
  readonly total: number;
  readonly from: Date;
  readonly to: Date;
  readonly report: DryRunReport | null;
  readonly madeAt: Date;
  readonly readAt: Date | null;
  /** The rules are still the ones that were tried out. */
  readonly fits: boolean;
}

const job = 'contact-centre.dry-run';

/**
 * Asks for a dry run of a rule set over the last twelve months; it runs as a job, in bounded memory, and does not hold up
 * whoever asked. Asked for again while one of the same rules is under way, that one is meant.
 *
 * @returns the id under which its state is read. @throws NotFound
 */
export async function askDryRun(work: Work, version: number): Promise<string> {
  mustBeAble(work.actor, permission('rule_write'));
  const set = await readSet(work, version);
  const under = await work.tx.execute<{ id: string }>(sql`select id from cc_dry_run
    where rule_version = ${version} and rules_hash = ${set.hash} and status in ('waiting', 'running')`);
  if (under.rows[0]) return under.rows[0].id;
  const to = work.clock.now();
  const from = new Date(to);
  from.setUTCFullYear(from.getUTCFullYear() - 1);
  const { rows } = await work.tx.execute<{ id: string }>(sql`
    insert into cc_dry_run (rule_version, rules_hash, period_from, period_to, made_by, made_at, status, requests_total)
    select ${version}, ${set.hash}, ${from.toISOString()}::timestamptz, ${to.toISOString()}::timestamptz, ${who(work)},
      ${to.toISOString()}::timestamptz, 'waiting', (select count(*) from cc_request
        where not sandbox and created_at >= ${from.toISOString()}::timestamptz and created_at < ${to.toISOString()}::timestamptz)
    returning id`);
  const { id } = rows[0]!;
  await enqueue(work, job, { id });
  await audit(work, {
    action: permission('rule_write'),
    resource: `rules:${version}`,
    detail: { dryRun: id },
  });
  return id;
}

/** Where a dry run stands. @throws NotFound */
export async function dryRunState(reader: Reader, id: string): Promise<DryRunState> {
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    select d.*, d.rules_hash = (select ${rulesHash} from cc_rule_set s where s.version = d.rule_version) as fits
    from cc_dry_run d where d.id::text = ${id}`);
  if (!rows[0]) throw new NotFound('dry run');
  return stateOf(rows[0]);
}

/** The dry runs of a rule set, the newest first; their reports stay where they are. */
export async function dryRunsOf(reader: Reader, version: number): Promise<Omit<DryRunState, 'report'>[]> {
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    select d.id, d.rule_version, d.status, d.requests_done, d.requests_total, d.period_from, d.period_to, d.made_at, d.read_at,
      d.rules_hash = (select ${rulesHash} from cc_rule_set s where s.version = d.rule_version) as fits
    from cc_dry_run d where d.rule_version = ${version} order by d.made_at desc, d.id desc limit 20`);
  return rows.map(stateOf);
}

const instant = (value: unknown) => new Date(String(value));

function stateOf(row: Record<string, unknown>): DryRunState {
  return {
    id: String(row.id),
    version: Number(row.rule_version),
    status: row.status as DryRunState['status'],
    done: Number(row.requests_done),
    total: Number(row.requests_total),
    from: instant(row.period_from),
    to: instant(row.period_to),
    report: (row.report as DryRunReport | null | undefined) ?? null,
    madeAt: instant(row.made_at),
    readAt: row.read_at ? instant(row.read_at) : null,
    fits: row.fits === true,
  };
}

/** What routing rules need done behind the scenes. */
export const ruleJobs: readonly JobDefinition[] = [
  { name: job, run: (platform, data) => carryOut(platform, String(data.id)) },
];

/** Runs what was asked for. Broken off by a stop of the process it begins anew: nothing but its own row is written. */
async function carryOut(platform: Platform, id: string): Promise<void> {
  const { db } = platform;
  const { rows } = await db.execute<{
    version: number;
    rules: RuleData[];
    hash: string;
    from: string;
    to: string;
  }>(sql`
    update cc_dry_run d set status = 'running', requests_done = 0, rules_hash = s.hash
    from (select version, rules, ${rulesHash} as hash from cc_rule_set) s
    where d.id::text = ${id} and d.status <> 'done' and s.version = d.rule_version
    returning s.version, s.rules, s.hash, d.period_from as "from", d.period_to as "to"`);
  const asked = rows[0];
  if (!asked) return;
  try {
    const report = await tryOut(
      db,
      await readCity(db),
      asked,
      new Date(asked.from),
      new Date(asked.to),
      async (done) => {
        await db.execute(sql`update cc_dry_run set requests_done = ${done} where id::text = ${id}`);
      },
    );
    await db.execute(sql`update cc_dry_run set status = 'done', requests_done = ${report.requests},
      report = ${JSON.stringify(report)}::jsonb where id::text = ${id}`);
  } catch (error) {
    await db.execute(sql`update cc_dry_run set status = 'failed' where id::text = ${id}`);
    throw error;
  }
}
