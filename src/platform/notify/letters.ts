import { sql } from 'drizzle-orm';
import { mustBeAble } from '../access/index.ts';
import { audit } from '../audit/append.ts';
import { recordRead } from '../audit/reads.ts';
import type { Reader } from '../database/pool.ts';
import { NotFound } from '../errors.ts';
import type { Language } from '../i18n/index.ts';
import type { Work } from '../work.ts';

/** Who posts letters on paper, and finds out what became of uncertain ones. */
export const postLetters = 'platform:letters';

/** `post`: to be printed and posted; `uncertain`: nobody knows whether it went out. */
export type LetterKind = 'post' | 'uncertain';

/** A letter that waits for people; what it says stands on its own page. */
export interface WaitingLetter {
  readonly id: string;
  readonly channel: string;
  readonly subject: string;
  readonly at: Date;
}

/** A letter opened by a member of staff. */
export interface OpenLetter extends WaitingLetter {
  readonly kind: LetterKind;
  readonly language: Language;
  readonly lines: readonly string[];
  /** Name and postal address; null: the city knows none, or the key ring does not open it. */
  readonly postal: string | null;
}

const ofKind = {
  post: sql`d.channel = 'post' and d.state = 'queued'`,
  uncertain: sql`d.state = 'uncertain'`,
};

/** The oldest first; with how many there are. */
export async function waitingLetters(
  reader: Reader,
  kind: LetterKind,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ rows: WaitingLetter[]; total: number }> {
  const { rows } = await reader.execute<{ id: string; channel: string; subject: string; at: string }>(
    sql`select d.id, d.channel, m.subject, m.created_at as at from delivery d join message m on m.id = d.message_id
        where ${ofKind[kind]} order by m.created_at, d.id limit ${page.limit} offset ${page.offset}`,
  );
  const total = await reader.execute<{ n: number }>(
    sql`select count(*)::int as n from delivery d where ${ofKind[kind]}`,
  );
  return { rows: rows.map((row) => ({ ...row, at: new Date(row.at) })), total: total.rows[0]!.n };
}

/** Opens a letter that waits; the look is recorded. @throws NotFound, Forbidden. */
export async function openLetter(work: Work, id: string): Promise<OpenLetter> {
  mustBeAble(work.actor, postLetters);
  const { rows } = await work.tx.execute<{
    message: string;
    person_id: string | null;
    channel: string;
    state: string;
    subject: string;
    lines: string[];
    language: Language;
    postal: string | null;
    at: string;
  }>(
    sql`select m.id as message, m.person_id, d.channel, d.state, m.subject, m.lines, m.language, m.postal, m.created_at as at
        from delivery d join message m on m.id = d.message_id
        where d.id = ${id} and (${ofKind.post} or ${ofKind.uncertain})`,
  );
  const row = rows[0];
  if (!row) throw new NotFound('letter');
  const read = {
    resource: `delivery:${id}`,
    purpose: 'Надсилання листа',
    categories: ['name', 'address'],
  };
  if (row.person_id) await recordRead(work, [row.person_id], read);
  else await audit(work, { action: 'personal-data:read', resource: read.resource, purpose: read.purpose });
  const place = { table: 'message', column: 'postal', row: row.message };
  return {
    id,
    kind: row.state === 'uncertain' ? 'uncertain' : 'post',
    channel: row.channel,
    subject: row.subject,
    lines: row.lines,
    language: row.language,
    at: new Date(row.at),
    postal: row.postal === null ? null : work.secrets.decrypt(row.postal, place),
  };
}

/** What people did about a letter: it went out, it is to be tried again (an uncertain one), or it cannot be sent. */
export type LetterOutcome = 'sent' | 'again' | 'failed';

/** Writes down what people did, as evidence beside the attempts. @throws NotFound when it waits no more, Forbidden. */
export async function settleLetter(work: Work, id: string, outcome: LetterOutcome): Promise<void> {
  mustBeAble(work.actor, postLetters);
  const now = work.clock.now().toISOString();
  const state = outcome === 'again' ? 'queued' : outcome;
  // Only what may have gone out electronically can be tried again.
  const which = outcome === 'again' ? ofKind.uncertain : sql`(${ofKind.post} or ${ofKind.uncertain})`;
  const { rowCount } = await work.tx.execute(
    sql`update delivery d set state = ${state}, due_at = ${now} where d.id = ${id} and ${which}`,
  );
  if (!rowCount) throw new NotFound('letter');
  if (outcome !== 'again')
    await work.tx.execute(
      sql`insert into delivery_attempt (delivery_id, at, outcome, detail) values (${id}, ${now}, ${outcome}, 'by hand')`,
    );
  await audit(work, { action: 'platform:settle-letter', resource: `delivery:${id}`, detail: { outcome } });
}
