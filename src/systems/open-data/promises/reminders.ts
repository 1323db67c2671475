import { sql } from 'drizzle-orm';
import { localDate } from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { formatDate, type Language, plural } from '#platform/i18n/index.ts';
import { defineTemplate, notify } from '#platform/notify/index.ts';
import type { Platform } from '#platform/system.ts';
import { systemActor, type Work } from '#platform/work.ts';
import { freshnessOf } from '../freshness.ts';
import { frequencyOf } from '../passport.ts';
import { isRemindedBefore } from './due.ts';
import { cityOfficers, headsOf, responsibleFor } from './responsible.ts';

/** How far a promise has gone when somebody is told of it. */
type Stage = 'soon' | 'late' | 'very late';

interface Item {
  readonly promise: string;
  readonly organisation: string;
  readonly title: string;
  readonly due: Date;
  readonly stage: Stage;
}

/**
 * One letter a day to each who answers for data: what is due when a fifth of the period is left (periods over a week), what is
 * late, and, a period later, also to the head of the unit and the city's officer. Of each stage of a promise a person hears once.
 */
export async function sendReminders(platform: Platform): Promise<void> {
  const now = platform.clock.now();
  const items = await itemsOf(platform.db, now);
  const organisations = [...new Set(items.map((item) => item.organisation))];
  const [responsible, heads, city] = await Promise.all([
    responsibleFor(platform.db, organisations, now),
    headsOf(platform.db, organisations),
    cityOfficers(platform.db, now),
  ]);
  const byPerson = new Map<string, Item[]>();
  for (const item of items) {
    const head = heads.get(item.organisation);
    const people = new Set([
      ...(responsible.get(item.organisation) ?? []).map((one) => one.person),
      ...(item.stage === 'very late' ? [...(head ? [head] : []), ...city.map((one) => one.person)] : []),
    ]);
    for (const person of people) byPerson.set(person, [...(byPerson.get(person) ?? []), item]);
  }
  for (const [person, own] of byPerson)
    await platform.work(systemActor('open data'), (work) => remind(work, person, own));
}

/** Open promises of which somebody is to be told now, the nearest first. */
async function itemsOf(reader: Reader, now: Date): Promise<Item[]> {
  // A fifth of the longest period, a year.
  const horizon = new Date(now.getTime() + 74 * 86_400_000);
  const { rows } = await reader.execute<{
    promise: string;
    organisation: string;
    title: string;
    due: string;
    frequency: string;
  }>(sql`
    select p.id as promise, d.organisation, coalesce(nullif(d.title, ''), d.name) as title, p.due_at::text as due, p.frequency
    from od_promise p join od_dataset d on d.id = p.dataset
    where p.kept_at is null and p.dropped_at is null and p.due_at < ${horizon.toISOString()} order by p.due_at, p.id`);
  return rows.flatMap(({ due, frequency, ...row }) => {
    const stage = freshnessOf(due, frequency, now);
    if (stage === 'none' || stage === 'on time') return [];
    if (stage === 'soon' && !isRemindedBefore(frequencyOf(frequency).period)) return [];
    return [{ ...row, due: new Date(due), stage }];
  });
}

async function remind(work: Work, person: string, items: readonly Item[]): Promise<void> {
  // Two processes that remind the same person at once take turns, and the second finds that all is said.
  await work.tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`open-data reminders ${person}`}, 38))`,
  );
  const { rows } = await work.tx.execute<{ promise: string; stage: Stage }>(sql`
    select r.promise, r.stage from od_reminder r where r.person = ${person}
      and r.promise in (select jsonb_array_elements_text(${JSON.stringify(items.map((item) => item.promise))}::jsonb)::uuid)`);
  const told = new Set(rows.map((row) => `${row.promise} ${row.stage}`));
  const fresh = items.filter((item) => !told.has(`${item.promise} ${item.stage}`));
  if (fresh.length === 0) return;
  const now = work.clock.now();
  const sent = await notify(work, {
    to: { person },
    event: `open-data.reminders:${localDate(now)}`,
    template: digest,
    variables: { items: fresh.map(({ title, due, stage }) => ({ title, due, stage })) },
    weight: 'service',
  });
  // Today's letter has gone already: what has come since waits for tomorrow's.
  if (sent === null) return;
  await work.tx.execute(sql`
    insert into od_reminder (promise, stage, person, told_at)
    select promise, stage, ${person}::uuid, ${now.toISOString()}
    from jsonb_to_recordset(${JSON.stringify(fresh.map(({ promise, stage }) => ({ promise, stage })))}::jsonb)
      as fresh (promise uuid, stage text)
    on conflict do nothing`);
}

interface Digest {
  readonly items: readonly Pick<Item, 'title' | 'due' | 'stage'>[];
}

const shown = 20;

const words = {
  uk: {
    subject: (count: string, late: boolean) =>
      late ? `Прострочено оновлення даних: ${count}` : `Скоро строк оновлення даних: ${count}`,
    count: (n: number) =>
      `${n} ${plural('uk', n, { one: 'набір', few: 'набори', many: 'наборів', other: 'набору' })}`,
    soon: (title: string, due: string) => `«${title}»: оновіть до ${due}`,
    late: (title: string, due: string) => `«${title}»: строк минув ${due}`,
    'very late': (title: string, due: string) => `«${title}»: строк минув ${due}, пропущено цілий період`,
    rest: (n: number) => `І ще ${n}.`,
    what: 'Завантажте новий файл. Якщо нового немає, підтвердьте: «Змін немає».',
  },
  en: {
    subject: (count: string, late: boolean) =>
      late ? `Updates of data are overdue: ${count}` : `Updates of data are due soon: ${count}`,
    count: (n: number) => `${n} ${n === 1 ? 'dataset' : 'datasets'}`,
    soon: (title: string, due: string) => `“${title}”: update it by ${due}`,
    late: (title: string, due: string) => `“${title}”: was due on ${due}`,
    'very late': (title: string, due: string) => `“${title}”: was due on ${due}, a whole period was missed`,
    rest: (n: number) => `And ${n} more.`,
    what: 'Upload the new file. If there is nothing new, confirm: “No changes”.',
  },
} as const;

const say =
  (language: Language) =>
  ({ items }: Digest) => {
    const own = words[language];
    const late = items.filter((item) => item.stage !== 'soon').length;
    return {
      subject: own.subject(own.count(late || items.length), late > 0),
      lines: [
        ...items.slice(0, shown).map((item) => own[item.stage](item.title, formatDate(language, item.due))),
        ...(items.length > shown ? [own.rest(items.length - shown)] : []),
        own.what,
      ],
      href: '/open-data/desk',
    };
  };

const digest = defineTemplate<Digest>('open-data.reminders', 1, { uk: say('uk'), en: say('en') });
