// A report over HTTP, full transaction, against pgbench running the very statements that it runs (contact-centre.md §8).
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import type pg from 'pg';
import { contactCentreData } from '../city/dnipro/index.ts';
import { open311 } from '../src/systems/contact-centre/api/open311.ts';
import { cityActs } from '../src/systems/contact-centre/city-acts.ts';
import { connect, makeKeys, withCity } from './city.ts';
import { record } from './figures.ts';
import { median } from './load.ts';
import { hasPgbench, pgbench } from './pgbench.ts';
import { type Recorded, recorded } from './recorder.ts';

const clients = 8;
const seconds = Number(process.env.SECONDS_EACH ?? 4);

export async function intake(): Promise<void> {
  await withCity(async ({ origin, url, directory }) => {
    const admin = await connect(url);
    // The bare statements count on a key of their own, which soon has had more than its minute allows.
    const [spent, ...keys] = await makeKeys(admin, 601);
    await post(origin, keys, 8);
    const statements = await statementsOf(url, directory, spent!);
    const ratios: number[] = [];
    for (let round = 0; round < 3; round++) {
      await settled(admin);
      const ours = await post(origin, keys, seconds);
      const theirs = ofReports(url, statements) ?? (await bare(url, statements));
      ratios.push(ours.perSecond / theirs);
      console.log(
        `       ${Math.round(ours.perSecond)} reports a second, ${Math.round(theirs)} by the bare statements`,
      );
    }
    const by = hasPgbench() ? 'pgbench' : 'bare prepared pg';
    record(
      `intake over HTTP / ${by} running its ${statements.length} statements`,
      median(ratios),
      'at least',
      hasPgbench() ? 0.35 : 0.75,
    );
    const steady = await post(origin, keys, 20, 50);
    record('intake at 50 a second, p97.5', steady.p97, 'at most', 200, ' ms');
    await admin.end();
  });
}

/**
 * Until the city has told, chained and mailed what the bare statements have left it to do: that is not the next round's work. Then
 * analysed, as autovacuum does within the minute: sessions that were there while the tables were empty would go on reading
 * them whole, and pgbench, which comes later, would not.
 */
async function settled(admin: pg.Client): Promise<void> {
  while (await isBusy(admin)) await sleep(250);
  await admin.query('analyze');
}

async function isBusy(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query<{ busy: boolean }>(`select exists (select from outbox)
    or exists (select from audit_pending) or exists (select from cc_message where done_at is null)
    or exists (select from event_cursor where number < (select max(number) from event_log)) as busy`);
  return rows[0]!.busy;
}

let sent = 0;
/** Posts reports, each with an id of its own, with ever other keys. */
async function post(origin: string, keys: readonly string[], duration: number, overallRate?: number) {
  const result = await autocannon({
    url: `${origin}/open311/v2/requests.json`,
    connections: clients,
    duration,
    ...(overallRate ? { overallRate } : {}),
    requests: [
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        setupRequest: (request) => ({ ...request, body: report(keys[sent++ % keys.length]!) }),
      },
    ],
  });
  if (result.non2xx || result.errors)
    throw new Error(
      `${result.non2xx} reports were refused, ${result.errors} failed: ${JSON.stringify(result.statusCodeStats)}`,
    );
  return { perSecond: result.requests.average, p97: result.latency.p97_5 };
}

const report = (key: string): string =>
  new URLSearchParams({
    api_key: key,
    client_request_id: randomUUID(),
    service_code: 'road-collapse',
    lat: '48.464',
    long: '35.046',
    description: 'Провал на дорозі біля зупинки, небезпечно для машин',
    // People have telephones of their own: one of all would meet the limit of a contact.
    phone: `+380${String(randomInt(1_000_000_000)).padStart(9, '0')}`,
  }).toString();

/** What one report says to PostgreSQL, begin and commit included. */
function statementsOf(url: string, directory: string, key: string): Promise<Recorded[]> {
  return recorded(url, directory, async (platform) => {
    const app = open311(platform, { city: async () => contactCentreData.city, acts: cityActs });
    const answer = await app.request('http://bench/open311/v2/requests.json', {
      method: 'POST',
      body: new URLSearchParams(report(key)),
    });
    if (!answer.ok) throw new Error(await answer.text());
  });
}

/** What differs from report to report: a fresh one stands in its place each time. */
function unique(statements: readonly Recorded[]): string[] {
  const texts = statements.flatMap(({ values }) => values.map((value) => String(value)));
  const number = texts.find((text) => /^\d{11}$/.test(text))!;
  const ids = texts.filter((text) => /^[0-9a-f-]{36}$/.test(text) || /^[0-9a-f]{64}$/.test(text));
  const keyed = texts.flatMap((text) => /^[0-9a-f-]{36}:([0-9a-f-]{36})$/.exec(text)?.[1] ?? []);
  const counted = statements.flatMap(({ text, values }) =>
    /rate_count/.test(text) ? [String(values[0])] : [],
  );
  return [...new Set([number, ...counted, ...ids.filter((id) => !isKey(id, statements)), ...keyed])];
}

/** The key itself, whose row every report counts on. */
const isKey = (id: string, statements: readonly Recorded[]): boolean =>
  statements.some(({ text, values }) => /open311_rate|open311_key/.test(text) && values.includes(id));

function ofReports(url: string, statements: readonly Recorded[]): number | null {
  if (!hasPgbench()) return null;
  const changing = unique(statements);
  const quote = (value: unknown): string => {
    if (value === null || value === undefined) return 'null';
    if (typeof value === 'number' || typeof value === 'boolean') return `'${value}'`;
    // Ids of rows, where PostgreSQL wants a uuid and no text; the ids of reports that a client makes are of another version.
    const id = changing.indexOf(String(value));
    if (id >= 0 && /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(String(value))) return `md5(:n || '-${id}')::uuid`;
    let text = `'${(value instanceof Date ? value.toISOString() : String(value)).replaceAll("'", "''").replaceAll(/:(?=[\p{L}_])/gu, '@C@')}'`;
    if (!/@C@/.test(text) && !changing.some((one) => text.includes(one))) return text;
    text = `replace(${text}, '@C@', chr(58))`;
    for (const [at, one] of changing.entries())
      if (text.includes(one)) {
        const fresh =
          one.length === 11
            ? ':n'
            : one.length === 64
              ? `encode(sha256((:n || 'x${at}')::bytea), 'hex')`
              : `(:n || '-${at}')`;
        text = `replace(${text}, '${one}', ${fresh}::text)`;
      }
    return text;
  };
  const script = statements
    .map(({ text, values }) => {
      const typed = text.replace(
        /\$(\d+)(::\w+)?/g,
        (_, n: string, cast?: string) => `(${quote(values[Number(n) - 1])})${cast ?? ''}`,
      );
      return `${typed.replaceAll(/\s+/g, ' ').replaceAll(/(?<!:):(?=[a-z])(?!n\b)/g, ':')};`;
    })
    .join('\n');
  return pgbench(url, `\\set n random(10000000000, 99999999999)\n${script}\n`, { clients, seconds });
}

/** The same statements, prepared, by bare `pg`: stands in where there is no pgbench. */
async function bare(url: string, statements: readonly Recorded[]): Promise<number> {
  const changing = unique(statements);
  let done = 0;
  const until = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      const connection = await connect(url);
      while (performance.now() < until) {
        const fresh = String(10_000_000_000 + Math.floor(Math.random() * 89_999_999_999));
        for (const [at, { text, values }] of statements.entries())
          await connection.query({
            ...(values.length ? { name: `s${at}` } : {}),
            text,
            values: values.map((value) => {
              if (typeof value !== 'string') return value;
              return changing.reduce(
                (now, one) => now.replaceAll(one, one.length === 11 ? fresh : `${fresh}-${client}`),
                value,
              );
            }),
          });
        done += 1;
      }
      await connection.end();
    }),
  );
  return done / seconds;
}
