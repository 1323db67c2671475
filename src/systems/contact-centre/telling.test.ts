import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { createPerson } from '#platform/identity/persons.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import { deliverDue, emailChannel } from '#platform/notify/delivery.ts';
import { inboxOf } from '#platform/notify/index.ts';
import { smtpMailer } from '#platform/notify/mailer.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { answerAppeal, registerAppeal } from './appeals.ts';
import { loadCityData } from './city.ts';
import { endedWindows } from './due.ts';
import { joinRequest } from './joining.ts';
import { subjectOf } from './letters.ts';
import { act, type MoveInput } from './moves.ts';
import { permissions, roleName } from './permissions.ts';
import { withholdRequest } from './publishing.ts';
import { type NewReporter, registerRequest } from './requests.ts';
import { type Move, moves, type Role } from './states.ts';
import { approvePlan, extendTerm } from './supervising.ts';
import { askForMessages, deliveriesOf, setLetters, tellBatch, tellOwed } from './telling.ts';

const clock = manualClock('2026-11-24T10:00:00Z');
const platform = await testPlatform({ clock });
const letters: ParsedMail[] = [];
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, _session, done) => {
    simpleParser(stream).then((mail) => {
      letters.push(mail);
      done();
    }, done);
  },
});
beforeAll(async () => {
  await platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

const staff = (role: Role): Actor => ({
  kind: 'staff',
  id: `0197c000-0000-7000-8000-00000000000${role.length % 10}`,
  name: 'Пост',
  organisation: null,
  assurance: 2,
  grants: [
    {
      role: roleName(role),
      permissions: new Set(permissions),
      organisation: null,
      district: null,
      branch: null,
    },
  ],
});
let key = 0;
const subjectsTo = (address: string) =>
  to(address)
    .map((letter) => letter.subject?.split(': ').slice(1).join(': '))
    .sort();
const register = (reporter: Partial<NewReporter>, category = 'heat-weak') =>
  platform.work(anonymous, (work) =>
    registerRequest(work, {
      source: 'web',
      intakeKey: `k${key++}`,
      category,
      text: 'Холодно, тел. 067 123 45 67',
      answers: category.startsWith('heat') ? [{ code: 'scope', values: ['flat'] }] : [],
      place: { building: contactCentreData.buildings[0]!.id, flat: '5' },
      reporter: { channel: 'web', language: 'uk', confirmed: true, ...reporter },
    }),
  );
const go = (role: Role, number: string, move: Move, input: MoveInput = {}) =>
  platform.work(staff(role), (work) => act(work, number, move, input));
const post = async () => {
  const { port } = server.server.address() as AddressInfo;
  const channel = emailChannel(smtpMailer(`smtp://127.0.0.1:${port}`, 'city@example.test'));
  while ((await deliverDue(platform, channel, { channels: [channel] })) > 0);
};
const to = (address: string) =>
  letters.filter((letter) => [letter.to].flat().some((one) => one?.text === address));

test('three merged reporters each get every change once, though a worker dies between', async () => {
  const [one, two, three] = [
    await register({ email: 'one@example.test', name: 'Олена Приклад' }),
    await register({ email: 'two@example.test', language: 'en' }),
    await register({ email: 'three@example.test' }),
  ];
  await go('operator', two!.number, 'link', { master: one!.number });
  await go('operator', three!.number, 'link', { master: one!.number });
  await go('dispatcher', one!.number, 'accept');
  await go('dispatcher', one!.number, 'dispatch', { crew: 'Бригада 1' });
  await go('crew', one!.number, 'claim', { result: 'fixed', answer: 'Видалено повітря' });

  // A worker that is killed has committed nothing: the error stands for the end of its process.
  await expect(
    platform.work(systemActor('messages'), async (work) => {
      await tellBatch(work, 5);
      throw new Error('killed');
    }),
  ).rejects.toThrow('killed');
  await Promise.all([tellOwed(platform), tellOwed(platform), post()]);
  await Promise.all([tellOwed(platform), post(), post()]);
  await post();

  const changes = ['зареєстровано', 'прийнято в роботу', 'бригаду відправлено', 'перевірте виконання'];
  expect(subjectsTo('one@example.test')).toEqual(changes.sort());
  expect(to('three@example.test')).toHaveLength(5);
  expect(subjectsTo('two@example.test')).toEqual([
    'a crew is on its way',
    'accepted',
    'merged with another',
    'please check the work',
    'registered',
  ]);
  for (const letter of letters) {
    expect(letter.subject).toMatch(/^(Заявка|Request) 26-\d{4}-\d{4}-\d: /);
    expect(`${letter.subject}${letter.text}`).not.toMatch(/Приклад|123 45 67|example\.test/);
  }
  const { rows: owed } = await platform.pool.query(
    'select count(*)::int as n from cc_message where outcome is distinct from $1',
    ['told'],
  );
  expect(owed[0].n).toBe(0);
});

test('each letter has a working link of its own, and none stands in the database', async () => {
  const letter = to('three@example.test').at(-1)!;
  const [, token] = /\/contact-centre\/follow\/([\w-]{22})/.exec(letter.text!)!;
  expect(new Set(letters.map((one) => /follow\/([\w-]{22})/.exec(one.text!)![1])).size).toBe(letters.length);
  const { rows } = await platform.pool.query(
    'select m::text as row from message m union all select l::text from cc_link l',
  );
  expect(rows.some(({ row }) => row.includes(token))).toBe(false);
  const { rows: links } = await platform.pool.query(
    'select number from cc_request r join cc_reporter p on p.request = r.number where p.id = (select reporter from cc_link order by made_at desc limit 1)',
  );
  expect(links).toHaveLength(1);
  const master = /26-\d{4}-\d{4}-\d/g.exec(to('one@example.test')[0]!.subject!)![0].replaceAll('-', '');
  expect(
    await platform.work(anonymous, (work) => act(work, master, 'confirm', { reporterToken: token! })),
  ).toMatchObject({ number: master });
});

test('a person with an account finds it in the inbox, with a way to the own page and no secret', async () => {
  const person = await platform.work(systemActor('test'), (work) =>
    createPerson(work, secretsOf(platform.config), { name: 'Олена', language: 'uk' }),
  );
  const { number } = await register({ person });
  await tellOwed(platform);
  expect(await inboxOf(platform.db, person)).toMatchObject([
    { subject: expect.stringContaining('зареєстровано'), href: `/contact-centre/my/${number}` },
  ]);
});

test('an address that nobody has confirmed gets nothing, and staff see why', async () => {
  const { number } = await register({ email: 'stranger@example.test', confirmed: false });
  await tellOwed(platform);
  await post();
  expect(to('stranger@example.test')).toEqual([]);
  expect(await deliveriesOf(platform.db, staff('dispatcher'), number)).toMatchObject([
    { move: 'registered', outcome: 'no_way', channels: [] },
  ]);
  await expect(deliveriesOf(platform.db, anonymous, number)).rejects.toMatchObject({ status: 404 });
});

test('letters end by one act of the reporter, and staff see what went out', async () => {
  const { number, followToken } = await register({ email: 'quiet@example.test' });
  await tellOwed(platform);
  await post();
  await platform.work(anonymous, (work) => setLetters(work, { token: followToken }, false));
  await go('dispatcher', number, 'accept');
  await tellOwed(platform);
  await post();
  expect(to('quiet@example.test')).toHaveLength(1);
  expect(await deliveriesOf(platform.db, staff('dispatcher'), number)).toMatchObject([
    { outcome: 'told', channels: [{ channel: 'email', state: 'sent' }] },
  ]);
  await expect(
    platform.work(anonymous, (work) => setLetters(work, { token: 'x' }, false)),
  ).rejects.toMatchObject({ status: 404 });
});

test('at night an ordinary matter waits for the morning, an emergency does not', async () => {
  clock.set('2026-11-24T21:00:00Z');
  await register({ email: 'night@example.test' }, 'street-light');
  await register({ email: 'burst@example.test' }, 'heat-none');
  await tellOwed(platform);
  await post();
  expect(to('burst@example.test')).toHaveLength(1);
  expect(to('night@example.test')).toHaveLength(0);
  clock.set('2026-11-25T06:30:00Z');
  await post();
  expect(to('night@example.test')).toHaveLength(1);
});

test('more time, a later plan, words kept from the public: each is told soon, in words of its own', async () => {
  clock.set('2026-11-25T08:00:00Z');
  const { number } = await register({ email: 'acts@example.test' });
  const first = await register({ email: 'english@example.test', language: 'en' });
  for (const one of [number, first.number]) {
    await go('dispatcher', one, 'accept');
    await platform.work(staff('supervisor'), (work) =>
      extendTerm(work, one, {
        kind: 'fix',
        until: '2026-12-20',
        reason: 'Частини',
        note: 'Чекаємо на насос',
      }),
    );
    await go('dispatcher', one, 'plan', { date: new Date('2026-12-21T08:00:00Z'), reason: 'Насос у дорозі' });
    await platform.work(staff('supervisor'), (work) => approvePlan(work, one));
    await platform.work(staff('moderator'), (work) => withholdRequest(work, one, 'Скарга на сусіда'));
  }
  const { rows } = await platform.pool.query(
    `select distinct o.name from outbox o where o.topic = $1 or o.payload->>'number' = $2`,
    [`request:${number}`, number],
  );
  const heard = Object.keys(askForMessages);
  for (const name of ['extended', 'plan_approved', 'publication', 'split'])
    expect(heard).toContain(`contact-centre.request.${name}`);
  for (const { name } of rows) expect(heard).toContain(name);
  await tellOwed(platform);
  await post();
  expect(subjectsTo('acts@example.test')).toEqual(
    [
      'зареєстровано',
      'прийнято в роботу',
      'строк розгляду продовжено',
      'роботи заплановано',
      'роботи погоджено на пізніше',
      'опис не оприлюднюємо',
    ].sort(),
  );
  expect(subjectsTo('english@example.test')).toEqual(
    [
      'registered',
      'accepted',
      'the term was extended',
      'the work is planned',
      'a later date was approved',
      'the description stays private',
    ].sort(),
  );
});

test('no letter of the city’s acts falls back on words that say nothing', () => {
  const acts = [
    ...moves.map(({ move }) => move),
    ...[
      'registered',
      'claim_in_doubt',
      'answer',
      'ask_again',
      'extend',
      'approve_plan',
      'pause_no_access',
      'pause_danger',
      'resume',
      'split',
      'publish',
      'note',
    ],
  ];
  for (const language of ['uk', 'en'] as const) {
    const nothing = subjectOf('unheard-of', language);
    for (const move of acts) expect(subjectOf(move, language), move).not.toBe(nothing);
  }
});

test('a written answer reaches who left a telephone, by post, and who proved an address, by e-mail; else nothing is posted', async () => {
  clock.set('2026-11-25T09:00:00Z');
  const appeal = (reporter: Partial<NewReporter>) =>
    platform.work(anonymous, (work) =>
      registerAppeal(work, {
        source: 'web',
        intakeKey: `appeal-${key++}`,
        kind: 'application',
        essence: 'Прошу пояснити рахунок',
        reporter: {
          name: 'Оксана Вигадана',
          residence: 'м. Дніпро, вул. Робоча, 23, кв. 7',
          channel: 'web',
          language: 'uk',
          ...reporter,
        },
      }),
    );
  const made = [
    await appeal({ phone: '+380670000061' }),
    await appeal({ email: 'unproved@example.test' }),
    await appeal({ email: 'proved@example.test', confirmed: true }),
  ];
  for (const { number } of made)
    await platform.work(staff('dispatcher'), (work) =>
      answerAppeal(work, number, {
        answer: 'Рахунок перевірено.',
        grounds: 'Стаття 20',
        howToAppeal: 'До суду.',
        signer: 'М. Листопадова',
      }),
    );
  await tellOwed(platform);
  await post();
  const answers = async (number: string) =>
    (
      await platform.pool.query(
        `select d.channel, d.state, m.weight, m.id, m.postal, m.href, m.lines::text as lines from cc_message c
          join message m on m.id = c.message join delivery d on d.message_id = m.id
          where c.request = $1 and c.template = 'answer'`,
        [number],
      )
    ).rows;
  for (const { number } of made.slice(0, 2)) {
    const [letter, ...more] = await answers(number);
    expect(more).toEqual([]);
    expect(letter).toMatchObject({
      channel: 'post',
      state: 'queued',
      weight: 'legal',
      href: `/contact-centre/desk/appeals/${number}`,
    });
    expect(letter.lines).toContain('письмову відповідь');
    expect(letter.lines).not.toMatch(/Вигадана|Робоча|Заявка|Виконавець|Строк/);
    expect(letter.postal).not.toContain('Вигадана');
    const place = { table: 'message', column: 'postal', row: letter.id };
    expect(secretsOf(platform.config).decrypt(letter.postal, place)).toBe(
      'Оксана Вигадана\nм. Дніпро, вул. Робоча, 23, кв. 7',
    );
    // Only what the law wants written: not that it was registered.
    expect(await deliveriesOf(platform.db, staff('dispatcher'), number)).toContainEqual(
      expect.objectContaining({ move: 'registered', outcome: 'no_way' }),
    );
    // Not over until the letter has gone.
    const later = new Date(clock.now().getTime() + 60 * 86_400_000);
    expect(await endedWindows(platform.db, later, 1, number)).toEqual([]);
    await platform.pool.query(`update delivery set state = 'sent' where message_id = $1`, [letter.id]);
    expect(await endedWindows(platform.db, later, 1, number)).toEqual([{ number, move: 'lapse' }]);
  }
  expect(await answers(made[2]!.number)).toMatchObject([{ channel: 'email', state: 'sent' }]);
  expect(subjectsTo('proved@example.test')).toContain('письмова відповідь');
  expect(to('unproved@example.test')).toEqual([]);
});

test('a contact whose seal was tampered with keeps no other letter waiting', async () => {
  const spoilt = await register({ email: 'spoilt@example.test' });
  const whole = await register({ email: 'whole@example.test' });
  await platform.pool.query(
    `update cc_reporter set sealed = 'AAAA' || substr(sealed, 5) where request = $1`,
    [spoilt.number],
  );
  await tellOwed(platform);
  const fate = (number: string) => deliveriesOf(platform.db, staff('dispatcher'), number);
  expect(await fate(spoilt.number)).toMatchObject([{ outcome: 'unreadable', channels: [] }]);
  expect(await fate(whole.number)).toMatchObject([{ outcome: 'told' }]);
});

test('what is a week old is not told any more', async () => {
  const { number } = await register({ email: 'late@example.test' });
  clock.advance(8 * 86_400_000);
  await tellOwed(platform);
  expect(await deliveriesOf(platform.db, staff('dispatcher'), number)).toMatchObject([
    { outcome: 'too_late' },
  ]);
  await platform.work(anonymous, (work) => joinRequest(work, number, { channel: 'web', language: 'uk' }));
});
