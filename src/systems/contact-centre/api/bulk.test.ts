import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bulkColumns, csvLine, extendedColumns } from './bulk.ts';
import { asXml, fromXml, seedRequest, type Told, testCity } from './testing.ts';

const { clock, get, json, platform } = await testCity();
const { pool } = platform;
const file = '/open311/bulk/requests';

/** Strict RFC 4180: anything that is not exactly that is an error. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      at++;
      while (true) {
        if (at >= text.length) throw new Error('quote is not closed');
        if (text[at] !== '"') cell += text[at++];
        else if (text[at + 1] === '"') {
          cell += '"';
          at += 2;
        } else break;
      }
      at++;
    } else while (at < text.length && !',\r\n"'.includes(text[at]!)) cell += text[at++];
    row.push(cell);
    if (text[at] === ',') at++;
    else if (text.startsWith('\r\n', at)) {
      at += 2;
      rows.push(row);
      row = [];
    } else throw new Error(`what is ${JSON.stringify(text.slice(at, at + 5))} at ${at}`);
  }
  if (row.length > 0) throw new Error('the last record has no CRLF');
  return rows;
}

const hard = 'лапки "так", кома,\r\nрядок\nще =1+1 \u{1f6a7}';

beforeAll(async () => {
  await seedRequest(pool, {
    number: '26000000001',
    text: hard,
    at: '2025-01-10T06:00:00Z',
    organisation: 'teplo',
    state: 'closed',
    closing: 'confirmed',
    result: 'fixed',
    updated: '2025-01-12T06:00:00Z',
  });
  await seedRequest(pool, { number: '26000000002', publication: 'removed', updated: '2026-11-21T06:00:00Z' });
  await seedRequest(pool, { number: '26000000003', publication: 'hidden' });
  await seedRequest(pool, { number: '26000000004', lat: null, lon: null, address: null });
  await pool.query(`insert into cc_request (number, source, intake_key, payload_hash, regime, category, category_version, branch, class, text,
      public_text, publication, duplicate_group, state, history_head, created_at, updated_at)
    select lpad((25000000000 + n)::text, 11, '0'), 'phone', n, 'h', 'service', 'pothole', 1, 'roads', 'ordinary', 't', 'яма ' || n,
      'published', 'g', 'registered', 'h', '2026-10-01T00:00:00Z'::timestamptz + (n / 3) * interval '1 minute', '2026-10-02T00:00:00Z'
    from generate_series(1, 2500) n`);
});

describe('bulk files', () => {
  it('are CSV by RFC 4180 with the columns in order, and lose nothing', async () => {
    const answer = await get(`${file}.csv`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const text = await answer.text();
    expect(text.charCodeAt(0)).not.toBe(0xfeff);
    const [header, ...rows] = parseCsv(text);
    expect(header).toEqual([...bulkColumns]);
    expect(rows.every((row) => row.length === bulkColumns.length)).toBe(true);
    expect(new Set(rows.map((row) => row[0])).size).toBe(2503);
    expect(rows).toHaveLength(2503);
    expect(rows.find((row) => row[0] === '26000000001')).toEqual([
      '26000000001',
      '2025-01-10T08:00:00+02:00',
      '2025-01-12T08:00:00+02:00',
      '2025-01-12T08:00:00+02:00',
      'closed',
      '',
      'phone',
      'Опалення',
      'Немає опалення',
      hard,
      'КП «Тепло» (демо)',
      'вул. Робоча, 12, Соборний район, Дніпро',
      '48.4501',
      '35.0662',
    ]);
  });
  it('begin with a byte order mark when asked', async () => {
    const bytes = new Uint8Array(await (await get(`${file}.csv?bom=1&start_date=2027-01-01`)).arrayBuffer());
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  });
  it('leave private ones out and say of withdrawn ones only that they are', async () => {
    const rows = await json(`${file}.json?start_date=2026-11-01`);
    expect(rows.map((row) => row.service_request_id)).toEqual(['26000000002', '26000000004']);
    expect(rows[0]).toMatchObject({
      status_description: 'removed',
      description: null,
      address: null,
      lat: null,
      service_name: null,
    });
    expect(rows[1]).toMatchObject({ status_description: 'open', address: null, lat: null, long: null });
  });
  it('say the same in JSON and XML, with closed_datetime too', async () => {
    const rows = await json(`${file}.json?end_date=2026-09-01`);
    expect(Object.keys(rows[0]!)).toEqual([...bulkColumns, 'closed_datetime']);
    expect(rows[0]!.closed_datetime).toBe(rows[0]!.closed_date);
    const xml = await (await get(`${file}.xml?end_date=2026-09-01`)).text();
    expect(xml).toMatch(/^<\?xml version="1.0" encoding="utf-8"\?>/);
    expect(fromXml(xml)).toEqual(asXml(rows, 'request'));
    expect(await json(`${file}.json?start_date=2027-01-01`)).toEqual([]);
  });
  it('are the whole history, or a span of it', async () => {
    expect(await json(`${file}.json`)).toHaveLength(2503);
    expect(await json(`${file}.json?start_date=2025-01-01&end_date=2025-02-01`)).toHaveLength(1);
  });
  it('have an extended form with states, terms, claims, vetoes and verdicts', async () => {
    const [header, row] = parseCsv(await (await get(`${file}-extended.csv?end_date=2025-02-01`)).text());
    expect(header).toEqual([...extendedColumns]);
    expect(Object.fromEntries(header!.map((name, n) => [name, row![n]]))).toMatchObject({
      state: 'closed',
      closing: 'confirmed',
      result: 'fixed',
      claims: '0',
      vetoes: '0',
    });
    expect((await get(`${file}-extended.json`)).status).toBe(404);
  });
  it('name what is wrong', async () => {
    expect(await (await get(`${file}.csv?start_date=x`)).text()).toContain('start_date: ');
    expect((await get(`${file}.json?updated_after=2026-11-20T10:00:00`)).status).toBe(400);
    expect((await get('/open311/bulk/others.csv')).status).toBe(404);
  });
  it('quote only what needs it', () => {
    expect(csvLine(['a', 'b,c', '"d"', 'e\nf', '', null, 1.5])).toBe('a,"b,c","""d""","e\nf",,,1.5\r\n');
  });
});

describe('the change feed', () => {
  const read = async (query: string) => (await json(`${file}.json?${query}`)) as Told[];
  it('replayed over an old copy gives the new whole', async () => {
    const copy = new Map((await read('')).map((row) => [row.service_request_id, row]));
    const seen = clock.now().toISOString();
    clock.advance(60_000);
    const later = clock.now().toISOString();
    await pool.query(
      `update cc_request set state = 'closed', closing = 'confirmed', result = 'fixed', closed_at = $1, updated_at = $1 where number = '25000000007'`,
      [later],
    );
    await pool.query(
      `update cc_request set publication = 'removed', updated_at = $1 where number = '25000000008'`,
      [later],
    );
    await pool.query(
      `update cc_request set public_text = 'інше', updated_at = $1 where number = '25000000009'`,
      [later],
    );
    await seedRequest(pool, { number: '26000000077', at: later });
    const changes = await read(`updated_after=${encodeURIComponent(seen)}`);
    expect(changes.map((row) => row.service_request_id)).toEqual([
      '25000000007',
      '25000000008',
      '25000000009',
      '26000000077',
    ]);
    for (const row of changes) copy.set(row.service_request_id, row);
    const byId = (rows: Iterable<Told>) =>
      [...rows].sort((a, b) => (a.service_request_id < b.service_request_id ? -1 : 1));
    expect(byId(copy.values())).toEqual(byId(await read('')));
  });
});

describe('the stream', () => {
  let queries = 0;
  const { execute } = platform.db;
  beforeAll(() => {
    platform.db.execute = ((...given: Parameters<typeof execute>) => {
      queries++;
      return execute.apply(platform.db, given);
    }) as typeof execute;
  });
  afterAll(() => {
    platform.db.execute = execute;
  });
  it('reads a batch only when the client takes it, and ends with the client', async () => {
    const answer = await get(`${file}.csv`);
    const reader = answer.body!.getReader();
    await reader.read();
    queries = 0;
    await reader.read();
    expect(queries).toBe(1);
    await new Promise((done) => setTimeout(done, 50));
    expect(queries).toBe(1);
    await reader.cancel();
    await new Promise((done) => setTimeout(done, 50));
    expect(queries).toBe(1);
  });
});
