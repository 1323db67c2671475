import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chainPending } from '#platform/audit/sequencer.ts';
import { dumpLine, verifyDump } from '#platform/audit/verify.ts';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { addVerifiedContact, createPerson } from '#platform/identity/persons.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import { approveErasure, askErasure, erasePeople, prepareErasure } from '#platform/personal-data/erasure.ts';
import { unworded } from '#platform/personal-data/readable.tsx';
import { exportPerson } from '#platform/personal-data/rights.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { answerAppeal, makeStatutory } from './appeals.ts';
import { loadCityData } from './city.ts';
import { entryHash, type HistoryEntry } from './history.ts';
import { contactCentre } from './index.ts';
import { liftLegalHold, putLegalHold } from './legal-holds.ts';
import { act } from './moves.ts';
import { permissions, roleName } from './permissions.ts';
import { keepContact, purposes, reportersOf } from './personal.ts';
import { type NewRequest, registerRequest } from './requests.ts';
import { retentionJob } from './rights.ts';
import { tellOwed } from './telling.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const platform = await testPlatform({ clock, systems: [contactCentre] });
const { pool } = platform;
const secrets = secretsOf(platform.config);
const client = new pg.Client({ connectionString: platform.url });
beforeAll(async () => {
  await client.connect();
  await platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData));
});
afterAll(() => client.end());

const officer = (id: string): Actor => ({
  ...systemActor('Уповноважений'),
  kind: 'staff',
  id,
  grants: [
    {
      role: 'privacy',
      permissions: new Set([erasePeople]),
      organisation: null,
      district: null,
      branch: null,
    },
  ],
});
const staff: Actor = {
  ...systemActor('Диспетчер'),
  kind: 'staff',
  id: '0197c000-0000-7000-8000-00000000000d',
  grants: ['dispatcher', 'operator', 'supervisor'].map((role) => ({
    role: roleName(role as 'operator'),
    permissions: new Set(permissions),
    organisation: null,
    district: null,
    branch: null,
  })),
};
let key = 0;
async function someone() {
  const email = `olena${++key}@example.test`;
  const id = await platform.work(systemActor('test'), async (work) => {
    const id = await createPerson(work, secrets, { name: 'Олена Приклад' });
    await addVerifiedContact(work, secrets, id, 'email', email);
    return id;
  });
  return { id, email };
}
const report = (more: Partial<NewRequest> = {}) =>
  platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `k${++key}`,
      category: 'heat-weak',
      text: 'Холодно, тел. 067 123 45 67',
      answers: [{ code: 'scope', values: ['flat'] }],
      place: { building: contactCentreData.buildings[0]!.id, flat: '17' },
      reporter: { name: 'Олена Приклад', phone: '+380671234567', channel: 'web', language: 'uk' },
      ...more,
    }),
  );
const rowOf = async (number: string) =>
  (
    await pool.query(
      `select r.sealed, r.key, r.text, p.sealed as given, p.key as given_key, p.person, p.phone_blind, p.email_blind
       from cc_request r join cc_reporter p on p.request = r.number where r.number = $1`,
      [number],
    )
  ).rows[0];

async function erase(person: string): Promise<readonly string[]> {
  const [one, two] = [
    officer('0197c000-0000-7000-8000-00000000000a'),
    officer('0197c000-0000-7000-8000-00000000000b'),
  ];
  const erasure = await platform.work(one!, async (work) => {
    const id = await askErasure(work, person, '');
    await prepareErasure(work, id, 'the person asked');
    return id;
  });
  const { kept } = await platform.work(two!, (work) => approveErasure(work, platform, erasure));
  return kept.map(({ en }) => en);
}

test('a person gets everything out: words, flat, verdicts, messages, conversations', async () => {
  const { id } = await someone();
  const { number } = await report({
    reporter: { person: id, name: 'Олена', channel: 'web', language: 'uk' },
  });
  await platform.work(staff, (work) => act(work, number, 'accept'));
  await platform.work(staff, (work) =>
    act(work, number, 'claim', { result: 'explained', answer: 'Пояснили' }),
  );
  const own: Actor = { ...anonymous, kind: 'person', id, assurance: 1 };
  await platform.work(own, (work) => act(work, number, 'confirm', { grade: 5 }));
  await tellOwed(platform);
  await platform.work(staff, (work) =>
    keepContact(work, {
      channel: 'phone',
      phone: '0671234567',
      person: id,
      note: 'Питала про строк',
      outcome: 'consultation',
    }),
  );
  const whole = JSON.parse(JSON.stringify(await exportPerson(platform, own, id)));
  expect(unworded(platform.systems, whole), 'has no word for people').toEqual([]);
  expect(whole['contact-centre']).toMatchObject({
    requests: [
      {
        number,
        text: 'Холодно, тел. 067 123 45 67',
        flat: '17',
        given: { name: 'Олена' },
        verdicts: [{ verdict: 'yes', grade: 5 }],
        messages: [{ about: 'registered', outcome: 'told' }, {}, {}, {}],
      },
    ],
    conversations: [{ phone: '0671234567', note: 'Питала про строк' }],
  });
});

test('erasing destroys the keys, leaves the history and the audit chain whole, and names what stays', async () => {
  const { id } = await someone();
  const reporter = {
    person: id,
    name: 'Олена Приклад',
    residence: 'Дніпро',
    channel: 'web',
    language: 'uk' as const,
  };
  const { number, followToken } = await report({ reporter });
  await platform.work(staff, (work) => act(work, number, 'accept'));
  await platform.work(staff, (work) => reportersOf(work, number, purposes.work));
  const statutory = await report({ reporter, regime: 'statutory' });
  const kept = await erase(id);
  expect(kept.join('\n')).toContain('Requests without personal data (1)');
  expect(kept.join('\n')).toContain('Statutory appeals (1)');
  expect(await rowOf(number)).toMatchObject({
    sealed: null,
    key: null,
    given: null,
    given_key: null,
    person: null,
    phone_blind: null,
  });
  expect((await rowOf(statutory.number)).given).not.toBeNull();
  expect(await platform.work(staff, (work) => reportersOf(work, number, purposes.work))).toMatchObject([
    { name: null, phone: null, locked: true },
  ]);
  await expect(
    platform.work(anonymous, (work) => act(work, number, 'withdraw', { reporterToken: followToken })),
  ).rejects.toMatchObject({ status: 404 });

  const { rows: history } = await pool.query('select * from cc_history where request = $1 order by seq', [
    number,
  ]);
  let prev: string | null = null;
  for (const row of history) {
    const entry: HistoryEntry = {
      request: row.request,
      seq: row.seq,
      at: row.at.toISOString(),
      move: row.move,
      from: row.from_state,
      to: row.to_state,
      actor: row.actor,
      data: row.data,
      note: row.public_note,
      prev,
    };
    expect(entryHash(entry)).toBe(row.hash);
    prev = row.hash;
  }
  expect(history.length).toBeGreaterThan(2);
  while ((await chainPending(client, (subject) => secrets.blind('audit-subject', subject))) > 0);
  const { rows: log } = await pool.query('select record, hash from audit_log order by number');
  async function* lines() {
    for (const { record, hash } of log) yield dumpLine(record, hash.toString('hex'));
  }
  expect(await verifyDump(lines(), { heads: [], keys: [] } as never)).toMatchObject({
    ok: true,
    entries: log.length,
  });
});

test('a year after closing the personal data goes, after five that of appeals, after twelve months the calls; a hold keeps it', async () => {
  const gone = await report({
    reporter: { email: 'a@example.test', confirmed: true, channel: 'web', language: 'uk' },
  });
  const held = await report();
  const appeal = await report({
    regime: 'statutory',
    reporter: { name: 'Олена', residence: 'Дніпро', channel: 'web', language: 'uk' },
  });
  const open = await report();
  await tellOwed(platform);
  for (const { number } of [gone, held, appeal]) {
    await platform.work(staff, (work) => act(work, number, 'return', { reason: 'не наше' }));
    await platform.work(staff, (work) => act(work, number, 'refuse', { reason: 'не наше' }));
  }
  await platform.work(staff, (work) => putLegalHold(work, held.number, 'справа в суді'));
  await platform.work(staff, (work) =>
    keepContact(work, { channel: 'phone', phone: '0671234567', outcome: 'consultation' }),
  );
  await platform.work(staff, (work) =>
    keepContact(work, {
      channel: 'phone',
      phone: '0671234567',
      outcome: 'request',
      requests: [held.number],
    }),
  );
  const sealed = async () =>
    Object.fromEntries(
      await Promise.all(
        Object.entries({ gone, held, appeal, open }).map(async ([name, { number }]) => [
          name,
          (await rowOf(number)).sealed !== null,
        ]),
      ),
    );
  clock.advance(364 * 86_400_000);
  await retentionJob.run(platform, {});
  expect(await sealed()).toEqual({ gone: true, held: true, appeal: true, open: true });
  clock.advance(3 * 86_400_000);
  await retentionJob.run(platform, {});
  expect(await sealed()).toEqual({ gone: false, held: true, appeal: true, open: true });
  const { rows: letters } = await pool.query(
    `select m.address, m.link from message m join cc_message c on c.message = m.id where c.request = $1`,
    [gone.number],
  );
  expect(letters).toEqual(letters.map(() => ({ address: null, link: null })));
  expect(letters.length).toBeGreaterThan(0);
  const calls = async () =>
    (await pool.query('select requests from cc_contact')).rows.map(({ requests }) => requests);
  expect(await calls()).toEqual([[held.number]]);
  clock.advance(4 * 366 * 86_400_000);
  await retentionJob.run(platform, {});
  expect(await sealed()).toEqual({ gone: false, held: true, appeal: false, open: true });
  await platform.work(staff, (work) => liftLegalHold(work, held.number, 'рішення набрало сили'));
  await retentionJob.run(platform, {});
  expect((await sealed()).held).toBe(false);
  expect(await calls()).toEqual([]);
});

test('a hold keeps what is merged into the request and the calls about it, whoever asks for erasure', async () => {
  const { id } = await someone();
  const reporter = { person: id, name: 'Олена', channel: 'web', language: 'uk' } as const;
  const master = await report();
  const merged = await report({ reporter });
  const other = await report({ reporter });
  await platform.work(staff, (work) => act(work, merged.number, 'link', { master: master.number }));
  for (const { number } of [merged, other])
    await platform.work(staff, (work) =>
      keepContact(work, {
        channel: 'phone',
        phone: '0671234567',
        person: id,
        outcome: 'request',
        requests: [number],
      }),
    );
  await platform.work(staff, (work) => putLegalHold(work, master.number, 'справа в суді'));
  expect((await erase(id)).join()).toContain('Requests under legal hold (1)');
  expect((await rowOf(merged.number)).given).not.toBeNull();
  expect((await rowOf(merged.number)).person).toBe(id);
  expect((await rowOf(other.number)).given).toBeNull();
  const { rows } = await pool.query(
    `select requests->>0 as number, sealed is not null as kept from cc_contact where requests->>0 in ($1, $2)`,
    [merged.number, other.number],
  );
  expect(Object.fromEntries(rows.map((row) => [row.number, row.kept]))).toEqual({
    [merged.number]: true,
    [other.number]: false,
  });
});

test('five years after closing nothing is left of an appeal’s applicant and written answer', async () => {
  const { number, followToken } = await report();
  const office = { ...staff, organisation: 'contact-centre' };
  await platform.work(staff, (work) =>
    makeStatutory(work, number, { name: 'Олена Приклад', residence: 'Дніпро', kind: 'complaint' }),
  );
  await platform.work(office, (work) =>
    answerAppeal(work, number, {
      answer: 'Знайдено й усунуто',
      grounds: 'Обстеження на місці',
      howToAppeal: 'До суду протягом місяця',
      signer: 'Начальниця відділу',
    }),
  );
  await platform.work(anonymous, (work) =>
    act(work, number, 'confirm', { grade: 5, reporterToken: followToken }),
  );
  const left = async () =>
    (
      await pool.query(
        `select a.applicant is not null as applicant, (select count(*)::int from cc_appeal_answer n where n.request = a.request) as answers
         from cc_appeal a where a.request = $1`,
        [number],
      )
    ).rows[0];
  expect(await left()).toEqual({ applicant: true, answers: 1 });
  clock.advance(5 * 367 * 86_400_000);
  await retentionJob.run(platform, {});
  expect(await left()).toEqual({ applicant: false, answers: 0 });
});
