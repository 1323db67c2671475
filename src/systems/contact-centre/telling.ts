import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';
import { placeOf, standardLog } from '#platform/http/log.ts';
import { formatDateTime, type Language } from '#platform/i18n/index.ts';
import { enqueue } from '#platform/jobs/index.ts';
import { notify, type Recipient } from '#platform/notify/index.ts';
import type { DeliveredEvent, JobDefinition, Platform, System } from '#platform/system.ts';
import { type Actor, systemActor, type Work } from '#platform/work.ts';
import { applicantPlace } from './appeals.ts';
import { letterOf } from './letters.ts';
import { permission } from './permissions.ts';
import { sha256 } from './requests.ts';
import { scopeWhere } from './scope.ts';
import { openReporter, type ReporterData } from './sealing.ts';
import { moves } from './states.ts';

const name = 'contact-centre.messages';
const teller = systemActor('messages');
const batch = 100;
/** News so old would only confuse; the follow link has had it all the time. */
const tooLate = 7 * 86_400_000;

/** Hands the messages that moves owe to the platform's delivery; runs soon after each move, and every minute for what was missed. */
export const messagesJob: JobDefinition = { name, schedule: '* * * * *', run: tellOwed };

/** Each move of a request asks for the job; of many moves one job waits. */
export const askForMessages: NonNullable<System['on']> = Object.fromEntries(
  [
    'registered',
    'note',
    'verdict',
    'asked',
    'evidence_passed',
    'extended',
    'plan_approved',
    'paused',
    'resumed',
    'split',
    'publication',
    ...new Set(moves.map(({ move }) => move)),
  ].map((event) => [
    `contact-centre.request.${event}`,
    async (work: Work, { occurredAt }: DeliveredEvent) => {
      if (work.clock.now().getTime() - occurredAt.getTime() < tooLate)
        await enqueue(work, name, {}, { singletonKey: 'owed' });
    },
  ]),
);

/**
 * Turns owed messages into notices: the cabinet's inbox for those with an account, a letter to a confirmed address for
 * others. A batch is one transaction, in which the message is marked as well, and other workers take other rows: whatever
 * is killed when, each message is handed over once.
 */
export async function tellOwed(platform: Pick<Platform, 'work'>): Promise<void> {
  while ((await platform.work(teller, passOver)) > 0);
  while ((await platform.work(teller, (work) => tellBatch(work))) === batch);
}

/** Lets go of what is too old to be told, many at a time. */
async function passOver(work: Work): Promise<number> {
  const now = work.clock.now();
  const { rowCount } = await work.tx.execute(sql`
    update cc_message set done_at = ${now.toISOString()}::timestamptz, outcome = 'too_late' where id in (
      select id from cc_message where done_at is null
        and at < ${new Date(now.getTime() - tooLate).toISOString()}::timestamptz
      order by at, id limit 5000 for update skip locked)`);
  return rowCount ?? 0;
}

interface Owed extends Record<string, unknown> {
  id: string;
  request: string;
  template: string;
  at: string;
  reporter: string;
  own: string;
  person: string | null;
  confirmed: boolean;
  key: string | null;
  sealed: string | null;
  language: Language;
  public_note: string | null;
  class: string;
  regime: string;
  applicant: string | null;
  state: string;
  due: string | null;
  organisation: { uk: string; en: string } | null;
}

/** @returns how many were taken up. */
export async function tellBatch(work: Work, limit = batch): Promise<number> {
  const { rows } = await work.tx.execute<Owed>(sql`
    with owed as (
      select id from cc_message where done_at is null order by at, id limit ${limit} for update skip locked
    )
    select m.id, m.request, m.template, m.at, p.id as reporter, p.request as own, p.person, p.confirmed, p.key, p.sealed, p.language,
      h.public_note, r.class, r.regime, l.applicant, r.state,
      case when r.regime = 'service' then r.fix_due
        else (select due from cc_clock where request = r.number and kind = 'statutory' and stopped_at is null) end as due, o.name as organisation
    from owed join cc_message m using (id)
      join cc_reporter p on p.id = m.reporter
      join cc_request r on r.number = m.request
      left join cc_history h on h.request = m.request and h.seq = m.seq
      left join cc_organisation o on o.id = r.organisation
      left join cc_appeal l on l.request = r.number
    order by m.at, m.id`);
  const done: { id: string; outcome: string; message: string | null }[] = [];
  for (const row of rows) {
    const postal = row.regime === 'statutory' && lawful.has(row.template) ? postalOf(work, row) : null;
    const to = recipientOf(work, row, postal);
    const message = typeof to === 'object' ? await hand(work, row, to, postal) : null;
    done.push({ id: row.id, outcome: message ? 'told' : typeof to === 'object' ? 'no_way' : to, message });
  }
  if (done.length)
    await work.tx.execute(sql`update cc_message m set done_at = ${work.clock.now().toISOString()}::timestamptz,
        outcome = d.outcome, message = d.message
      from jsonb_to_recordset(${JSON.stringify(done)}::jsonb) as d(id uuid, outcome text, message uuid) where m.id = d.id`);
  return rows.length;
}

/** @returns the platform's message; null when the person has nothing to be written to. */
async function hand(work: Work, row: Owed, to: Recipient, postal: string | null): Promise<string | null> {
  const open = row.state !== 'closed' && row.due !== null;
  const link = 'email' in to ? await freshLink(work, row) : null;
  return notify(work, {
    to,
    event: `${name}:${row.id}`,
    template: letterOf(row.template),
    variables: {
      number: row.own,
      master: row.own === row.request ? null : row.request,
      note: row.public_note,
      organisation: row.organisation,
      due: open ? formatDateTime(row.language, new Date(row.due!)) : null,
      href: hrefOf(row, to),
      stoppable: row.regime !== 'statutory',
      appeal: row.regime === 'statutory',
    },
    weight: row.regime === 'statutory' ? 'legal' : 'service',
    language: row.language,
    urgent: row.class === 'urgent' || row.class === 'emergency',
    ...(link && { link }),
    postal,
  });
}

/** The page that the letter speaks of; a letter for the post is printed from the desk of appeals. */
function hrefOf(row: Owed, to: Recipient): string {
  if ('person' in to) return `/contact-centre/my/${row.own}`;
  return 'post' in to ? `/contact-centre/desk/appeals/${row.own}` : `/contact-centre/requests/${row.own}`;
}

/** Law 393/96-ВР, art. 5, 7, 15 and 20: what an applicant must be told in writing, by post where nothing else reaches. */
const lawful: ReadonlySet<string> = new Set(['answer', 'extend', 'recount', 'refuse', 'transfer']);

/** Name and residence, as on an envelope: those given with the appeal, or with the report that became one. */
function postalOf(work: Work, row: Owed): string | null {
  const sealed = row.applicant && work.secrets.decrypt(row.applicant, applicantPlace(row.request));
  const { name, residence } = sealed
    ? (JSON.parse(sealed) as { name: string; residence: string })
    : (opened(work, row) ?? {});
  return name && residence ? `${name}\n${residence}` : null;
}

/** One seal that does not open must not keep all other letters waiting. */
function opened(work: Work, row: Owed): ReporterData | null {
  try {
    return openReporter(work.secrets, { ...row, id: row.reporter });
  } catch (error) {
    standardLog({ level: 'error', event: 'letter', code: 'seal', at: placeOf(error) });
    return null;
  }
}

/** @returns why nobody is written to, where nobody is. */
function recipientOf(work: Work, row: Owed, postal: string | null): Recipient | 'no_way' | 'unreadable' {
  if (row.person) return { person: row.person };
  const { language } = row;
  const byPost = postal === null ? ('no_way' as const) : { post: postal, language, secrets: work.secrets };
  if (!row.confirmed) return byPost;
  const known = opened(work, row);
  if (known === null && row.key !== null) return 'unreadable';
  return known?.email ? { email: known.email, language, secrets: work.secrets } : byPost;
}

/** Links are stored as hashes, so an old one cannot be written again: each letter gets its own, which opens the same page. */
async function freshLink(work: Work, row: Owed): Promise<string> {
  const token = randomBytes(16).toString('base64url');
  await work.tx.execute(sql`insert into cc_link (token_hash, request, reporter, kind, made_at)
    values (${sha256(token)}, ${row.own}, ${row.reporter}, 'follow', ${work.clock.now().toISOString()}::timestamptz)`);
  return `/contact-centre/follow/${token}`;
}

/**
 * Ends or takes up again the letters about one request, by the reporter alone: the holder of the link, or the person.
 * What the law wants said is said all the same.
 *
 * @throws NotFound when the link is nobody's.
 */
export async function setLetters(
  work: Work,
  by: { readonly token: string } | { readonly number: string },
  wanted: boolean,
): Promise<void> {
  const which =
    'token' in by
      ? sql`id = (select reporter from cc_link where token_hash = ${sha256(by.token)} and kind = 'follow' and revoked_at is null)`
      : sql`request = ${by.number} and person = ${work.actor.kind === 'person' ? work.actor.id : null}`;
  const { rows } = await work.tx.execute<{ request: string }>(sql`update cc_reporter set notify = ${wanted}
    where ${which} and exists (select 1 from cc_request r where r.number = request and r.regime = 'service') returning request`);
  if (!rows[0]) throw new NotFound('link');
  await audit(work, {
    action: permission(wanted ? 'take-up-letters' : 'stop-letters'),
    resource: `request:${rows[0].request}`,
  });
}

/** How a change was told to one reporter: for the staff's page of the request, without any contact. */
export interface Delivery {
  readonly seq: number;
  readonly move: string;
  readonly reporter: string;
  /** The request with which the reporter came. */
  readonly request: string;
  readonly at: Date;
  /** waiting: not handed over yet; no_way: no account and no confirmed address; unreadable: the seal of the contact does not open. */
  readonly outcome: 'waiting' | 'told' | 'no_way' | 'unreadable' | 'too_late';
  readonly channels: readonly {
    readonly channel: 'inbox' | 'email' | 'sms' | 'post';
    readonly state: 'queued' | 'sending' | 'sent' | 'failed' | 'uncertain' | 'expired';
    readonly at: Date | null;
  }[];
}

/**
 * What was told to whom about a request and what is merged into it, newest first, 200 at most.
 *
 * @throws NotFound when the actor may not know of the request.
 */
export async function deliveriesOf(reader: Reader, actor: Actor, number: string): Promise<Delivery[]> {
  const { rows: seen } = await reader.execute(sql`select 1 from cc_request r
    where r.number = ${number} and ${scopeWhere(actor, permission('read_desk'))}`);
  if (!seen.length) throw new NotFound('request');
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    select m.seq, m.template, m.reporter, p.request, m.at, m.outcome, p.person is not null as inbox, m.done_at,
      coalesce((select jsonb_agg(jsonb_build_object('channel', d.channel, 'state', d.state,
          'at', (select max(a.at) from delivery_attempt a where a.delivery_id = d.id)) order by d.id)
        from delivery d where d.message_id = m.message), '[]') as channels
    from cc_message m join cc_reporter p on p.id = m.reporter
    where m.request = ${number} or p.request = ${number}
    order by m.at desc, m.id desc limit 200`);
  return rows.map((row) => ({
    seq: Number(row.seq),
    move: String(row.template),
    reporter: String(row.reporter),
    request: String(row.request),
    at: new Date(String(row.at)),
    outcome: (row.outcome ?? 'waiting') as Delivery['outcome'],
    channels: [
      ...(row.inbox && row.outcome === 'told'
        ? [{ channel: 'inbox' as const, state: 'sent' as const, at: new Date(String(row.done_at)) }]
        : []),
      ...(row.channels as { channel: 'email'; state: 'sent'; at: string | null }[]).map((one) => ({
        ...one,
        at: one.at ? new Date(one.at) : null,
      })),
    ],
  }));
}
