import { sql } from 'drizzle-orm';
import { mustBeAble } from '../access/index.ts';
import { audit } from '../audit/append.ts';
import { readViewer, type Viewer, viewersOf } from '../audit/reads.ts';
import { addTerm, legalCalendar } from '../calendar/index.ts';
import { legalTerms } from '../calendar/legal-terms.ts';
import { Conflict, NotFound } from '../errors.ts';
import { notify } from '../notify/index.ts';
import type { Platform } from '../system.ts';
import type { Work } from '../work.ts';
import { erasePeople } from './erasure.ts';
import { questionAnswered } from './letters.ts';
import { openFor, sealFor } from './seal.ts';

/** A person's question about one look at their data. */
export interface Question {
  readonly id: string;
  readonly personId: string;
  readonly entry: Viewer;
  readonly askedAt: Date;
  readonly dueAt: Date;
  readonly answeredAt: Date | null;
  /** null: the person was erased. */
  readonly words: string | null;
  readonly answer: string | null;
}

/**
 * Asks about a look at one's own data: a case for the privacy officer.
 *
 * @throws NotFound for an entry that does not concern the actor or is withheld; Conflict when it was asked about before.
 */
export async function askQuestion(
  work: Work,
  platform: Platform,
  entry: number,
  words: string,
): Promise<string> {
  const personId = work.actor.id!;
  const [viewer] = await viewersOf(platform, personId, { entry });
  if (!viewer) throw new NotFound('entry');
  const now = work.clock.now();
  const { due } = addTerm(legalCalendar, legalTerms['data-subject-met'], now);
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`insert into privacy_question (person_id, entry, words, asked_at, due_at)
        values (${personId}, ${entry}, '', ${now.toISOString()}, ${due.toISOString()})
        on conflict (person_id, entry) do nothing returning id`,
  );
  const id = rows[0]?.id;
  if (!id) throw new Conflict('asked-before', 'this entry was asked about before');
  const sealed = await sealFor(work, work.secrets, personId, words, place(id, 'words'));
  await work.tx.execute(sql`update privacy_question set words = ${sealed} where id = ${id}`);
  await audit(work, {
    action: 'personal-data:question',
    resource: `question:${id}`,
    subjects: [personId],
    detail: { entry },
    secret: { person: personId, facts: { words } },
  });
  return id;
}

/** The officer's answer; the person is told that it waits in the cabinet. */
export async function answerQuestion(work: Work, id: string, answer: string): Promise<void> {
  mustBeAble(work.actor, erasePeople);
  const { rows } = await work.tx.execute<{ person_id: string }>(
    sql`select person_id from privacy_question where id = ${id} and answered_at is null for update`,
  );
  const personId = rows[0]?.person_id;
  if (!personId) throw new NotFound('question');
  if (personId === work.actor.id) throw new Conflict('own-case', 'nobody answers their own question');
  const sealed = await sealFor(work, work.secrets, personId, answer, place(id, 'answer'));
  await work.tx.execute(
    sql`update privacy_question set answer = ${sealed}, answered_by = ${work.actor.id},
          answered_at = ${work.clock.now().toISOString()} where id = ${id}`,
  );
  await notify(work, {
    to: { person: personId },
    event: `question-answered:${id}`,
    template: questionAnswered,
    variables: { id },
    weight: 'legal',
  });
  await audit(work, {
    action: 'personal-data:answer-question',
    resource: `question:${id}`,
    subjects: [personId],
  });
}

/** Questions that wait for an answer, the nearest term first. */
export async function openQuestions(
  work: Work,
): Promise<readonly { id: string; askedAt: Date; dueAt: Date }[]> {
  mustBeAble(work.actor, erasePeople);
  const { rows } = await work.tx.execute<{ id: string; asked_at: string; due_at: string }>(
    sql`select id, asked_at, due_at from privacy_question where answered_at is null order by due_at, id limit 200`,
  );
  return rows.map((row) => ({
    id: row.id,
    askedAt: new Date(row.asked_at),
    dueAt: new Date(row.due_at),
  }));
}

/** A question with its entry: for the officer, or for who asked it. @throws NotFound for anybody else. */
export async function questionOf(work: Work, id: string): Promise<Question> {
  const { rows } = await work.tx.execute<Record<string, string | null>>(
    sql`select q.*, l.at as entry_at, l.record from privacy_question q join audit_log l on l.number = q.entry
        where q.id = ${id}`,
  );
  const row = rows[0];
  if (!row || row.person_id !== work.actor.id) {
    mustBeAble(work.actor, erasePeople);
    if (!row) throw new NotFound('question');
  }
  const personId = row.person_id!;
  const opened = (column: 'words' | 'answer') =>
    row[column] ? openFor(work.tx, work.secrets, personId, row[column]!, place(id, column)) : null;
  return {
    id,
    personId,
    entry: readViewer({ number: row.entry!, at: row.entry_at!, record: row.record! }),
    askedAt: new Date(row.asked_at!),
    dueAt: new Date(row.due_at!),
    answeredAt: row.answered_at ? new Date(row.answered_at) : null,
    words: await opened('words'),
    answer: await opened('answer'),
  };
}

/** Which entries the person has asked about: number of the entry → id of the question. */
export async function questionsBy(work: Work): Promise<ReadonlyMap<number, string>> {
  const { rows } = await work.tx.execute<{ id: string; entry: string }>(
    sql`select id, entry from privacy_question where person_id = ${work.actor.id}`,
  );
  return new Map(rows.map((row) => [Number(row.entry), row.id]));
}

function place(id: string, column: string) {
  return { table: 'privacy_question', column, row: id };
}
