// Keeps: break-glass (platform.md §4.2): reason, 60 minutes, notices, visible to the citizen, reviewed.
import { afterAll, expect, it } from 'vitest';
import { viewersOf } from '#platform/audit/reads.ts';
import { chainPending } from '#platform/audit/sequencer.ts';
import { addVerifiedContact, createPerson } from '#platform/identity/persons.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import { systemActor } from '#platform/work.ts';
import { deskWorld, hiddenField, readable } from './test-world.ts';

const world = await deskWorld();
const { platform, clock, enter, report, pool } = world;
const secrets = secretsOf(platform.config);
const client = await pool.connect();
afterAll(() => client.release());

it('opens another unit’s case for an hour, to read and no more, and everybody concerned learns of it', async () => {
  const person = await platform.work(systemActor('test'), async (work) => {
    const id = await createPerson(work, secrets, { name: 'Олена' });
    await addVerifiedContact(work, secrets, id, 'phone', '+380670000002');
    return id;
  });
  const number = await report({
    reporter: { channel: 'web', language: 'uk', name: 'Олена', phone: '+380670000002', person },
  });
  await pool.query(`update cc_request set organisation = 'voda' where number = $1`, [number]);
  const path = `/contact-centre/desk/requests/${number}`;
  const supervisor = await enter('supervisor');
  const officer = await enter('privacy-officer');
  const dispatcher = await enter('dispatcher');
  await dispatcher.get(path);
  expect(dispatcher.status).toBe(404);

  await dispatcher.get('/desk/emergency');
  await dispatcher.submit('/desk/emergency', { reason: 'треба' });
  expect(dispatcher.status).toBe(422);
  await dispatcher.submit('/desk/emergency', {
    reason: 'У квартирі людина без свідомості, ЕМД просить доступ',
  });
  expect(readable(dispatcher.html)).toContain('Екстрений доступ відкрито до');
  for (const watcher of [supervisor, officer]) {
    await watcher.get('/cabinet/messages');
    expect(watcher.html).toContain('Відкрито екстрений доступ');
  }

  await dispatcher.get(`${path}?contacts=1`);
  expect(dispatcher.status).toBe(200);
  expect(dispatcher.html).toContain('380670000002');
  await dispatcher.post(path, {
    _csrf: hiddenField(dispatcher.html, '_csrf'),
    _key: 'e1',
    version: '2',
    move: 'accept',
  });
  expect(dispatcher.status).toBeGreaterThanOrEqual(403);
  expect(await world.stateOf(number)).toBe('assigned');

  while ((await chainPending(client, (id) => secrets.blind('audit-subject', id))) > 0);
  expect((await viewersOf(platform, person))[0]).toMatchObject({
    who: 'Диспетчер підприємства',
    breakGlass: true,
    resource: `request:${number}`,
  });
  await officer.get('/desk/privacy/emergencies');
  const review = /\/desk\/privacy\/emergencies\/[0-9a-f-]{36}/.exec(officer.html)![0];
  await officer.get(review);
  expect(officer.html).toContain('людина без свідомості');
  expect(officer.html).toContain(`request:${number}`);
  await officer.submit(review, { verdict: 'justified' });
  expect(officer.status).toBe(422);
  await officer.submit(review, { verdict: 'justified', note: 'Дзвінок 103 підтверджено' });
  expect(officer.html).toContain('підстава була');

  // Staff stay signed in by what they do, every ten minutes.
  for (let minute = 0; minute < 60; minute += 10) {
    clock.advance(10 * 60_000);
    await dispatcher.get('/desk');
  }
  clock.advance(1_000);
  await dispatcher.get(path);
  expect(dispatcher.status).toBe(404);
});

it('is nobody’s who was not given the right, and ends before its hour when its holder says so', async () => {
  const number = await report();
  await pool.query(`update cc_request set organisation = 'voda' where number = $1`, [number]);
  const crew = await enter('crew');
  await crew.get('/desk/emergency');
  expect(crew.status).toBe(403);
  const dispatcher = await enter('dispatcher');
  await dispatcher.get('/desk/emergency');
  await dispatcher.submit('/desk/emergency', { reason: 'Прорив труби над архівом, потрібна адреса' });
  await dispatcher.submit('/desk/emergency/end');
  expect(dispatcher.html).toContain('Відкрити доступ на годину');
  await dispatcher.get(`/contact-centre/desk/requests/${number}`);
  expect(dispatcher.status).toBe(404);
});
