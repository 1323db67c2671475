import { sql } from 'drizzle-orm';
import { mustBeAble } from '../access/index.ts';
import { audit } from '../audit/append.ts';
import { signingKeyOf } from '../audit/heads.ts';
import { recordRead } from '../audit/reads.ts';
import { addTerm, legalCalendar } from '../calendar/index.ts';
import { legalTerms } from '../calendar/legal-terms.ts';
import { Conflict, NotFound } from '../errors.ts';
import type { Text } from '../i18n/index.ts';
import { secretsOf } from '../identity/secrets.ts';
import { notify } from '../notify/index.ts';
import type { Platform } from '../system.ts';
import type { Actor, Work } from '../work.ts';
import { type Certificate, signCertificate } from './certificate.ts';
import { eraseEverything, type Outcome } from './erase.ts';
import { erasureRefused } from './letters.ts';
import { openFor, sealFor } from './seal.ts';

/** Permission to prepare and to approve erasures; the two are done by two people. */
export const erasePeople = 'platform:erase';

export interface Erasure {
  readonly id: string;
  readonly personId: string;
  readonly state: 'asked' | 'prepared' | 'done' | 'refused' | 'withdrawn';
  readonly askedAt: Date;
  readonly dueAt: Date | null;
  /** Why an officer prepared it. */
  readonly reason: string;
  readonly preparedBy: string | null;
  readonly preparedPost: string | null;
  readonly doneAt: Date | null;
  readonly outcome: Outcome | null;
  readonly certificate: Certificate | null;
  readonly closedAt: Date | null;
  readonly closedWhy: string | null;
}

/**
 * Asks that everything about a person go: the person in the cabinet, or an officer for someone who asked on paper.
 *
 * @param words what the person said, sealed under the person's own key; may be empty.
 * @returns the erasure's id. @throws Conflict when one is open.
 */
export async function askErasure(work: Work, personId: string, words: string): Promise<string> {
  if (work.actor.id !== personId) mustBeAble(work.actor, erasePeople);
  const now = work.clock.now();
  const { due } = addTerm(legalCalendar, legalTerms['data-subject-met'], now);
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`insert into erasure (person_id, asked_at, due_at) values (${personId}, ${now.toISOString()}, ${due.toISOString()})
        on conflict (person_id) where done_at is null and closed_at is null do nothing returning id`,
  );
  const id = rows[0]?.id;
  if (!id) throw new Conflict('erasure-open', 'an erasure of this person is open already');
  if (words) {
    const sealed = await sealFor(work, work.secrets, personId, words, wordsPlace(id));
    await work.tx.execute(sql`update erasure set words = ${sealed} where id = ${id}`);
  }
  await audit(work, {
    action: 'personal-data:ask-erasure',
    resource: `erasure:${id}`,
    subjects: [personId],
  });
  return id;
}

/** The person thought better of it. @throws NotFound when nothing of theirs is open. */
export async function withdrawErasure(work: Work): Promise<void> {
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`update erasure set closed_at = ${work.clock.now().toISOString()}, closed_as = 'withdrawn', closed_by = ${work.actor.id}
        where person_id = ${work.actor.id} and done_at is null and closed_at is null returning id`,
  );
  if (!rows[0]) throw new NotFound('erasure');
  await audit(work, {
    action: 'personal-data:withdraw-erasure',
    resource: `erasure:${rows[0].id}`,
    subjects: [work.actor.id!],
  });
}

/** The words of who asked; null where there are none or the person is erased. Reading them leaves a trace. */
export async function wordsOf(work: Work, erasure: Erasure): Promise<string | null> {
  mustBeAble(work.actor, erasePeople);
  const { rows } = await work.tx.execute<{ words: string | null }>(
    sql`select words from erasure where id = ${erasure.id}`,
  );
  const sealed = rows[0]?.words;
  if (!sealed) return null;
  await recordRead(work, [erasure.personId], {
    resource: `erasure:${erasure.id}`,
    purpose: 'Розгляд прохання видалити персональні дані',
    categories: ['words'],
  });
  return openFor(work.tx, work.secrets, erasure.personId, sealed, wordsPlace(erasure.id));
}

/**
 * What an erasure would take away and what would stay, and why: the erasure itself, carried out and taken back, so the
 * answer cannot differ from what is done later.
 */
export async function dryRun(platform: Platform, actor: Actor, erasureId: string): Promise<Outcome> {
  try {
    await platform.work(actor, async (work) => {
      const { person_id } = await openOne(work, erasureId);
      throw new TakenBack(await eraseEverything(work, platform.systems, person_id));
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.outcome;
    throw error;
  }
  throw new NotFound('erasure');
}

class TakenBack extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super('dry run');
    this.outcome = outcome;
  }
}

/** An officer has looked at the dry run and puts the erasure before another. @throws Conflict for one's own data. */
export async function prepareErasure(work: Work, erasureId: string, reason: string): Promise<void> {
  const erasure = await openOne(work, erasureId);
  if (erasure.prepared_by) throw new Conflict('already-prepared', 'the erasure waits for approval already');
  await work.tx.execute(
    sql`update erasure set prepared_by = ${work.actor.id}, prepared_post = ${work.actor.name},
          prepared_at = ${work.clock.now().toISOString()}, reason = ${reason} where id = ${erasureId}`,
  );
  await audit(work, {
    action: 'personal-data:prepare-erasure',
    resource: `erasure:${erasureId}`,
    subjects: [erasure.person_id],
  });
}

/**
 * Carries out an erasure that another person prepared: every system removes its part, the platform its own, and the
 * person's key is destroyed.
 *
 * @returns the certificate.
 * @throws Conflict when the approver is the one who prepared it, or whom it is about.
 */
export async function approveErasure(
  work: Work,
  platform: Platform,
  erasureId: string,
): Promise<Certificate> {
  const erasure = await openOne(work, erasureId);
  if (!erasure.prepared_by) throw new Conflict('not-prepared', 'nobody has prepared this erasure');
  if (erasure.prepared_by === work.actor.id)
    throw new Conflict('four-eyes', 'whoever prepared an erasure cannot approve it');
  const outcome = await eraseEverything(work, platform.systems, erasure.person_id);
  const at = work.clock.now().toISOString();
  const certificate = signCertificate(signingKeyOf(work.secrets), {
    format: 'misto-erasure-1',
    erasure: erasureId,
    person: erasure.person_id,
    askedAt: iso(erasure.asked_at),
    preparedAt: iso(erasure.prepared_at!),
    preparedBy: erasure.prepared_post!,
    approvedBy: work.actor.name,
    erasedAt: at,
    ...outcome,
  });
  await work.tx.execute(
    sql`update erasure set approved_by = ${work.actor.id}, approved_post = ${work.actor.name}, done_at = ${at},
          outcome = ${JSON.stringify(outcome)}::jsonb, certificate = ${JSON.stringify(certificate)}::jsonb
        where id = ${erasureId}`,
  );
  await audit(work, {
    action: 'personal-data:erase',
    resource: `erasure:${erasureId}`,
    subjects: [erasure.person_id],
    detail: { gone: outcome.gone.length, kept: outcome.kept.length },
  });
  return certificate;
}

/** Says no, with the ground that the person is told. */
export async function refuseErasure(work: Work, erasureId: string, why: string): Promise<void> {
  const erasure = await openOne(work, erasureId);
  await work.tx.execute(
    sql`update erasure set closed_at = ${work.clock.now().toISOString()}, closed_as = 'refused', closed_by = ${work.actor.id},
          closed_why = ${why} where id = ${erasureId}`,
  );
  await notify(work, {
    to: { person: erasure.person_id },
    event: `erasure-refused:${erasureId}`,
    template: erasureRefused,
    variables: { why },
    weight: 'legal',
  });
  await audit(work, {
    action: 'personal-data:refuse-erasure',
    resource: `erasure:${erasureId}`,
    subjects: [erasure.person_id],
  });
}

/** Erasures that wait, the nearest term first, then the last hundred that are settled. */
export async function erasures(work: Work): Promise<readonly Erasure[]> {
  mustBeAble(work.actor, erasePeople);
  const { rows } = await work.tx.execute<Row>(
    sql`select * from erasure order by coalesce(done_at, closed_at) desc nulls first, due_at, asked_at limit 200`,
  );
  return rows.map(read);
}

export async function erasure(work: Work, id: string): Promise<Erasure> {
  mustBeAble(work.actor, erasePeople);
  const { rows } = await work.tx.execute<Row>(sql`select * from erasure where id = ${id}`);
  if (!rows[0]) throw new NotFound('erasure');
  return read(rows[0]);
}

/** The person's own, the newest; null: never asked. */
export async function ownErasure(work: Work): Promise<Erasure | null> {
  const { rows } = await work.tx.execute<Row>(
    sql`select * from erasure where person_id = ${work.actor.id} order by asked_at desc limit 1`,
  );
  return rows[0] ? read(rows[0]) : null;
}

/** The link by which who asked follows it without an account, since the account goes too. */
export function erasureToken(platform: Pick<Platform, 'config'>, erasureId: string): string {
  return `${erasureId}.${secretsOf(platform.config).blind('erasure-link', erasureId)}`;
}

/** The erasure of a link. @throws NotFound for one that we did not make. */
export async function erasureByToken(platform: Platform, token: string): Promise<Erasure> {
  const id = token.slice(0, 36);
  const { rows } =
    token === erasureToken(platform, id)
      ? await platform.db.execute<Row>(sql`select * from erasure where id = ${id}`)
      : { rows: [] };
  if (!rows[0]) throw new NotFound('erasure');
  return read(rows[0]);
}

interface Row extends Record<string, unknown> {
  id: string;
  person_id: string;
  asked_at: string;
  due_at: string | null;
  reason: string;
  prepared_by: string | null;
  prepared_at: string | null;
  prepared_post: string | null;
  done_at: string | null;
  outcome: Outcome | null;
  certificate: Certificate | null;
  closed_at: string | null;
  closed_as: 'refused' | 'withdrawn' | null;
  closed_why: string | null;
}

/** One that is still open, locked. @throws Conflict when the actor would decide about their own data. */
async function openOne(work: Work, id: string): Promise<Row> {
  mustBeAble(work.actor, erasePeople);
  const { rows } = await work.tx.execute<Row>(
    sql`select * from erasure where id = ${id} and done_at is null and closed_at is null for update`,
  );
  const row = rows[0];
  if (!row) throw new NotFound('erasure');
  if (row.person_id === work.actor.id) throw new Conflict('own-case', 'nobody decides about their own data');
  return row;
}

function read(row: Row): Erasure {
  const date = (value: string | null) => (value === null ? null : new Date(value));
  return {
    id: row.id,
    personId: row.person_id,
    state: row.done_at ? 'done' : (row.closed_as ?? (row.prepared_by ? 'prepared' : 'asked')),
    askedAt: new Date(row.asked_at),
    dueAt: date(row.due_at),
    reason: row.reason,
    preparedBy: row.prepared_by,
    preparedPost: row.prepared_post,
    doneAt: date(row.done_at),
    outcome: row.outcome,
    certificate: row.certificate,
    closedAt: date(row.closed_at),
    closedWhy: row.closed_why,
  };
}

const iso = (value: string): string => new Date(value).toISOString();

function wordsPlace(id: string) {
  return { table: 'erasure', column: 'words', row: id };
}

/** What goes and stays, as lines of one language. */
export function lines(texts: readonly Text[], language: 'uk' | 'en'): string[] {
  return texts.map((text) => text[language]);
}
