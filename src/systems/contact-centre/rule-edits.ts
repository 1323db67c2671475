import { sql } from 'drizzle-orm';
import { mustBeAble } from '#platform/access/index.ts';
import { audit } from '#platform/audit/append.ts';
import { Conflict, Invalid, NotFound } from '#platform/errors.ts';
import type { Language } from '#platform/i18n/index.ts';
import type { Work } from '#platform/work.ts';
import { readCity } from './city.ts';
import type { RuleData } from './city-data.ts';
import { knownAssets, knownBuildings } from './known-places.ts';
import { permission } from './permissions.ts';
import { ruleFaults } from './rule-check.ts';
import { readSet, rulesHash, saveDraft, who } from './rule-drafts.ts';

/** Which draft is edited, and what its rules were when the person looked at them. */
export interface DraftSeen {
  readonly version: number;
  readonly hash: string;
}

/** Begins a draft with the rules of another set, as a rule those in force; returns its version. @throws NotFound */
export async function startDraft(work: Work, from: number, note?: string): Promise<number> {
  mustBeAble(work.actor, permission('rule_write'));
  const { rules } = await readSet(work, from);
  return saveDraft(work, { rules, ...(note ? { note } : {}) });
}

/**
 * Puts a rule into a draft, in place of the one with the code `instead`, or at the end.
 *
 * @throws Invalid with every fault by field; NotFound; Conflict `not-draft`, or `stale` when somebody else was quicker.
 */
export async function putRule(
  work: Work,
  seen: DraftSeen,
  rule: RuleData,
  instead: string | null,
  language: Language,
): Promise<void> {
  await change(work, seen, async (rules) => {
    const at = instead === null ? rules.length : rules.findIndex(({ id }) => id === instead);
    if (at < 0) throw new NotFound('rule');
    const others = new Set(rules.filter((_, index) => index !== at).map(({ id }) => id));
    const city = await readCity(work.tx);
    const buildings = await knownBuildings(work.tx, rule.when.buildings ?? []);
    const assets = await knownAssets(work.tx, rule.when.assets ?? []);
    const faults = ruleFaults(rule, city, { others, buildings, assets }, language);
    if (faults.length) throw new Invalid(faults);
    return rules.toSpliced(at, 1, rule);
  });
}

/** Moves a rule one place up (-1) or down (1) among those that are tried in the same round. */
export async function moveRule(work: Work, seen: DraftSeen, id: string, by: -1 | 1): Promise<void> {
  await change(work, seen, (rules) => {
    const at = rules.findIndex((rule) => rule.id === id);
    if (at < 0) throw new NotFound('rule');
    const same = (rule: RuleData | undefined) =>
      rule !== undefined && (rule.default === true) === (rules[at]!.default === true);
    let to = at + by;
    while (to >= 0 && to < rules.length && !same(rules[to])) to += by;
    if (!same(rules[to])) return rules;
    const moved = [...rules];
    [moved[at], moved[to]] = [moved[to]!, moved[at]!];
    return moved;
  });
}

/** Takes a rule out of a draft. */
export async function dropRule(work: Work, seen: DraftSeen, id: string): Promise<void> {
  await change(work, seen, (rules) => {
    if (!rules.some((rule) => rule.id === id)) throw new NotFound('rule');
    return rules.filter((rule) => rule.id !== id);
  });
}

async function change(
  work: Work,
  seen: DraftSeen,
  edit: (rules: readonly RuleData[]) => readonly RuleData[] | Promise<readonly RuleData[]>,
): Promise<void> {
  mustBeAble(work.actor, permission('rule_write'));
  const set = await readSet(work, seen.version);
  if (set.status !== 'draft')
    throw new Conflict('not-draft', `version ${seen.version} is ${set.status}; only a draft can be edited`);
  if (set.hash !== seen.hash)
    throw new Conflict('stale', 'somebody else has changed the draft meanwhile', {
      version: seen.version,
      hash: set.hash,
    });
  const rules = await edit(set.rules);
  const editors = [...new Set([...set.editors, who(work)])];
  const { rows } = await work.tx.execute<{ hash: string }>(sql`
    update cc_rule_set set rules = ${JSON.stringify(rules)}::jsonb, editors = ${JSON.stringify(editors)}::jsonb
    where version = ${seen.version} returning ${rulesHash} as hash`);
  await audit(work, {
    action: permission('rule_write'),
    resource: `rules:${seen.version}`,
    detail: { before: set.hash, after: rows[0]!.hash },
  });
}
