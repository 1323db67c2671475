import { sql } from 'drizzle-orm';
import type { Reader } from '../database/pool.ts';
import { pause, wakeable } from '../events/leader.ts';
import { type Language, localPath } from '../i18n/index.ts';
import { contactsOf } from '../identity/persons.ts';
import { secretsOf } from '../identity/secrets.ts';
import type { Platform } from '../system.ts';
import { systemActor } from '../work.ts';
import { unsubscribeToken } from './index.ts';
import { type Mail, type Mailer, MailRefused, MailUncertain } from './mailer.ts';
import { isQuiet, quietHours } from './quiet.ts';
import { escapeHtml, type Weight } from './template.ts';

/** What a channel is asked to carry. */
export interface Parcel {
  /** Stays the same through every try. */
  readonly id: string;
  readonly to: string;
  readonly language: Language;
  readonly weight: Weight;
  readonly subject: string;
  readonly lines: readonly string[];
  /** Absolute address of the page it speaks of. */
  readonly link: string | null;
  readonly unsubscribeUrl: string | null;
}

/** A way to reach people outside the cabinet. One that is not configured is not in the list, and so not offered. */
export interface Channel {
  readonly name: 'email' | 'sms' | 'telegram' | 'push';
  /** Where a person is reached by it; null: not at all. */
  readonly contact: 'email' | 'phone';
  /** @throws MailRefused when waiting does not help, MailUncertain when it may have gone out, anything else: try again. */
  carry(parcel: Parcel): Promise<void>;
}

export interface DeliveryOptions {
  readonly channels: readonly Channel[];
  readonly report?: (error: unknown) => void;
  /** Milliseconds before the second try; it doubles up to an hour, with jitter. */
  readonly retryAfter?: number;
  /** Tries on one channel before the next is taken. */
  readonly tries?: number;
}

/** A letter so late would only confuse. The inbox has had it all the time. */
const tooLate = 7 * 86_400_000;
/** A try this old has lost its process; whether it went out is for staff to find out. */
const lost = 5 * 60_000;

/** Starts sending. Any number of processes may: each takes other rows. Each channel has its own loop and delays no other. */
export function startDelivery(
  platform: Platform,
  options: DeliveryOptions,
): { ping(): void; stop(): Promise<void> } {
  const ending = new AbortController();
  const wakes = options.channels.map(() => wakeable(100));
  const running = options.channels.map(async (channel, index) => {
    while (!ending.signal.aborted) {
      try {
        const taken = await deliverDue(platform, channel, options, ending.signal);
        if (taken === 0) await wakes[index]!.wait(1_000, ending.signal);
      } catch (error) {
        if (!ending.signal.aborted) options.report?.(error);
        await pause(1_000, ending.signal);
      }
    }
  });
  const names = options.channels.map((one) => one.name);
  running.push(
    (async () => {
      while (!ending.signal.aborted) {
        await passOn(platform, names).catch((error) => options.report?.(error));
        await pause(10_000, ending.signal);
      }
    })(),
  );
  return {
    ping: () => {
      for (const one of wakes) one.wake();
    },
    async stop() {
      ending.abort();
      await Promise.all(running);
    },
  };
}

/** One round of a channel. @returns how many deliveries it took up. */
export async function deliverDue(
  platform: Platform,
  channel: Channel,
  options: DeliveryOptions,
  signal?: AbortSignal,
): Promise<number> {
  const now = platform.clock.now();
  const at = now.toISOString();
  await closeLost(platform, now);
  const quiet = isQuiet(await quietHours(platform.db), now);
  // The claim is committed before anything is sent: a crash leaves 'sending', never a silent second letter.
  const { rows } = await platform.db.execute<Claimed>(
    sql`update delivery d set state = 'sending', attempts = attempts + 1, started_at = ${at}
        from message m
        where m.id = d.message_id and d.id in (
          select d.id from delivery d join message m on m.id = d.message_id
          where d.channel = ${channel.name} and d.state = 'queued' and d.due_at <= ${at}
            and (m.urgent or not ${quiet})
          order by d.due_at limit 10 for update of d skip locked)
        returning d.id, d.attempts, d.due_at, m.id as message, m.person_id, m.address, m.language, m.weight,
                  m.subject, m.lines, m.href, m.link, m.postal`,
  );
  for (const row of rows) {
    if (signal?.aborted) await settle(platform, row, 'queued', null, '', now);
    else await deliverOne(platform, channel, options, row);
  }
  return rows.length;
}

async function deliverOne(
  platform: Platform,
  channel: Channel,
  options: DeliveryOptions,
  row: Claimed,
): Promise<void> {
  const now = platform.clock.now();
  if (now.getTime() - new Date(row.due_at).getTime() > tooLate)
    return settle(platform, row, 'expired', 'expired', 'older than seven days', now);
  const to = await addressOf(platform, channel, row);
  if (to === null) {
    await settle(platform, row, 'failed', 'refused', 'no address', now);
    return nextChannel(platform, channel, options, row, now);
  }
  try {
    await channel.carry(parcelOf(platform, row, to));
    await settle(platform, row, 'sent', 'sent', '', platform.clock.now());
  } catch (error) {
    const why = failureOf(error);
    if (error instanceof MailUncertain) return settle(platform, row, 'uncertain', 'uncertain', why, now);
    const refused = error instanceof MailRefused;
    if (!refused && row.attempts < (options.tries ?? 12)) {
      const wait = Math.min((options.retryAfter ?? 10_000) * 2 ** (row.attempts - 1), 3_600_000);
      const due = new Date(now.getTime() + wait * (0.75 + Math.random() / 2));
      return settle(platform, row, 'queued', 'failed', why, now, due);
    }
    await settle(platform, row, 'failed', refused ? 'refused' : 'failed', why, now);
    await nextChannel(platform, channel, options, row, now);
  }
}

/**
 * What is kept of a failure: its code and class. The words of mail servers are not kept, they name the address that the
 * letter went to.
 */
export function failureOf(error: unknown): string {
  const known = error instanceof MailRefused || error instanceof MailUncertain;
  const source = (known && error.cause) || error;
  const { responseCode, code } = Object(source) as { responseCode?: unknown; code?: unknown };
  if (typeof responseCode === 'number') return `smtp ${responseCode}`;
  return typeof code === 'string' && /^E[A-Z_]{1,30}$/.test(code) ? code : 'error';
}

async function settle(
  platform: Platform,
  row: Claimed,
  state: 'queued' | 'sent' | 'failed' | 'uncertain' | 'expired',
  outcome: 'sent' | 'failed' | 'refused' | 'uncertain' | 'expired' | null,
  detail: string,
  at: Date,
  due?: Date,
): Promise<void> {
  await platform.db.transaction(async (tx) => {
    await tx.execute(
      sql`update delivery set state = ${state}, due_at = ${(due ?? new Date(row.due_at)).toISOString()}
          where id = ${row.id} and state = 'sending'`,
    );
    if (outcome)
      await tx.execute(
        sql`insert into delivery_attempt (delivery_id, at, outcome, detail)
            values (${row.id}, ${at.toISOString()}, ${outcome}, ${detail})`,
      );
  });
}

/** What cannot go one way goes the next; what the law asks for and nothing carries goes by post, which is a task for people. */
async function nextChannel(
  platform: Platform,
  channel: Channel,
  options: DeliveryOptions,
  row: Claimed,
  now: Date,
): Promise<void> {
  if (row.person_id === null && row.postal === null) return;
  await goOn(platform.db, {
    message: row.message,
    after: channel.name,
    isLegal: row.weight === 'legal',
    channels: options.channels.map((one) => one.name),
    at: now.toISOString(),
  });
}

/** Puts a message that one channel did not carry on the next, or, a legal one with none left, to the post. */
export async function goOn(
  db: Reader,
  failed: {
    readonly message: string;
    /** Name of the channel that did not carry it. */
    readonly after: string;
    readonly isLegal: boolean;
    /** Names of all, in their order. */
    readonly channels: readonly string[];
    readonly at: string;
  },
): Promise<void> {
  const { channels, after, isLegal } = failed;
  const next = channels[channels.indexOf(after) + 1] ?? (isLegal ? 'post' : null);
  if (next === null) return;
  await db.execute(
    sql`insert into delivery (message_id, channel, state, due_at)
        values (${failed.message}, ${next}, 'queued', ${failed.at}) on conflict do nothing`,
  );
}

/**
 * What waits for a channel that this installation does not have (no mail server is set): a letter of the law goes by post at once,
 * others wait for the setting and are over when they are too old. @returns how many were settled.
 */
export async function passOn(platform: Platform, channels: readonly string[]): Promise<number> {
  const now = platform.clock.now();
  const at = now.toISOString();
  return platform.db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ id: string; message: string; is_legal: boolean; reachable: boolean }>(
      sql`select d.id, m.id as message, m.weight = 'legal' as is_legal, (m.person_id is not null or m.postal is not null) as reachable
          from delivery d join message m on m.id = d.message_id
          where d.state = 'queued' and d.channel <> 'post'
            and d.channel not in (select jsonb_array_elements_text(${JSON.stringify(channels)}::jsonb))
            and (m.weight = 'legal' and d.due_at <= ${at} or d.due_at < ${new Date(now.getTime() - tooLate).toISOString()})
          order by d.due_at limit 100 for update of d skip locked`,
    );
    for (const row of rows) {
      const state = row.is_legal ? 'failed' : 'expired';
      await tx.execute(sql`update delivery set state = ${state} where id = ${row.id}`);
      await tx.execute(
        sql`insert into delivery_attempt (delivery_id, at, outcome, detail) values (${row.id}, ${at}, ${state}, 'no channel')`,
      );
      if (row.is_legal && row.reachable)
        await goOn(tx, { message: row.message, after: '', isLegal: true, channels, at });
    }
    return rows.length;
  });
}

async function closeLost(platform: Platform, now: Date): Promise<void> {
  await platform.db.execute(
    sql`with closed as (
          update delivery set state = 'uncertain'
          where state = 'sending' and started_at < ${new Date(now.getTime() - lost).toISOString()}
          returning id)
        insert into delivery_attempt (delivery_id, at, outcome, detail)
        select id, ${now.toISOString()}, 'uncertain', 'the process ended while sending' from closed`,
  );
}

async function addressOf(platform: Platform, channel: Channel, row: Claimed): Promise<string | null> {
  const secrets = secretsOf(platform.config);
  if (row.person_id === null)
    return row.address === null || channel.name !== 'email'
      ? null
      : secrets.decrypt(row.address, { table: 'message', column: 'address', row: row.message });
  const contacts = await platform.work(systemActor('notify'), (work) =>
    contactsOf(work, secrets, row.person_id!),
  );
  return contacts.find((contact) => contact.kind === channel.contact)?.value ?? null;
}

function parcelOf(platform: Platform, row: Claimed, to: string): Parcel {
  const { publicUrl, host, port } = platform.config;
  const origin = publicUrl ?? `http://${host}:${port}`;
  const place = { table: 'message', column: 'link', row: row.message };
  const path = row.link === null ? row.href : secretsOf(platform.config).decrypt(row.link, place);
  return {
    id: row.message,
    to,
    language: row.language,
    weight: row.weight,
    subject: row.subject,
    lines: row.lines,
    link: path === null ? null : origin + localPath(row.language, path),
    unsubscribeUrl:
      row.weight === 'news' && row.person_id !== null
        ? `${origin}/unsubscribe/${unsubscribeToken(secretsOf(platform.config), row.person_id)}`
        : null,
  };
}

const words = {
  uk: {
    open: 'Відкрити',
    stop: 'Відписатися від новин',
    sign: 'Це автоматичний лист міста, відповідати на нього не потрібно.',
  },
  en: {
    open: 'Open',
    stop: 'Unsubscribe from news',
    sign: 'This is an automatic letter from the city; no reply is needed.',
  },
};

/** Letters, as text and as HTML from the same words. */
export function emailChannel(mailer: Mailer, domain = 'misto.invalid'): Channel {
  return {
    name: 'email',
    contact: 'email',
    carry: (parcel) => mailer.send(mailOf(parcel, domain)),
  };
}

export function mailOf(parcel: Parcel, domain: string): Mail {
  const say = words[parcel.language];
  const { link, unsubscribeUrl } = parcel;
  const text = [
    ...parcel.lines,
    ...(link ? [`${say.open}: ${link}`] : []),
    `-- \n${say.sign}`,
    ...(unsubscribeUrl ? [`${say.stop}: ${unsubscribeUrl}`] : []),
  ].join('\n\n');
  const anchor = (href: string, label: string) => `<a href="${escapeHtml(href)}">${escapeHtml(label)}</a>`;
  const html = [
    `<!doctype html><html lang="${parcel.language}"><head><meta charset="utf-8"><title>${escapeHtml(parcel.subject)}</title></head><body>`,
    ...parcel.lines.map((line) => `<p>${escapeHtml(line)}</p>`),
    ...(link ? [`<p>${anchor(link, `${say.open}: ${parcel.subject}`)}</p>`] : []),
    `<hr><p><small>${escapeHtml(say.sign)}</small></p>`,
    ...(unsubscribeUrl ? [`<p><small>${anchor(unsubscribeUrl, say.stop)}</small></p>`] : []),
    '</body></html>',
  ].join('\n');
  return {
    to: parcel.to,
    subject: parcel.subject,
    text,
    html,
    messageId: `<${parcel.id}@${domain}>`,
    ...(parcel.weight === 'legal' && { proof: true }),
    ...(unsubscribeUrl && { unsubscribeUrl }),
  };
}

interface Claimed extends Record<string, unknown> {
  id: string;
  attempts: number;
  due_at: string;
  message: string;
  person_id: string | null;
  address: string | null;
  language: Language;
  weight: Weight;
  subject: string;
  lines: string[];
  href: string | null;
  link: string | null;
  postal: string | null;
}
