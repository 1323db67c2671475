import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { XMLParser } from 'fast-xml-parser';
import type pg from 'pg';
import { type ManualClock, manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import type { Platform } from '#platform/system.ts';
import { systemActor, type Work } from '#platform/work.ts';
import type { CategoryData, CitySettings } from '../city-data.ts';
import { moves } from '../states.ts';
import type { Acts } from './acts.ts';
import { api } from './index.ts';
import { makeKey } from './keys.ts';

/** A small invented city whose API the tests call; requests are written straight into the tables. */
export const city: CitySettings = {
  centre: [35.046, 48.464],
  bounds: [
    [34.7, 48.3],
    [35.3, 48.6],
  ],
  jurisdiction: 'dniprorada.gov.ua',
  name: { uk: 'Дніпро', en: 'Dnipro' },
  phone: '1545',
  zipcode: '49000',
};

const name = (uk: string) => ({ uk, en: `${uk} (en)` });
export const categories: readonly CategoryData[] = [
  { kind: 'branch', code: 'heating', parent: null, number: '01', name: name('Опалення') },
  {
    kind: 'leaf',
    code: 'heat-none',
    parent: 'heating',
    number: '01.01',
    name: name('Немає опалення'),
    description: name('Батареї холодні <зовсім> & давно'),
    keywords: ['тепло', 'батареї'],
    class: 'emergency',
    precision: 'building',
    notice: name('Перевірте крани.'),
    questions: [
      {
        code: 'scope',
        datatype: 'singlevaluelist',
        required: true,
        description: name('Де немає тепла?'),
        hint: name('оберіть'),
        values: [
          { key: 'flat', name: name('Квартира') },
          { key: 'house', name: name('Будинок') },
        ],
      },
      {
        code: 'rooms',
        datatype: 'multivaluelist',
        description: name('Кімнати'),
        values: [
          { key: 'kitchen', name: name('Кухня') },
          { key: 'bedroom', name: name('Спальня') },
        ],
        showIf: { question: 'scope', in: ['flat'] },
      },
      { code: 'since', datatype: 'datetime', description: name('Відколи') },
      { code: 'degrees', datatype: 'number', description: name('Скільки градусів') },
      { code: 'colour', datatype: 'string', description: name('Колір') },
      { code: 'words', datatype: 'text', description: name('Подробиці') },
      { code: 'advice', datatype: 'information', description: name('Закрийте вікна') },
    ],
  },
  { kind: 'branch', code: 'roads', parent: null, number: '08', name: name('Дороги') },
  {
    kind: 'leaf',
    code: 'pothole',
    parent: 'roads',
    number: '08.01',
    name: name('Яма'),
    keywords: ['яма'],
    class: 'ordinary',
    type: 'batch',
    precision: 'exact',
  },
  {
    kind: 'leaf',
    code: 'sign-lost',
    parent: 'roads',
    number: '08.02',
    name: name('Зник знак'),
    keywords: [],
    class: 'ordinary',
    type: 'blackbox',
  },
  {
    kind: 'leaf',
    code: 'old-pit',
    parent: 'roads',
    number: '08.03',
    name: name('Стара яма'),
    keywords: [],
    class: 'ordinary',
    successor: 'pothole',
  },
  {
    kind: 'leaf',
    code: 'gas-smell',
    parent: 'roads',
    number: '08.04',
    name: name('Запах газу'),
    keywords: [],
    class: 'urgent',
    stopper: name('Телефонуйте 104'),
  },
  {
    kind: 'leaf',
    code: 'appeal',
    parent: 'roads',
    number: '08.05',
    name: name('Звернення'),
    keywords: [],
    class: 'ordinary',
    regime: 'statutory',
  },
];

export interface RequestSeed {
  number: string;
  category?: string;
  text?: string | null;
  publication?: string;
  regime?: string;
  state?: string;
  closing?: string | null;
  result?: string | null;
  organisation?: string | null;
  client?: string | null;
  master?: string | null;
  event?: string | null;
  lat?: number | null;
  lon?: number | null;
  address?: string | null;
  building?: string | null;
  note?: string | null;
  at?: string;
  updated?: string;
  due?: string | null;
  answers?: unknown;
  source?: string;
  sandbox?: boolean;
}

export async function seedRequest(pool: pg.Pool, seed: RequestSeed): Promise<string> {
  const at = seed.at ?? '2026-11-20T06:00:00Z';
  const updated = seed.updated ?? at;
  const state = seed.state ?? 'registered';
  await pool.query(
    `insert into cc_request (number, source, intake_key, payload_hash, sandbox, regime, category, category_version, branch, class,
       text, public_text, answers, building, address, public_address, district, lat, lon, public_lat, public_lon,
       publication, duplicate_group, state, closing, result, history_head, master, event, organisation, public_note,
       fix_due, client, created_at, updated_at, closed_at)
     values ($1, $2, $1, 'h', $3, $4, $5, 1, $6, 'ordinary', 'тел. 067 123 45 67, кв. 12', $7, $8, $9, 'вул. Таємна, 1, кв. 12', $10,
       'sob', 48.1, 35.1, $11, $12, $13, $5, $14, $15, $16, 'h', $17, $18, $19, $20, $21, $22, $23, $24, $25)`,
    [
      seed.number,
      seed.source ?? 'phone',
      seed.sandbox ?? false,
      seed.regime ?? 'service',
      seed.category ?? 'heat-none',
      seed.category === 'pothole' ? 'roads' : 'heating',
      seed.text === undefined ? 'Холодно в будинку' : seed.text,
      JSON.stringify(seed.answers ?? []),
      seed.building ?? null,
      seed.address === undefined ? 'вул. Робоча, 12' : seed.address,
      seed.lat === undefined ? 48.4501 : seed.lat,
      seed.lon === undefined ? 35.0662 : seed.lon,
      seed.publication ?? 'published',
      state,
      seed.closing ?? null,
      seed.result ?? null,
      seed.master ?? null,
      seed.event ?? null,
      seed.organisation ?? null,
      seed.note ?? null,
      seed.due ?? null,
      seed.client ?? null,
      at,
      updated,
      state === 'closed' ? updated : null,
    ],
  );
  await seedHistory(pool, seed.number, 'register', null, 'registered', at);
  return seed.number;
}

export async function seedHistory(
  pool: pg.Pool | Work['tx'],
  number: string,
  move: string,
  from: string | null,
  to: string,
  at: string,
  note: string | null = null,
  data: unknown = {},
): Promise<number> {
  const statement = sql`insert into cc_history (request, seq, at, move, from_state, to_state, actor, data, public_note, prev, hash)
    select ${number}, coalesce(max(seq), 0) + 1, ${at}::timestamptz, ${move}::text, ${from}::text, ${to}::text, '{}'::jsonb,
      ${JSON.stringify(data)}::jsonb, ${note}::text, (array_agg(hash order by seq desc))[1],
      ${createHash('sha256').update(`${number}${Math.random()}`).digest('hex')}::text
    from cc_history where request = ${number} returning seq`;
  if ('execute' in pool) return Number((await pool.execute<{ seq: number }>(statement)).rows[0]!.seq);
  const { drizzle } = await import('drizzle-orm/node-postgres');
  return Number((await drizzle(pool).execute<{ seq: number }>(statement)).rows[0]!.seq);
}

/** A domain just deep enough for the API's own promises: it stores, moves by the table of moves, and notes. */
export const plainActs: Acts = {
  async register(work, report) {
    const { rows } = await work.tx.execute<{ n: string }>(
      sql`select lpad((26000000000 + count(*))::text, 11, '0') as n from cc_request`,
    );
    const number = rows[0]!.n;
    const now = work.clock.now().toISOString();
    await work.tx.execute(sql`
      insert into cc_request (number, source, intake_key, payload_hash, regime, category, category_version, branch, class,
        text, public_text, answers, public_address, public_lat, public_lon, publication, duplicate_group, state,
        history_head, client, created_at, updated_at)
      values (${number}, 'open311', ${report.intakeKey}, 'h', 'service', ${report.category}, 1, 'heating', 'ordinary',
        ${report.text}, ${report.text}, ${JSON.stringify(report.answers)}::jsonb, ${report.address},
        ${report.point?.lat ?? null}, ${report.point?.lon ?? null}, 'published', ${report.category}, 'registered', 'h',
        ${report.client}, ${now}, ${now})`);
    await seedHistory(work.tx, number, 'register', null, 'registered', now);
    return { number, due: new Date('2026-12-10T16:00:00Z') };
  },
  async standing(work, number) {
    const { rows } = await work.tx.execute<Record<string, string>>(
      sql`select state, closing, client, organisation, publication, updated_at from cc_request where number = ${number} for update`,
    );
    const row = rows[0];
    return row
      ? ({ ...row, public: row.publication === 'published', changedAt: new Date(row.updated_at!) } as never)
      : null;
  },
  async move(work, number, move, words) {
    const before = (await plainActs.standing(work, number))!.state;
    const row = moves.find((one) => one.move === move && (one.from as readonly string[]).includes(before))!;
    const [to = '', closing = null] = row.to.split(':');
    const now = work.clock.now().toISOString();
    await work.tx.execute(sql`update cc_request set state = ${to}, closing = ${closing}, updated_at = ${now},
      closed_at = ${to === 'closed' ? now : null}, result = ${to === 'closed' ? 'fixed' : null} where number = ${number}`);
    return seedHistory(work.tx, number, move, before, to, now, words.text, {
      closing,
      result: closing ? 'fixed' : null,
    });
  },
  async note(work, number, words) {
    const { state } = (await plainActs.standing(work, number))!;
    return seedHistory(work.tx, number, 'note', state, state, work.clock.now().toISOString(), words.text);
  },
};

/** A record of an answer, as far as tests look into it. */
export interface Told {
  readonly [field: string]: unknown;
  readonly service_request_id: string;
  readonly update_id: string;
  readonly token: string;
  readonly code: number;
  readonly description: string;
  readonly updated_datetime: string;
  readonly media_url: string;
}

export interface TestCity {
  readonly platform: Platform & { pool: pg.Pool };
  readonly clock: ManualClock;
  readonly app: ReturnType<typeof createApp>;
  readonly keys: { readonly app: string; readonly other: string; readonly agency: string };
  readonly appKeyId: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  json(path: string): Promise<Told[]>;
  post(path: string, fields: Record<string, string> | URLSearchParams): Promise<Response>;
}

/** The whole site over a fresh database with the invented city in it. */
export async function testCity(): Promise<TestCity> {
  const clock = manualClock('2026-11-24T10:00:00Z');
  const platform = await testPlatform({
    clock,
    systems: [
      {
        name: 'contact-centre',
        title: name('Контакт-центр'),
        summary: name(''),
        api: (built) => api(built, { city: async () => city, acts: plainActs }),
      },
    ],
  });
  await seedCity(platform.pool);
  const made = await platform.work(systemActor('test'), async (work) => ({
    app: await makeKey(work, { label: 'app', kind: 'app' }),
    other: await makeKey(work, { label: 'other', kind: 'app' }),
    agency: await makeKey(work, { label: 'heat works', kind: 'agency', organisation: 'teplo' }),
  }));
  const app = createApp(platform, { log: () => {} });
  const get = async (path: string, headers: Record<string, string> = {}) =>
    app.request(`http://misto.test${path}`, { headers });
  return {
    platform,
    clock,
    app,
    keys: { app: made.app.key, other: made.other.key, agency: made.agency.key },
    appKeyId: made.app.id,
    get,
    json: async (path) => (await (await get(path)).json()) as Told[],
    post: async (path, fields) =>
      app.request(`http://misto.test${path}`, { method: 'POST', body: new URLSearchParams(fields) }),
  };
}

async function seedCity(pool: pg.Pool): Promise<void> {
  await pool.query(`insert into cc_organisation (id, name, kind) values
    ('teplo', '{"uk":"КП «Тепло» (демо)","en":"Heat works (demo)"}', 'executor')`);
  await pool.query(
    `insert into cc_district (code, name) values ('sob', '{"uk":"Соборний район","en":"Sobornyi district"}')`,
  );
  await pool.query(`insert into cc_building (id, street, house, address, district, zipcode, lat, lon, place) values
    ('a-1207', 'вул. Робоча', '12', 'вул. Робоча, 12', 'sob', '49000', 48.4501, 35.0662, point(0, 0))`);
  for (const body of categories)
    await pool.query(
      `insert into cc_category (code, version, body, valid_from) values ($1, 1, $2, '2026-11-01T07:00:00Z')`,
      [body.code, JSON.stringify(body)],
    );
  await pool.query('insert into cc_settings (body) values ($1)', [JSON.stringify(city)]);
}

const listed = new Set(
  'service request request_update error attribute endpoint format note photo'.split(' '),
);
const xml = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  processEntities: true,
  htmlEntities: true,
  ignoreDeclaration: true,
  isArray: (tag, path) => (tag === 'value' ? String(path).endsWith('values.value') : listed.has(tag)),
});

/** What an XML answer says, in the shape of its JSON twin with every value as text. */
export function fromXml(text: string): unknown {
  return Object.values(xml.parse(text) as Record<string, unknown>)[0];
}

const plural: Record<string, string> = {
  attributes: 'attribute',
  values: 'value',
  endpoints: 'endpoint',
  formats: 'format',
  notes: 'note',
  photos: 'photo',
};

/** A JSON answer as XML would tell it: absent is empty, all values are text, lists hold named elements. */
export function asXml(value: unknown, item?: string): unknown {
  if (value === null) return '';
  if (Array.isArray(value)) return value.length === 0 ? '' : { [item!]: value.map((one) => asXml(one)) };
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asXml(one, plural[key])]));
  return String(value);
}
