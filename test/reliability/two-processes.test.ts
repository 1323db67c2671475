// Keeps: any number of server processes on one database behave as one, and killing the one that leads, which here also
// owns PostgreSQL, is over within five seconds (platform.md §1.7, §2, §17.10).
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { connect, freshCity, listen, makeKeys, post, report, until } from './city.ts';

const city = freshCity();
const a = await city.start();
const b = await city.start();
const admin = await connect(city.url());
const apps = await makeKeys(admin, 4);
const streams: ReturnType<typeof listen>[] = [];
afterAll(async () => {
  for (const stream of streams) await stream.stop();
});

async function pushNote(origin: string, key: string, number: string, n: number): Promise<boolean> {
  const body = new URLSearchParams({
    api_key: key,
    service_request_id: number,
    update_id: `note-${n}`,
    status: 'NOTE',
    updated_datetime: '2020-01-01T00:00:00Z',
    description: `Примітка ${n}`,
  });
  const answer = await fetch(`${origin}/open311/v2/servicerequestupdates.json`, {
    method: 'POST',
    body,
  }).catch(() => null);
  if (answer && answer.status < 500 && !answer.ok) throw new Error(await answer.text());
  await answer?.arrayBuffer();
  return answer?.ok ?? false;
}

it('what one process took in is in the lists of the other at once', async () => {
  const number = await post(a.origin, report(apps[0]!, 'seen'));
  const list = await fetch(`${b.origin}/open311/v2/requests.json?service_request_id=${number}`);
  expect(((await list.json()) as { service_request_id: string }[])[0]!.service_request_id).toBe(number);
});

it('the same report sent to both at the same moment is one request', async () => {
  for (let n = 0; n < 10; n++) {
    const numbers = await Promise.all(
      [a, b, a, b].map(({ origin }) => post(origin, report(apps[1]!, `race-${n}`))),
    );
    expect(new Set(numbers).size).toBe(1);
  }
  const { rows } = await admin.query(
    `select count(*)::int as n from cc_request where intake_key like '%:race-%'`,
  );
  expect(rows).toEqual([{ n: 10 }]);
});

it('a key’s posts are counted over both', async () => {
  // The count begins anew with each minute.
  const left = 60_000 - (Date.now() % 60_000);
  if (left < 8_000) await sleep(left + 100);
  const [key] = await makeKeys(admin, 1);
  const statuses = await Promise.all(
    Array.from({ length: 64 }, async (_, n) => {
      const body = report(key!, `limit-${n}`);
      const answer = await fetch(`${(n % 2 ? a : b).origin}/open311/v2/requests.json`, {
        method: 'POST',
        body,
      });
      await answer.arrayBuffer();
      return answer.status;
    }),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(60);
  expect(statuses.filter((status) => status === 429)).toHaveLength(4);
});

it('who signed in at one is signed in at the other, and signed out at both', async () => {
  const page = await fetch(`${a.origin}/sign-in`);
  const csrf = /name="_csrf" value="([^"]+)"/.exec(await page.text())![1]!;
  const cookie = page.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const signedIn = await fetch(`${a.origin}/sign-in/demo`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie },
    body: new URLSearchParams({ persona: 'resident', _csrf: csrf }),
  });
  expect(signedIn.status).toBe(303);
  const session = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const cabinet = (origin: string) =>
    fetch(`${origin}/cabinet`, { headers: { cookie: session }, redirect: 'manual' }).then(async (answer) => ({
      status: answer.status,
      text: await answer.text(),
    }));
  const home = await cabinet(b.origin);
  expect(home.status).toBe(200);
  const token = /name="_csrf" value="([^"]+)"/.exec(home.text)![1]!;
  const out = await fetch(`${b.origin}/sign-out`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: session },
    body: new URLSearchParams({ _csrf: token }),
  });
  expect(out.status).toBe(303);
  expect((await cabinet(a.origin)).status).toBe(303);
});

it('live pages of one hear of the other without gap or repeat, also while the leader is killed with its PostgreSQL', async () => {
  const number = (await post(a.origin, report(apps[2]!, 'live')))!;
  const { rows } = await admin.query<{ organisation: string }>(
    'select organisation from cc_request where number = $1',
    [number],
  );
  const keys = await makeKeys(admin, 6, rows[0]!.organisation);
  await until(async () => (await admin.query('select 1 from outbox')).rowCount === 0, 5_000);
  // As a page does: the stream begins after the event at which the page was drawn.
  const drawn = await admin.query<{ last: string }>('select max(number) as last from event_log');
  const path = `/contact-centre/requests/${number}/live?after=${drawn.rows[0]!.last}`;
  const stream = listen(() => b.origin + path);
  streams.push(stream);
  await stream.open;

  let n = 0;
  for (; n < 50; n++) expect(await pushNote(a.origin, keys[n % keys.length]!, number, n)).toBe(true);
  await until(async () => stream.seen.length === 50, 5_000);

  a.process.kill('SIGKILL');
  const killedAt = performance.now();
  const answered: number[] = [];
  for (; n < 100; n++) {
    while (!(await pushNote(b.origin, keys[n % keys.length]!, number, n))) await sleep(50);
    answered.push(performance.now() - killedAt);
  }
  const back = answered[0]!;
  expect(back).toBeLessThan(5_000);
  await until(async () => stream.seen.length === 100, 5_000);
  await sleep(200);

  const after = await connect(city.url());
  const log = await after.query<{ id: number; name: string }>(
    `select number::int as id, name from event_log where topic = $1 and name <> 'contact-centre.request.registered'
      order by number`,
    [`request:${number}`],
  );
  await after.end();
  expect(stream.seen).toEqual(log.rows);
});
