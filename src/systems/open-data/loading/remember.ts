import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { emit } from '#platform/events/outbox.ts';
import type { Work } from '#platform/work.ts';
import { normalForm } from '../checks/normal-form.ts';
import { lockDataset } from '../datasets.ts';
import { Absent, Denied, faulty } from '../faults.ts';
import { isUuid } from '../names.ts';
import { mustBeOfficer } from '../rights.ts';
import { askForLoad } from './loads.ts';
import type { Fix, LoadRule } from './rules.ts';

/** Fixes that have no effect before the officer says so. */
export const needsOfficer = ['not-personal', 'official-contact'] as const;
type Asking = Extract<Fix, { do: (typeof needsOfficer)[number] }>;

export function isAsking(fix: Fix): fix is Asking {
  return (needsOfficer as readonly string[]).includes(fix.do);
}

/** A table has at most so many remembered fixes. */
const mostRules = 500;

/**
 * Remembers a fix for the next uploads of a resource, in place of an older one that says otherwise about the same thing.
 *
 * @returns the id of the rule. @throws Absent, Denied, Faulty
 */
export async function rememberFix(work: Work, resource: string, fix: Fix): Promise<string> {
  return (await rememberFixes(work, resource, [fix]))[0]!;
}

/** As `rememberFix`, for several at once. */
export async function rememberFixes(work: Work, resource: string, fixes: readonly Fix[]): Promise<string[]> {
  const rules = await lockRules(work, resource);
  const { actor } = work;
  const made = fixes.map((fix): LoadRule => {
    mustMakeSense(fix);
    return {
      id: randomUUID(),
      fix: together(rules.find((old) => isAbout(old.fix) === isAbout(fix))?.fix, fix),
      author: actor.name,
      by: actor.id,
      on: true,
    };
  });
  const kept = rules.filter(({ fix }) => !made.some((one) => isAbout(one.fix) === isAbout(fix)));
  if (kept.length + made.length > mostRules) throw faulty('rules', `at most ${mostRules} fixes`);
  await keepRules(work, resource, [...kept, ...made]);
  for (const { id, fix } of made)
    await audit(work, {
      action: 'open-data:remember_fix',
      resource: `open-data-resource:${resource}`,
      detail: { rule: id, do: fix.do, ...('column' in fix && { column: fix.column }) },
    });
  if (made.some(({ fix }) => isAsking(fix)))
    await emit(work, 'open-data.rule.asked', { resource }, `open-data-resource:${resource}`);
  return made.map(({ id }) => id);
}

/** Values of a dictionary and words for nothing add up; and whoever asks for an approval does not give it. */
function together(old: Fix | undefined, fix: Fix): Fix {
  if (isAsking(fix)) return { ...fix, approvedBy: null };
  if (fix.do === 'dictionary' && old?.do === 'dictionary')
    return { ...fix, words: { ...old.words, ...fix.words } };
  if (fix.do === 'nulls' && old?.do === 'nulls')
    return { ...fix, words: [...new Set([...old.words, ...fix.words])] };
  return fix;
}

/** Two fixes about the same thing cannot both hold: the later one does. */
function isAbout(fix: Fix): string {
  switch (fix.do) {
    case 'swap-coordinates':
      return `${fix.do} ${normalForm(fix.lat)}`;
    case 'mask':
    case 'hash':
    case 'drop':
      return `hide ${normalForm(fix.column)}`;
    default:
      return 'column' in fix ? `${fix.do} ${normalForm(fix.column)}` : fix.do;
  }
}

function mustMakeSense(fix: Fix): void {
  const refuse = (field: string, message: string) => {
    throw faulty(field, message);
  };
  if ('column' in fix && fix.column.length > 2_000) refuse('column', 'Invalid value');
  if ('rows' in fix && !(Number.isInteger(fix.rows) && fix.rows >= 0 && fix.rows <= 1_000))
    refuse('rows', 'Must be a natural number');
  if (fix.do === 'header-rows' && fix.rows > 10) refuse('rows', 'Must be at most 10');
  if (fix.do === 'rename' && fix.to.trim() === '') refuse('to', 'Missing value');
  if (fix.do === 'split' && (fix.by === '' || fix.into.length < 2)) refuse('into', 'Missing value');
  if (fix.do === 'nulls' && fix.words.some((word) => word === '')) refuse('words', 'Missing value');
  if (fix.do === 'dictionary' && Object.keys(fix.words).length === 0) refuse('words', 'Missing value');
  if (fix.do === 'not-personal' && fix.because.trim().length < 10) refuse('because', 'Missing value');
}

/** Switches a remembered fix on or off. @throws Absent, Denied */
export async function switchRule(work: Work, resource: string, rule: string, on: boolean): Promise<void> {
  const rules = await lockRules(work, resource);
  if (!rules.some(({ id }) => id === rule)) throw new Absent('rule');
  await keepRules(
    work,
    resource,
    rules.map((one) => (one.id === rule ? { ...one, on } : one)),
  );
  await audit(work, {
    action: 'open-data:switch_rule',
    resource: `open-data-resource:${resource}`,
    detail: { rule, on },
  });
}

/** Forgets a remembered fix. @throws Absent, Denied */
export async function forgetRule(work: Work, resource: string, rule: string): Promise<void> {
  const rules = await lockRules(work, resource);
  if (!rules.some(({ id }) => id === rule)) throw new Absent('rule');
  await keepRules(
    work,
    resource,
    rules.filter(({ id }) => id !== rule),
  );
  await audit(work, {
    action: 'open-data:forget_rule',
    resource: `open-data-resource:${resource}`,
    detail: { rule },
  });
}

/**
 * The officer approves that a column is not personal, or that it holds official contacts; the file that waits is loaded anew. Never
 * for a fix of their own: it takes two.
 *
 * @returns the load that was asked for, if a file waited. @throws Absent, Denied
 */
export async function approveRule(work: Work, resource: string, rule: string): Promise<string | null> {
  const [rules, found] = await lockAsked(work, resource, rule);
  if (found.by === work.actor.id) throw new Denied('nobody approves what they have asked for');
  const approved: LoadRule = {
    id: found.id,
    fix: { ...found.fix, approvedBy: work.actor.id },
    author: found.author,
    by: found.by ?? null,
    on: true,
  };
  await keepRules(
    work,
    resource,
    rules.map((one) => (one.id === rule ? approved : one)),
  );
  await audit(work, {
    action: 'open-data:approve_rule',
    resource: `open-data-resource:${resource}`,
    detail: { rule, do: found.fix.do, column: found.fix.column, asked: found.by ?? null },
  });
  const { rows } = await work.tx.execute(
    sql`select from od_resource where id = ${resource} and load_state = 'blocked' and file is not null`,
  );
  return rows.length > 0 ? askForLoad(work, { resource, source: 'form' }) : null;
}

/** The officer does not approve, and says why. @throws Absent, Denied, Faulty */
export async function refuseRule(work: Work, resource: string, rule: string, reason: string): Promise<void> {
  const [rules] = await lockAsked(work, resource, rule);
  if (reason.trim() === '') throw faulty('reason', 'Missing value');
  await keepRules(
    work,
    resource,
    rules.map((one) => (one.id === rule ? { ...one, on: false, refused: reason.trim() } : one)),
  );
  await audit(work, {
    action: 'open-data:refuse_rule',
    resource: `open-data-resource:${resource}`,
    detail: { rule },
  });
}

/** A fix that waits for the officer. */
export interface AskedRule {
  readonly resource: string;
  readonly rule: LoadRule & { readonly fix: Asking };
  readonly dataset: string;
  readonly datasetTitle: string;
  readonly resourceName: string | null;
  readonly organisation: string;
  /** The newest load of the resource. */
  readonly load: string | null;
}

/** Fixes that wait for the officer, the oldest resource first. */
export async function askedRules(reader: Reader): Promise<AskedRule[]> {
  const { rows } = await reader.execute<
    Omit<AskedRule, 'datasetTitle' | 'resourceName'> & {
      title: string;
      name: string | null;
    } & Record<string, unknown>
  >(sql`
    select r.id as resource, rule, d.name as dataset, coalesce(nullif(d.title, ''), d.name) as title, r.name,
      coalesce(nullif(o.title, ''), o.name, '') as organisation,
      (select l.id from od_load l where l.resource = r.id order by l.n desc limit 1) as load
    from od_resource r join od_dataset d on d.id = r.dataset left join od_organisation o on o.id = d.organisation,
      lateral jsonb_array_elements(r.load_rules) as rule
    where r.state = 'active' and (rule ->> 'on')::boolean and not rule ? 'refused'
      and rule #>> '{fix,do}' in ('not-personal', 'official-contact') and rule #>> '{fix,approvedBy}' is null
    order by r.modified_at, r.id limit 200`);
  return rows.map(({ title, name, ...row }) => ({ ...row, datasetTitle: title, resourceName: name }));
}

/** The remembered fixes of a resource, whoever asks. */
export async function rulesOf(reader: Reader, resource: string): Promise<readonly LoadRule[]> {
  const { rows } = await reader.execute<{ load_rules: LoadRule[] }>(
    sql`select load_rules from od_resource where id = ${resource} and state = 'active'`,
  );
  if (!rows[0]) throw new Absent('resource');
  return rows[0].load_rules;
}

/** The rules, held until the transaction ends, for those who may change the dataset. @throws Absent, Denied */
async function lockRules(work: Work, resource: string): Promise<readonly LoadRule[]> {
  const { rows } = isUuid(resource)
    ? await work.tx.execute<{ dataset: string }>(
        sql`select dataset from od_resource where id = ${resource} and state = 'active'`,
      )
    : { rows: [] };
  if (!rows[0]) throw new Absent('resource');
  await lockDataset(work, rows[0].dataset);
  return rulesOf(work.tx, resource);
}

async function lockAsked(
  work: Work,
  resource: string,
  rule: string,
): Promise<[readonly LoadRule[], LoadRule & { readonly fix: Asking }]> {
  mustBeOfficer(work.actor);
  const rules = await lockRules(work, resource);
  const found = rules.find(({ id }) => id === rule);
  if (!found || !isAsking(found.fix) || found.fix.approvedBy) throw new Absent('rule');
  return [rules, { ...found, fix: found.fix }];
}

async function keepRules(work: Work, resource: string, rules: readonly LoadRule[]): Promise<void> {
  await work.tx.execute(
    sql`update od_resource set load_rules = ${JSON.stringify(rules)}::jsonb where id = ${resource}`,
  );
}
