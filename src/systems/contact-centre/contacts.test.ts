import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { Conflict, NotFound } from '#platform/errors.ts';
import { type Actor, systemActor, type Work } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import {
  type Call,
  type CallDraft,
  callBackTasks,
  callOf,
  finishContact,
  forgetCalls,
  joinForCaller,
  keepCall,
  logConsultation,
  registerForCaller,
  reopenForCaller,
  startContact,
  takeCallBack,
} from './contacts.ts';
import { act } from './moves.ts';
import { inPost } from './posts.ts';

const platform = await testPlatform();
const clock = platform.clock as ManualClock;
const house = contactCentreData.buildings[0]!;

const iryna = inPost('operator', null, { id: '00000000-0000-7000-8000-000000000011' });
const olha = inPost('operator', null, { id: '00000000-0000-7000-8000-000000000012' });
const by = <T>(who: Actor, what: (work: Work) => Promise<T>) => platform.work(who, what);

beforeAll(() => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData)));
beforeEach(async () => {
  await platform.pool.query('delete from cc_call');
});

const told: CallDraft = {
  phone: '+380670000010',
  name: 'Оксана',
  building: house.id,
  flat: '7',
  text: 'Батареї холодні',
  category: 'heat-none',
  answers: { scope: ['house'] },
};
const begin = (draft: CallDraft = told) => by(iryna, (work) => startContact(work, draft));
const register = (call: Call) => by(iryna, (work) => registerForCaller(work, call, call.intakeKey));
const contactsOf = async () =>
  (await platform.pool.query('select outcome, requests, operator from cc_contact order by id desc')).rows;

describe('a conversation', () => {
  it('is one per operator, keeps what was typed, and nobody reads it in the database', async () => {
    const call = await begin();
    expect((await begin({})).id).toBe(call.id);
    await by(iryna, (work) => keepCall(work, call, { ...told, text: 'Зовсім холодні' }));
    expect((await by(iryna, callOf))?.draft.text).toBe('Зовсім холодні');
    expect(await by(olha, callOf)).toBeNull();
    const { rows } = await platform.pool.query('select draft from cc_call');
    expect(rows[0].draft).not.toContain('холодні');
    await expect(
      by(inPost('dispatcher', null, { id: '00000000-0000-7000-8000-000000000013' }), (work) =>
        startContact(work),
      ),
    ).rejects.toThrow('log_contact');
  });

  it('registers once however often the form is sent, and ends as a request', async () => {
    const call = await begin();
    const first = await register(call);
    const second = await register(call);
    expect(second).toMatchObject({ number: first.number, repeated: true });
    const now = (await by(iryna, callOf))!;
    expect(now.requests).toEqual([{ number: first.number, how: 'registered' }]);
    expect(now.intakeKey).not.toBe(call.intakeKey);
    expect(now.draft).toEqual({
      phone: told.phone,
      name: told.name,
      building: told.building,
      flat: told.flat,
    });
    await by(iryna, (work) => finishContact(work, now, 'consultation'));
    expect((await contactsOf())[0]).toEqual({
      outcome: 'request',
      requests: [first.number],
      operator: iryna.id,
    });
    expect(await by(iryna, callOf)).toBeNull();
  });

  it('names every fault of what was told, and the same form with other words is a conflict', async () => {
    const empty = await begin({ category: 'heat-none' });
    await expect(register(empty)).rejects.toMatchObject({ code: 'invalid' });
    const call = await by(iryna, (work) => keepCall(work, empty, told));
    await register(call);
    await expect(
      by(iryna, (work) =>
        registerForCaller(work, { ...call, draft: { ...told, text: 'Інше' } }, call.intakeKey),
      ),
    ).rejects.toMatchObject({ code: 'intake-key' });
  });

  it('joins the caller to what a neighbour reported, once', async () => {
    const { number } = await register(await begin());
    await platform.pool.query('delete from cc_call');
    const call = await begin({ phone: '+380670000011' });
    await by(iryna, (work) => joinForCaller(work, call, number));
    const again = (await by(iryna, callOf))!;
    await by(iryna, (work) => joinForCaller(work, again, number));
    const { rows } = await platform.pool.query('select reporters from cc_request where number = $1', [
      number,
    ]);
    expect(rows[0].reporters).toBe(2);
    await by(iryna, (work) => finishContact(work, again, 'joined'));
    expect((await contactsOf())[0].outcome).toBe('joined');
  });

  it('reopens only by the word of one who reported it, and leaves no link behind', async () => {
    const { number } = await register(await begin());
    const controller = inPost('controller', null, { id: '00000000-0000-7000-8000-000000000014' });
    const dispatcher = inPost('dispatcher', null, { id: '00000000-0000-7000-8000-000000000015' });
    await by(dispatcher, (work) => act(work, number, 'accept'));
    await by(dispatcher, (work) => act(work, number, 'dispatch', { crew: 'crew-1' }));
    await by(dispatcher, (work) => act(work, number, 'claim', { result: 'fixed', answer: 'Зроблено' }));
    await by(controller, (work) => act(work, number, 'confirm', { method: 'call', callRecord: 'rec-1' }));
    await platform.pool.query('delete from cc_call');

    const other = await begin({ phone: '+380670000099' });
    await expect(
      by(iryna, (work) => reopenForCaller(work, other, number, 'Знову холодно')),
    ).rejects.toMatchObject({ code: 'not-reporter' });
    const owner = await by(iryna, (work) => keepCall(work, other, told));
    const moved = await by(iryna, (work) => reopenForCaller(work, owner, number, 'Знову холодно'));
    expect(moved?.state).toBe('rework');
    const { rows } = await platform.pool.query(
      'select count(*) filter (where revoked_at is null)::int as live from cc_link where request = $1',
      [number],
    );
    expect(rows[0].live).toBe(1);
  });

  it('cut off becomes a task to call back, which one operator takes with all that was typed', async () => {
    const call = await begin();
    await by(iryna, (work) => finishContact(work, call, 'dropped'));
    expect((await contactsOf())[0].outcome).toBe('dropped');
    const [task] = await by(olha, callBackTasks);
    expect(task).toMatchObject({
      id: call.id,
      category: 'heat-none',
      address: expect.stringContaining(house.house),
    });
    expect(JSON.stringify(task)).not.toContain('38067');
    const taken = await by(olha, (work) => takeCallBack(work, call.id));
    expect(taken.draft).toEqual(told);
    await expect(by(iryna, (work) => takeCallBack(work, call.id))).rejects.toBeInstanceOf(NotFound);
    await expect(by(olha, (work) => takeCallBack(work, call.id))).rejects.toBeInstanceOf(Conflict);
    expect(await by(iryna, callBackTasks)).toEqual([]);
  });

  it('cut off without a number leaves no task that nobody could do', async () => {
    const call = await begin({ text: 'Алло' });
    await by(iryna, (work) => finishContact(work, call, 'dropped'));
    expect(await by(iryna, callBackTasks)).toEqual([]);
    expect(await by(iryna, callOf)).toBeNull();
  });

  it('about a question is logged in one act, with audit and event', async () => {
    const id = await by(iryna, (work) => logConsultation(work, { category: 'heat-none' }));
    expect((await contactsOf())[0]).toMatchObject({ outcome: 'consultation', requests: [] });
    const audits = await platform.pool.query(
      "select entry->'detail'->>'outcome' as outcome from audit_pending where entry->>'resource' = $1",
      [`contact:${id}`],
    );
    const events = await platform.pool.query(
      "select payload from outbox where name = 'contact-centre.contact.finished' and payload->>'id' = $1",
      [id],
    );
    expect(audits.rows).toEqual([{ outcome: 'consultation' }]);
    expect(events.rows[0].payload).toMatchObject({ category: 'heat-none', outcome: 'consultation' });
  });

  it('does not end as a request when there is none, and its words go after seven days', async () => {
    const call = await begin();
    await expect(by(iryna, (work) => finishContact(work, call, 'request'))).rejects.toMatchObject({
      code: 'no-request',
    });
    await forgetCalls(platform.db, new Date(clock.now().getTime() + 6 * 86_400_000));
    expect(await by(iryna, callOf)).not.toBeNull();
    await forgetCalls(platform.db, new Date(clock.now().getTime() + 8 * 86_400_000));
    expect(await by(iryna, callOf)).toBeNull();
  });
});
