import { sql } from 'drizzle-orm';
import { audit } from '../audit/append.ts';
import type { Reader } from '../database/pool.ts';
import { Forbidden, NotFound } from '../errors.ts';
import type { Language } from '../i18n/index.ts';
import type { Secrets } from '../identity/secrets.ts';
import type { Work } from '../work.ts';
import { afterQuiet, quietHours } from './quiet.ts';
import { oneLine, type Said, type Template, type Weight } from './template.ts';

export { defineTemplate, type Said, type Template, type Weight } from './template.ts';

/** A person with a cabinet, or an address someone gave without an account. */
export type Recipient =
  | { readonly person: string }
  | { readonly email: string; readonly language: Language; readonly secrets: Secrets }
  /** Name and postal address, for whom nothing else reaches: people print it and post it. */
  | { readonly post: string; readonly language: Language; readonly secrets: Secrets };

export interface Notice<Variables> {
  readonly to: Recipient;
  /** What caused it, such as an event's id: the same event tells the same recipient the same thing once. */
  readonly event: string;
  readonly template: Template<Variables>;
  /** Facts fit for a letter: numbers, dates, titles. No names, no addresses of people. */
  readonly variables: Variables;
  readonly weight: Weight;
  /** Overrides the person's own language. */
  readonly language?: Language;
  /** A path that acts for whoever holds it: it stands in letters instead of the template's, and is stored encrypted. */
  readonly link?: string;
  /** An emergency: it does not wait for the morning. */
  readonly urgent?: boolean;
  /** Name and postal address, stored encrypted: what the law wants said goes there when no channel carries it. */
  readonly postal?: string | null;
}

/**
 * Tells someone something, in the transaction of what happened. A person finds it in the cabinet's inbox at once;
 * the letter follows after commit, by the person's wishes and not in the quiet hours.
 *
 * @returns the message's id, or null when the same was said before.
 */
export async function notify<Variables>(work: Work, notice: Notice<Variables>): Promise<string | null> {
  const { to } = notice;
  const person = 'person' in to ? to.person : null;
  const language = notice.language ?? ('person' in to ? await languageOf(work, to.person) : to.language);
  const said = notice.template.say[language](notice.variables);
  const now = work.clock.now();
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`insert into message (event, recipient, person_id, template, language, weight, urgent, subject, lines, href, created_at)
        values (${notice.event}, ${recipientOf(to)},
                ${person}, ${`${notice.template.name}@${notice.template.version}`}, ${language}, ${notice.weight},
                ${notice.urgent ?? false}, ${oneLine(said.subject)}, ${textArray(said.lines.map(oneLine))},
                ${said.href ?? null}, ${now.toISOString()})
        on conflict (event, recipient, template) do nothing returning id`,
  );
  const id = rows[0]?.id;
  if (!id) return null;
  if ('email' in to) {
    const sealed = to.secrets.encrypt(to.email.trim(), { table: 'message', column: 'address', row: id });
    await work.tx.execute(sql`update message set address = ${sealed} where id = ${id}`);
  }
  if (notice.link) {
    const sealed = work.secrets.encrypt(notice.link, { table: 'message', column: 'link', row: id });
    await work.tx.execute(sql`update message set link = ${sealed} where id = ${id}`);
  }
  const postal = 'post' in to ? to.post : notice.postal;
  if (postal) {
    const sealed = work.secrets.encrypt(postal, { table: 'message', column: 'postal', row: id });
    await work.tx.execute(sql`update message set postal = ${sealed} where id = ${id}`);
  }
  if ('post' in to) {
    await work.tx.execute(sql`insert into delivery (message_id, channel, state, due_at)
      values (${id}, 'post', 'queued', ${now.toISOString()})`);
    return id;
  }
  const due = notice.urgent ? now : afterQuiet(await quietHours(work.tx), now);
  if (person === null || (await wants(work.tx, person, notice.weight, 'email')))
    await work.tx.execute(
      sql`insert into delivery (message_id, channel, state, due_at)
          values (${id}, 'email', 'queued', ${due.toISOString()})`,
    );
  return id;
}

function recipientOf(to: Recipient): string {
  if ('person' in to) return to.person;
  return 'email' in to
    ? to.secrets.blind('email', to.email.trim().toLowerCase())
    : to.secrets.blind('postal', to.post);
}

/** A message of the cabinet's inbox. */
export interface InboxMessage extends Said {
  readonly id: string;
  readonly weight: Weight;
  readonly language: Language;
  readonly at: Date;
  readonly readAt: Date | null;
}

/** The person's messages, newest first. `before`: id of the last message of the page before. */
export async function inboxOf(
  db: Reader,
  personId: string,
  options: { readonly limit?: number; readonly before?: string } = {},
): Promise<InboxMessage[]> {
  const older = options.before
    ? sql`and (created_at, id) < (select created_at, id from message where id = ${options.before})`
    : sql``;
  const { rows } = await db.execute<InboxRow>(
    sql`select id, subject, lines, href, weight, language, created_at, read_at from message
        where person_id = ${personId} ${older}
        order by created_at desc, id desc limit ${Math.min(options.limit ?? 20, 100)}`,
  );
  return rows.map((row) => ({
    id: row.id,
    subject: row.subject,
    lines: row.lines,
    ...(row.href && { href: row.href }),
    weight: row.weight,
    language: row.language,
    at: new Date(row.created_at),
    readAt: row.read_at === null ? null : new Date(row.read_at),
  }));
}

export async function unreadCount(db: Reader, personId: string): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from message where person_id = ${personId} and read_at is null`,
  );
  return rows[0]!.n;
}

/** Marks a message of the actor as read; the first time counts. @throws NotFound when it is not theirs. */
export async function markRead(work: Work, messageId: string): Promise<void> {
  const { rowCount } = await work.tx.execute(
    sql`update message set read_at = coalesce(read_at, ${work.clock.now().toISOString()}::timestamptz)
        where id = ${messageId} and person_id = ${work.actor.id}`,
  );
  if (!rowCount) throw new NotFound('message');
}

/** Whether the person wants this kind on this channel. What the law says must be sent is not asked about. */
export async function wants(db: Reader, personId: string, weight: Weight, channel: string): Promise<boolean> {
  if (weight === 'legal') return true;
  const { rows } = await db.execute<{ wanted: boolean }>(
    sql`select wanted from notification_preference
        where person_id = ${personId} and weight = ${weight} and channel = ${channel}`,
  );
  return rows[0]?.wanted ?? weight === 'service';
}

/** Sets the actor's own wish. @throws Forbidden for anyone who is not a person. */
export async function setWish(
  work: Work,
  weight: 'service' | 'news',
  channel: string,
  wanted: boolean,
): Promise<void> {
  if (!work.actor.id) throw new Forbidden('notify:set-wish');
  await saveWish(work, work.actor.id, weight, channel, wanted);
}

/** The token in a letter that ends news in one click, without signing in. */
export function unsubscribeToken(secrets: Secrets, personId: string): string {
  return `${personId}.${secrets.blind('unsubscribe-news', personId)}`;
}

/** Ends the news letters of the token's person. @throws NotFound for a token that we did not make. */
export async function unsubscribe(work: Work, secrets: Secrets, token: string): Promise<void> {
  const personId = token.slice(0, 36);
  if (token !== unsubscribeToken(secrets, personId)) throw new NotFound('subscription');
  await saveWish(work, personId, 'news', 'email', false);
}

/** Takes the addresses and the acting link out of letters to people without an account; that they were sent stays. */
export async function forgetAddresses(work: Work, messageIds: readonly string[]): Promise<void> {
  await work.tx.execute(
    sql`update message set address = null, link = null, postal = null, recipient = id::text
        where person_id is null and id = any(array(select jsonb_array_elements_text(${JSON.stringify(messageIds)}::jsonb))::uuid[])`,
  );
}

async function saveWish(
  work: Work,
  personId: string,
  weight: string,
  channel: string,
  wanted: boolean,
): Promise<void> {
  await work.tx.execute(
    sql`insert into notification_preference (person_id, weight, channel, wanted, changed_at)
        values (${personId}, ${weight}, ${channel}, ${wanted}, ${work.clock.now().toISOString()})
        on conflict (person_id, weight, channel) do update set wanted = excluded.wanted, changed_at = excluded.changed_at`,
  );
  await audit(work, {
    action: 'notify:set-wish',
    resource: `person:${personId}`,
    subjects: [personId],
    detail: { weight, channel, wanted },
  });
}

async function languageOf(work: Work, personId: string): Promise<Language> {
  const { rows } = await work.tx.execute<{ language: Language }>(
    sql`select language from person where id = ${personId}`,
  );
  return rows[0]?.language ?? 'uk';
}

function textArray(texts: readonly string[]) {
  if (texts.length === 0) return sql`'{}'::text[]`;
  return sql`array[${sql.join(
    texts.map((text) => sql`${text}`),
    sql`, `,
  )}]::text[]`;
}

interface InboxRow extends Record<string, unknown> {
  id: string;
  subject: string;
  lines: string[];
  href: string | null;
  weight: Weight;
  language: Language;
  created_at: string;
  read_at: string | null;
}
