// Keeps: recusal (platform.md §4.2): own case, declared relative or company takes reading and acting away, in lists too.
import { expect, it } from 'vitest';
import { addVerifiedContact, createPerson } from '#platform/identity/persons.ts';
import { systemActor } from '#platform/work.ts';
import { deskWorld, hiddenField } from './test-world.ts';

const world = await deskWorld();
const { platform, enter, report, pool } = world;
const pageOf = (number: string) => `/contact-centre/desk/requests/${number}`;
const queue = '/contact-centre/desk/dispatcher';
const reporter = { channel: 'web', language: 'uk' as const, name: 'Олена', phone: '+380670000002' };
const idOf = async (login: string): Promise<string> =>
  (await pool.query('select person_id from staff_account where login = $1', [login])).rows[0].person_id;

it('a case is closed to who declares a recusal from it, in lists, reading and acting, until the head of the unit lifts it', async () => {
  const [number, other] = [await report(), await report()];
  const supervisor = await enter('supervisor');
  const dispatcher = await enter('dispatcher');
  await dispatcher.get(pageOf(number));
  expect(dispatcher.status).toBe(200);
  const csrf = hiddenField(dispatcher.html, '_csrf');
  await dispatcher.get(`/desk/recusals?request=${number}`);
  await dispatcher.submit('/desk/recusals', { about: 'request', value: number });
  expect(dispatcher.status).toBe(422);
  await dispatcher.submit('/desk/recusals', { about: 'request', value: number, reason: 'сусід по дачі' });
  expect(dispatcher.html).toContain('самовідвід');
  await dispatcher.get(pageOf(number));
  expect(dispatcher.status).toBe(404);
  await dispatcher.post(pageOf(number), { _csrf: csrf, _key: 'r1', version: '2', move: 'accept' });
  expect(dispatcher.status).toBe(404);
  await dispatcher.get(queue);
  expect(dispatcher.html).toContain(other);
  expect(dispatcher.html).not.toContain(number);

  await supervisor.get('/cabinet/messages');
  expect(supervisor.html).toContain('Передайте її іншій особі');
  await supervisor.get('/desk/recusals');
  const lift = /\/desk\/recusals\/[0-9a-f-]{36}\/lift/.exec(supervisor.html)![0];
  await dispatcher.get('/desk/recusals');
  await dispatcher.post(lift, { _csrf: hiddenField(dispatcher.html, '_csrf') });
  expect(dispatcher.status).toBe(403);
  await supervisor.submit(lift);
  await dispatcher.get(pageOf(number));
  expect(dispatcher.status).toBe(200);
});

it('what a member of staff reports as a resident is theirs to follow and not to work on', async () => {
  const crew = await enter('crew');
  const number = await report({ reporter: { ...reporter, person: await idOf('demo-crew') } });
  await pool.query(`update cc_request set state = 'accepted', unit = null, crew = null where number = $1`, [
    number,
  ]);
  await crew.get(pageOf(number));
  expect(crew.status).toBe(404);
  const dispatcher = await enter('dispatcher');
  await dispatcher.get(pageOf(number));
  expect(dispatcher.status).toBe(200);
});

it('cases of a relative and of a company are closed as they come; a head may challenge somebody', async () => {
  const relative = await platform.work(systemActor('test'), async (work) => {
    const id = await createPerson(work, work.secrets, { name: 'Брат' });
    await addVerifiedContact(work, work.secrets, id, 'phone', '+380670000009');
    return id;
  });
  const operator = await enter('operator');
  await operator.get('/desk/recusals');
  const brother = { about: 'person', value: '067 000 00 08', reason: 'брат' };
  await operator.submit('/desk/recusals', brother);
  expect(operator.html).toContain('Не знайдено');
  await operator.submit('/desk/recusals', { ...brother, value: '067 000 00 09' });
  expect(operator.html).toContain('справи близької особи');
  const his = await report({ reporter: { ...reporter, person: relative } });
  await operator.get(pageOf(his));
  expect(operator.status).toBe(404);

  const number = await report();
  await operator.get(pageOf(number));
  expect(operator.status).toBe(200);
  const supervisor = await enter('supervisor');
  await supervisor.get('/desk/recusals');
  await supervisor.submit('/desk/recusals', {
    about: 'organisation',
    value: 'teplo',
    reason: 'співвласник підприємства',
    login: 'demo-operator',
  });
  expect(supervisor.html).toContain('відвід');
  await operator.get(pageOf(number));
  expect(operator.status).toBe(404);
});
