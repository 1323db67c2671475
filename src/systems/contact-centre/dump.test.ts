import { beforeAll, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { type Actor, anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { makeKey } from './api/keys.ts';
import { loadCityData } from './city.ts';
import { contactCentre } from './index.ts';
import { joinRequest } from './joining.ts';
import { act } from './moves.ts';
import { keepDraft } from './pages/draft.ts';
import { permissions, roleName } from './permissions.ts';
import { keepContact } from './personal.ts';
import { registerRequest, sha256 } from './requests.ts';

const platform = await testPlatform({ systems: [contactCentre] });
const app = createApp(platform);

/** Each written in the ways in which it may come to lie somewhere. */
const planted = {
  phone: ['+380671234509', '380671234509', '0671234509', '067 123 45 09'],
  email: ['zhuravlyna@example.test'],
  name: ['Пилипенчуківна'],
  flat: ['кв. 8317', '"8317"', '>8317<'],
  residence: ['Забудькове'],
  account: ['account-770099'],
  device: ['device-551133'],
};

const everything = (role: 'dispatcher' | 'operator'): Actor => ({
  kind: 'staff',
  id: '0197c000-0000-7000-8000-00000000000d',
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

beforeAll(() => platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData)));

it('a dump of the database holds no telephone, address, name or flat that people gave, and no link that acts for them', async () => {
  const text = 'Холодно у кв. 8317. Телефон 067 123 45 09, пошта zhuravlyna@example.test';
  const reporter = {
    person: '0197c000-0000-7000-8000-00000000000e',
    name: 'Соломія Пилипенчуківна',
    phone: '+380671234509',
    email: 'zhuravlyna@example.test',
    residence: 'село Забудькове, 5',
    device: 'device-551133',
    account: 'account-770099',
    channel: 'web',
    language: 'uk' as const,
  };
  const report = {
    source: 'web',
    intakeKey: 'planted',
    category: 'heat-weak',
    text,
    answers: [{ code: 'scope', values: ['flat'] }],
    place: { address: 'вулиця Робоча, 12, кв. 8317', point: { lat: 48.45, lon: 35.02 }, flat: '8317' },
    reporter,
  };
  const { number, followToken } = await platform.work(anonymous, (work) => registerRequest(work, report));
  await platform.work(anonymous, (work) => joinRequest(work, number, { ...reporter, person: null }));
  await platform.work(anonymous, (work) =>
    registerRequest(work, { ...report, intakeKey: 'planted-2', regime: 'statutory' }),
  );
  const dispatcher = everything('dispatcher');
  const go = (actor: Actor, ...rest: Parameters<typeof act> extends [unknown, ...infer R] ? R : never) =>
    platform.work(actor, (work) => act(work, ...rest));
  const { rows: state } = await platform.pool.query('select state from cc_request where number = $1', [
    number,
  ]);
  if (state[0].state === 'triage')
    await go(everything('operator'), number, 'assign', { organisation: 'teplo', reason: text });
  await go(dispatcher, number, 'accept');
  await go(dispatcher, number, 'ask', { question: `Чи ви дзвонили з 067 123 45 09?` });
  await go(anonymous, number, 'reply', { reporterToken: followToken, comment: text });
  await go(dispatcher, number, 'claim', { result: 'fixed', answer: text });
  await go(anonymous, number, 'veto', { reporterToken: followToken, comment: text });
  await platform.work(everything('operator'), (work) =>
    keepContact(work, {
      channel: 'phone',
      phone: '067 123 45 09',
      note: `Соломія Пилипенчуківна. ${text}`,
      outcome: 'consultation',
    }),
  );
  const follow = `/contact-centre/follow/${followToken}`;
  const reader = await new TestBrowser(app).get(follow);
  await reader.submit(follow, { act: 'comment', comment: text });
  expect(reader.status).toBe(200);
  const { rows: answers } = await platform.pool.query('select 1 from idempotency where body is not null');
  expect(answers).toHaveLength(1);
  const sandbox = { description: text, address_string: 'вулиця Робоча, 12, кв. 8317', phone: reporter.phone };
  const key = await platform.work(everything('operator'), (work) =>
    makeKey(work, { label: 'x', kind: 'app' }),
  );
  const posted = await app.request('http://misto.test/open311/test/v2/requests.json', {
    method: 'POST',
    body: new URLSearchParams({
      api_key: key.key,
      service_code: 'heat-weak',
      'attribute[scope]': 'flat',
      first_name: 'Соломія',
      last_name: 'Пилипенчуківна',
      email: reporter.email,
      ...sandbox,
    }),
  });
  expect(posted.status).toBe(200);
  const [{ service_request_id: tried }] = (await posted.json()) as [{ service_request_id: string }];
  await app.request('http://misto.test/open311/test/v2/servicerequestupdates.json', {
    method: 'POST',
    body: new URLSearchParams({
      api_key: key.key,
      service_request_id: tried,
      update_id: 'u1',
      status: 'NOTE',
      updated_datetime: platform.clock.now().toISOString(),
      description: text,
    }),
  });
  const { rows: notes } = await platform.pool.query('select description from open311_sandbox_update');
  expect(notes.map(({ description }) => description).join()).toContain('Холодно у кв. [приховано]');
  const visitor = new TestBrowser(app);
  await visitor.get('/contact-centre/subscribe');
  await visitor.submit('/contact-centre/subscribe', { email: 'zhuravlyna@example.test' });
  const base = '/contact-centre/report';
  const house = contactCentreData.buildings[3]!;
  const other = new TestBrowser(app);
  await other.get(base);
  await other.submit(base, {
    address: `${house.street} ${house.house}`,
  });
  const secret = other.cookies.get('cc_draft')!;
  const draft = { secret, hash: sha256(secret), intakeKey: '', data: {}, receipt: null };
  const contact = { how: 'phone' as const, phone: '+380671234509', name: reporter.name, private: false };
  await keepDraft(platform.db, draft, { text, contact }, platform.clock.now());
  const { rows: drafts } = await platform.pool.query(
    'select 1 from cc_draft where jsonb_array_length(data) > 1',
  );
  expect(drafts).toHaveLength(1);

  const { rows: tables } = await platform.pool.query(
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`,
  );
  expect(tables.length).toBeGreaterThan(30);
  const { rows: areas } = await platform.pool.query('select id from cc_subscription');
  const acting = [followToken, ...areas.map(({ id }) => `${id}.`)];
  const secretsOfPeople = {
    ...planted,
    link: acting.flatMap((one) => [one, Buffer.from(one).toString('hex')]),
  };
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await platform.pool.query(`select lower(t::text) as row from "${name}" t`);
    for (const [kind, values] of Object.entries(secretsOfPeople))
      for (const value of values)
        if (rows.some(({ row }) => row.includes(value.toLowerCase())))
          found.push(`${name}: ${kind} ${value}`);
  }
  expect(found).toEqual([]);
});
