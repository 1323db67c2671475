import { sql } from 'drizzle-orm';
import type { Db } from '#platform/database/pool.ts';
import type { Language } from '#platform/i18n/index.ts';
import type { Act, Happening, PublicFigure } from '#platform/system.ts';

const base = '/contact-centre';

/** What people come to the contact centre for, the most wanted first. */
export const acts: readonly Act[] = [
  {
    title: { uk: 'Повідомити про проблему', en: 'Report a problem' },
    summary: {
      uk: 'Опалення, вода, дороги, ліфти, світло: без реєстрації, за дві хвилини',
      en: 'Heating, water, roads, lifts, lights: without signing up, in two minutes',
    },
    href: `${base}/report`,
    icon: 'plus',
  },
  {
    title: { uk: 'Перевірити заявку', en: 'Check a request' },
    summary: {
      uk: 'За номером: хто виконує, до якого часу і чому',
      en: 'By its number: who does it, until when and why',
    },
    href: `${base}/track`,
    icon: 'search',
  },
  {
    title: { uk: 'Мапа заявок', en: 'Map of requests' },
    summary: {
      uk: 'Що зламалося і що лагодять поруч із вами',
      en: 'What is broken and what is being repaired near you',
    },
    href: `${base}/map`,
    icon: 'map',
  },
  {
    title: { uk: 'Хто як працює', en: 'Who works how well' },
    summary: {
      uk: 'Підприємства за тим, що підтвердили самі мешканці',
      en: 'Enterprises by what residents themselves confirmed',
    },
    href: `${base}/performance`,
    icon: 'chart',
  },
  {
    title: { uk: 'Стежити за районом', en: 'Follow an area' },
    summary: {
      uk: 'Новини вашої вулиці листом або у стрічці',
      en: 'News of your street by letter or in a feed',
    },
    href: `${base}/subscribe`,
    icon: 'bell',
  },
];

/** Live figures for the city's start page and for other systems. */
export const figures: readonly PublicFigure[] = [
  {
    name: 'open',
    href: `${base}/requests?state=open`,
    title: { uk: 'заявок у роботі', en: 'requests in work' },
    read: (db) => count(db, sql`state not in ('closed', 'merged')`),
  },
  {
    name: 'today',
    href: `${base}/requests`,
    title: { uk: 'надійшло за добу', en: 'received in a day' },
    read: (db, now) => count(db, sql`created_at > ${before(now, 1)}::timestamptz`),
  },
  {
    name: 'confirmed',
    href: `${base}/performance`,
    title: { uk: 'підтверджено мешканцями за 30 днів', en: 'confirmed by residents in 30 days' },
    read: (db, now) => count(db, sql`closing = 'confirmed' and closed_at > ${before(now, 30)}::timestamptz`),
  },
  {
    name: 'rework',
    href: `${base}/requests?state=rework`,
    title: { uk: 'мешканці не прийняли роботу', en: 'where residents did not accept the work' },
    read: (db) => count(db, sql`state = 'rework'`),
  },
];

/** Public requests that residents have just confirmed or executors have just claimed done. */
export async function happenings(db: Db, language: Language, limit: number): Promise<readonly Happening[]> {
  const { rows } = await db.execute<Record<string, string | null>>(sql`
    select r.number, r.updated_at, r.public_address, r.public_note, r.closing,
      coalesce(c.body->'name'->>${language}, r.category) as category, o.name->>${language} as organisation
    from cc_request r
      left join cc_category c on c.code = r.category and c.version = r.category_version
      left join cc_organisation o on o.id = r.organisation
    where r.publication = 'published' and r.regime = 'service' and not r.sandbox
      and (r.state = 'claimed' or r.closing = 'confirmed')
    order by r.updated_at desc, r.number desc limit ${limit}`);
  return rows.map((row) => ({
    at: new Date(row.updated_at!),
    title: [row.category, row.public_address].filter(Boolean).join(', '),
    summary: row.closing ? confirmed[language] : claimed[language](row.organisation ?? ''),
    href: `${base}/requests/${row.number}`,
  }));
}

const confirmed = { uk: 'Мешканці підтвердили: виконано', en: 'Residents confirmed that it is done' };
const claimed = {
  uk: (who: string) => `${who}: повідомлено про виконання, слово за мешканцями`,
  en: (who: string) => `${who} says it is done; residents have the word`,
};

async function count(db: Db, where: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from cc_request where not sandbox and ${where}`,
  );
  return rows[0]!.n;
}

const before = (now: Date, days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
