import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import { recordRead } from '#platform/audit/reads.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Forbidden, Invalid, NotFound } from '#platform/errors.ts';
import type { Language } from '#platform/i18n/index.ts';
import type { Secrets } from '#platform/identity/secrets.ts';
import type { Work } from '#platform/work.ts';
import { permission } from './permissions.ts';
import { mask } from './publication.ts';
import { scopeWhere } from './scope.ts';
import { newId, openContact, openNote, openReporter, openRequest, sealContact } from './sealing.ts';

/** Why staff look at personal data, in the words that the person reads under «Хто переглядав мої дані». */
export const purposes = {
  work: 'Виконання вашого звернення',
  call: 'Розмова з вами по телефону',
  callBack: 'Перевірка якості: дзвінок про виконане звернення',
  moderation: 'Публікація звернення без персональних даних',
  triage: 'Пошук виконавця для звернення',
  supervision: 'Розгляд скарги на виконання звернення',
} as const;
export type Purpose = (typeof purposes)[keyof typeof purposes];

/** A reporter as staff with the right to contacts see them. */
export interface ReporterSeen {
  readonly id: string;
  /** The request the reporter came with: the one asked for, or one merged into it. */
  readonly request: string;
  /** Has an account in the city. */
  readonly known: boolean;
  readonly name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly residence: string | null;
  readonly channel: string;
  readonly language: Language;
  readonly notify: boolean;
  readonly lead: boolean;
  readonly joinedAt: Date;
  readonly withdrawnAt: Date | null;
  readonly verdict: 'yes' | 'no' | 'partly' | null;
  readonly verdictAttempt: number | null;
  readonly verdictAt: Date | null;
  readonly grade: number | null;
  readonly missedCalls: number;
  /** The contacts are there, but the key that opens them is not, or was destroyed at the person's wish. */
  readonly locked: boolean;
}

/**
 * Who reported a request or what is merged into it, first come first: names, contacts, verdicts. Each look is written
 * down for the persons concerned in the same transaction.
 *
 * @param purpose one of `purposes`: why, in the words the person will read.
 * @throws NotFound when the actor may not know of the request; Forbidden without `read_contacts` there.
 */
export async function reportersOf(work: Work, number: string, purpose: Purpose): Promise<ReporterSeen[]> {
  await mustOpen(work, number, 'read_contacts');
  const { rows } = await work.tx.execute<Record<string, unknown>>(sql`
    select p.* from cc_reporter p
    where p.request = any(array(select ${number}::text union all select number from cc_request where master = ${number}))
    order by p.request <> ${number}, p.joined_at, p.id`);
  const reporters = rows.map((row) => toSeen(work, row));
  await recordSeen(work, `request:${number}`, purpose, rows.map(subject), ['name', 'phone', 'email']);
  return reporters;
}

/**
 * The words as the reporter wrote them, before masking; null when they were erased or their key is away.
 *
 * @throws NotFound, Forbidden without `view_original` there.
 */
export async function originalTextOf(work: Work, number: string, purpose: Purpose): Promise<string | null> {
  await mustOpen(work, number, 'view_original');
  await recordSeen(work, `request:${number}`, purpose, await peopleOf(work, number), ['original text']);
  return requestText(work.tx, work.secrets, number);
}

/**
 * What people wrote in answers and moves where masking changed it, by place in the history; answers to questions stand
 * under 1.
 *
 * @throws NotFound, Forbidden without `view_original` there.
 */
export async function originalNotesOf(
  work: Work,
  number: string,
  purpose: Purpose,
): Promise<ReadonlyMap<number, string | null>> {
  await mustOpen(work, number, 'view_original');
  const { rows } = await work.tx.execute<Record<string, unknown>>(
    sql`select seq, key, sealed from cc_note where request = ${number} order by seq`,
  );
  const notes = new Map(rows.map((row) => [Number(row.seq), openNote(work.secrets, number, row)]));
  const answers = (await openRequest(work.tx, work.secrets, number))?.answers;
  if (answers) notes.set(1, answers.map(({ code, values }) => `${code}: ${values.join(', ')}`).join('\n'));
  if (notes.size)
    await recordSeen(work, `request:${number}`, purpose, await peopleOf(work, number), ['original text']);
  return notes;
}

/**
 * The flat, for whoever has to get in; null where none was given.
 *
 * @throws NotFound, Forbidden without `read_private` there.
 */
export async function flatOf(work: Work, number: string, purpose: Purpose): Promise<string | null> {
  await mustOpen(work, number, 'read_private');
  const flat = (await openRequest(work.tx, work.secrets, number))?.flat ?? null;
  if (flat !== null)
    await recordSeen(work, `request:${number}`, purpose, await peopleOf(work, number), ['flat']);
  return flat;
}

/**
 * Everything that the reporters of a request gave, to be taken out of the city by law. Each export leaves a trace in the
 * audit log with its ground, and with each person.
 *
 * @param ground number of a case, a decision or a demand: three characters and more, kept masked.
 * @throws NotFound; Forbidden without `export_personal` there; Invalid (`ground`).
 */
export async function exportPersonal(
  work: Work,
  number: string,
  ground: string,
): Promise<Record<string, unknown>> {
  await mustOpen(work, number, 'export_personal');
  const why = mask(ground.trim());
  if ([...why].length < 3 || [...why].length > 500)
    throw new Invalid([{ field: 'ground', message: 'is needed' }]);
  const { rows } = await work.tx.execute<Record<string, unknown>>(sql`
    select p.* from cc_reporter p where p.request = ${number} order by p.joined_at, p.id`);
  const words = await openRequest(work.tx, work.secrets, number);
  const purpose = `Вивантаження за законом: ${why}`;
  await recordRead(
    work,
    rows.map((row) => word(row.person) ?? String(row.id)),
    {
      resource: `request:${number}`,
      purpose,
      categories: ['name', 'phone', 'email', 'original text', 'flat'],
    },
  );
  await audit(work, {
    action: permission('export_personal'),
    resource: `request:${number}`,
    detail: { ground: why, people: rows.length },
  });
  return {
    number,
    ground: why,
    exportedAt: work.clock.now().toISOString(),
    words: { text: words?.text ?? null, flat: words?.flat ?? null, address: words?.address ?? null },
    reporters: rows.map((row) => {
      const { name, phone, email, residence, channel, lead, joinedAt, withdrawnAt, locked } = toSeen(
        work,
        row,
      );
      return { name, phone, email, residence, channel, lead, joinedAt, withdrawnAt, locked };
    }),
  };
}

/** A conversation as the operator's screen keeps it. */
export interface NewContact {
  readonly channel: string;
  readonly operator?: string | null;
  readonly phone?: string | null;
  /** Id of the conversation at its channel, such as the telephone exchange's; two contacts never share one. */
  readonly callId?: string | null;
  readonly person?: string | null;
  readonly building?: string | null;
  readonly category?: string | null;
  readonly outcome: 'open' | 'consultation' | 'request' | 'joined' | 'out_of_competence' | 'dropped';
  readonly requests?: readonly string[];
  readonly note?: string | null;
  readonly startedAt?: Date;
  readonly endedAt?: Date | null;
}

/** Keeps a conversation; a call id that is known already is left as it is. @returns the id, null when it was known. */
export async function keepContact(work: Work, contact: NewContact): Promise<string | null> {
  const startedAt = contact.startedAt ?? work.clock.now();
  const id = newId(startedAt);
  const { key, sealed, phone_blind } = sealContact(work.secrets, id, contact);
  const { rows } = await work.tx.execute<{ id: string }>(sql`insert into cc_contact
      (id, channel, operator, key, sealed, phone_blind, call_id, person, building, category, outcome, requests, started_at, ended_at)
    values (${id}, ${contact.channel}, ${contact.operator ?? null}, ${key}, ${sealed}, ${phone_blind}, ${contact.callId ?? null},
      ${contact.person ?? null}, ${contact.building ?? null}, ${contact.category ?? null}, ${contact.outcome},
      ${JSON.stringify(contact.requests ?? [])}::jsonb, ${startedAt.toISOString()}::timestamptz,
      ${contact.endedAt?.toISOString() ?? null}::timestamptz)
    on conflict (call_id) do nothing returning id`);
  return rows[0]?.id ?? null;
}

/** Writes the operator's note of a conversation anew; what is not personal of it is plain and changed by plain SQL. */
export async function noteContact(work: Work, id: string, note: string | null): Promise<void> {
  const { rows } = await work.tx.execute<Record<string, unknown>>(
    sql`select id, key, sealed from cc_contact where id = ${id} for update`,
  );
  if (!rows[0]) throw new NotFound('contact');
  const phone = openContact(work.secrets, rows[0])?.phone;
  const { key, sealed } = sealContact(work.secrets, id, { phone, note });
  await work.tx.execute(sql`update cc_contact set key = ${key}, sealed = ${sealed} where id = ${id}`);
}

/**
 * The number and the note of a conversation.
 *
 * @throws NotFound; Forbidden without `read_contacts`.
 */
export async function contactOf(
  work: Work,
  id: string,
  purpose: Purpose,
): Promise<{ phone: string | null; note: string | null }> {
  if (!work.actor.grants.some((grant) => grant.permissions.has(permission('read_contacts'))))
    throw new Forbidden(permission('read_contacts'));
  const { rows } = await work.tx.execute<{
    phone: string | null;
    note: string | null;
    person: string | null;
  }>(sql`select phone, note, person from cc_contact where id = ${id}`);
  const row = rows[0];
  if (!row) throw new NotFound('contact');
  await recordSeen(work, `contact:${id}`, purpose, [{ id, person: word(row.person) }], ['phone']);
  const { phone = null, note = null } = openContact(work.secrets, row) ?? {};
  return { phone, note };
}

/** Where a reporter can be reached: for the city's own letters and checks, never for a page. */
export interface Reach {
  readonly id: string;
  readonly request: string;
  readonly person: string | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly language: Language;
}

/** Without a trace, since nobody looks: what messages are addressed by. */
export async function reachOf(work: Work, reporter: string): Promise<Reach | null> {
  const { rows } = await work.tx.execute<Record<string, unknown>>(
    sql`select * from cc_reporter where id = ${reporter}`,
  );
  if (!rows[0]) return null;
  const seen = toSeen(work, rows[0]);
  return {
    id: seen.id,
    request: seen.request,
    person: word(rows[0].person),
    name: seen.name,
    phone: seen.phone,
    email: seen.email,
    language: seen.language,
  };
}

/** Without a trace and without a check: for the reporter's own pages, and for what only computes with the words. */
export async function requestText(reader: Reader, secrets: Secrets, number: string): Promise<string | null> {
  return (await openRequest(reader, secrets, number))?.text ?? null;
}

/**
 * Writes down that staff saw data of these reporters. A reporter without an account stands under the id of the report,
 * so the look is on record all the same.
 */
export async function recordSeen(
  work: Work,
  resource: string,
  purpose: Purpose,
  reporters: readonly { readonly id: string; readonly person: string | null }[],
  categories: readonly string[],
): Promise<void> {
  const subjects = [...new Set(reporters.map(({ id, person }) => person ?? id))];
  await recordRead(work, subjects, { resource, purpose, categories });
}

async function mustOpen(
  work: Work,
  number: string,
  act: 'read_contacts' | 'view_original' | 'read_private' | 'export_personal',
): Promise<void> {
  const { rows } = await work.tx.execute<{ open: boolean }>(sql`
    select ${scopeWhere(work.actor, permission(act))} as open from cc_request r
    where r.number = ${number} and ${scopeWhere(work.actor, permission('read_desk'))}`);
  if (!rows[0]) throw new NotFound('request');
  if (!rows[0].open) throw new Forbidden(permission(act));
}

async function peopleOf(work: Work, number: string): Promise<{ id: string; person: string | null }[]> {
  const { rows } = await work.tx.execute<Record<string, unknown>>(
    sql`select id, person from cc_reporter where request = ${number}`,
  );
  return rows.map(subject);
}

const subject = (row: Record<string, unknown>) => ({ id: String(row.id), person: word(row.person) });

function toSeen(work: Work, row: Record<string, unknown>): ReporterSeen {
  const data = openReporter(work.secrets, row);
  return {
    id: String(row.id),
    request: String(row.request),
    known: row.person !== null,
    name: data?.name ?? null,
    phone: data?.phone ?? null,
    email: data?.email ?? null,
    residence: data?.residence ?? null,
    channel: String(row.channel),
    language: row.language as Language,
    notify: row.notify === true,
    lead: row.lead === true,
    joinedAt: new Date(String(row.joined_at)),
    withdrawnAt: row.withdrawn_at ? new Date(String(row.withdrawn_at)) : null,
    verdict: row.verdict as ReporterSeen['verdict'],
    verdictAttempt: row.verdict_attempt as number | null,
    verdictAt: row.verdict_at ? new Date(String(row.verdict_at)) : null,
    grade: row.grade as number | null,
    missedCalls: Number(row.missed_calls),
    locked: data === null || row.erased_at !== null,
  };
}

const word = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
