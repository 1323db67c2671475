import { beforeAll, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { Forbidden, NotFound } from '#platform/errors.ts';
import { type Actor, anonymous, systemActor, type Work } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import {
  answerAppeal,
  appealRegister,
  extendAppeal,
  forwardAppeal,
  makeStatutory,
  type NewAppeal,
  openAppeal,
  registerAppeal,
  returnAppeal,
  sentAnswers,
} from './appeals.ts';
import { loadCityData } from './city.ts';
import { act } from './moves.ts';
import { inPost } from './posts.ts';
import { registerRequest } from './requests.ts';

const platform = await testPlatform();
const clock = platform.clock as ManualClock;
const day = 86_400_000;

const office = inPost('dispatcher', 'contact-centre');
const operator = inPost('operator');
const supervisor = inPost('supervisor');
const by = <T>(who: Actor, what: (work: Work) => Promise<T>) => platform.work(who, what);

beforeAll(() => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData)));

const listed = (work: Work) => appealRegister(work, { part: 'open' });
let last = 0;
const appeal = (given: Partial<NewAppeal> = {}): NewAppeal => ({
  source: 'web',
  intakeKey: `appeal-${++last}`,
  kind: 'complaint',
  essence: 'Прошу перевірити роботу служби',
  reporter: {
    name: 'Оксана Вигадана',
    residence: 'м. Дніпро, вул. Робоча, 23',
    email: 'oksana@example.org',
    channel: 'web',
    language: 'uk',
  },
  ...given,
});
const register = (given: Partial<NewAppeal> = {}) =>
  by(anonymous, (work) => registerAppeal(work, appeal(given)));
/** A dirty entrance, as its executor has it. */
const serviceRequest = async () => {
  const made = await by(operator, (work) =>
    registerRequest(work, {
      source: 'phone',
      intakeKey: `service-of-${++last}`,
      category: 'entrance-dirty',
      text: 'Брудно в під’їзді',
      place: { building: contactCentreData.buildings[0]!.id },
      reporter: { channel: 'phone', language: 'uk', phone: '+380670000051' },
    }),
  );
  return { number: made.number, organisation: made.organisation! };
};
const clockOf = async (number: string) =>
  (
    await platform.pool.query(
      "select due, stopped_at from cc_clock where request = $1 and kind = 'statutory'",
      [number],
    )
  ).rows[0];
const written = {
  answer: 'Перевірку проведено, порушення усунуто.',
  grounds: 'Стаття 20 Закону 393/96-ВР',
  howToAppeal: 'Відповідь можна оскаржити до суду.',
  signer: 'Начальниця відділу М. Листопадова',
};

describe('an appeal under the law', () => {
  it('needs name, residence, essence and a way to answer: all faults at once', async () => {
    const refused = register({
      essence: ' ',
      reporter: { channel: 'web', language: 'uk' },
    });
    await expect(refused).rejects.toMatchObject({
      faults: ['name', 'residence', 'email', 'essence'].map((field) => expect.objectContaining({ field })),
    });
  });

  it('is due in 15 days, on to a working day, and goes to the council’s office', async () => {
    const made = await register();
    expect(made.organisation).toBe('contact-centre');
    // 24 November and 15 days: Wednesday 9 December.
    expect((await clockOf(made.number)).due.toISOString()).toBe('2026-12-09T21:59:59.999Z');
  });

  it('never goes to those complained about, by rule or by hand, and they do not know of it', async () => {
    const made = await register({ complainedAbout: 'contact-centre' });
    expect(made).toMatchObject({ state: 'triage', organisation: null });
    await expect(
      by(operator, (work) =>
        act(work, made.number, 'assign', { organisation: 'contact-centre', reason: 'x' }),
      ),
    ).rejects.toMatchObject({ code: 'invalid' });
    await by(operator, (work) =>
      act(work, made.number, 'assign', { organisation: 'teplo', reason: 'розгляд' }),
    );
    const accused = inPost('supervisor', 'contact-centre');
    const everywhere = { ...accused, grants: supervisor.grants };
    await expect(by(everywhere, (work) => openAppeal(work, made.number))).rejects.toBeInstanceOf(NotFound);
    expect((await by(everywhere, listed)).rows.map(({ number }) => number)).not.toContain(made.number);
    expect((await by(supervisor, listed)).rows.map(({ number }) => number)).toContain(made.number);
  });

  it('is answered in writing, signed, which stops the clock; the answer stays as it was sent', async () => {
    const { number } = await register();
    const opened = await by(office, (work) => openAppeal(work, number));
    expect(opened.essence).toBe('Прошу перевірити роботу служби');
    expect(opened.people[0]).toMatchObject({
      name: 'Оксана Вигадана',
      residence: 'м. Дніпро, вул. Робоча, 23',
    });
    await expect(
      by(office, (work) => answerAppeal(work, number, { ...written, grounds: '' })),
    ).rejects.toMatchObject({ faults: [expect.objectContaining({ field: 'grounds' })] });
    expect((await clockOf(number)).stopped_at).toBeNull();
    await by(office, (work) => answerAppeal(work, number, written));
    expect((await clockOf(number)).stopped_at).not.toBeNull();
    expect(await by(office, (work) => sentAnswers(work, number))).toMatchObject([{ no: 1, ...written }]);
    const stored = await platform.pool.query('select body from cc_appeal_answer where request = $1', [
      number,
    ]);
    expect(stored.rows[0].body).not.toContain('порушення');
    await expect(
      platform.pool.query("update cc_appeal_answer set signer = 'x' where request = $1", [number]),
    ).rejects.toThrow('stays as it was sent');
  });

  it('is answered only by its executor', async () => {
    const { number } = await register();
    await expect(
      by(inPost('dispatcher', 'teplo'), (work) => answerAppeal(work, number, written)),
    ).rejects.toBeInstanceOf(NotFound);
    await expect(by(operator, (work) => answerAppeal(work, number, written))).rejects.toBeInstanceOf(
      Forbidden,
    );
  });

  it('gets a month for study and 45 days at most, each told to the applicant with the reason', async () => {
    const { number } = await register();
    const month = await by(office, (work) => extendAppeal(work, number, 'study', 'Потрібен виїзд комісії'));
    expect(month.toISOString()).toBe('2026-12-24T21:59:59.999Z');
    await expect(
      by(office, (work) => extendAppeal(work, number, 'longer', 'Ще не готово')),
    ).rejects.toBeInstanceOf(Forbidden);
    const most = await by(supervisor, (work) =>
      extendAppeal(work, number, 'longer', 'Чекаємо на експертизу'),
    );
    expect(most.toISOString()).toBe('2027-01-08T21:59:59.999Z');
    await expect(
      by(supervisor, (work) => extendAppeal(work, number, 'longer', 'Ще раз')),
    ).rejects.toMatchObject({ code: 'not-longer' });
    const told = await platform.pool.query(
      "select count(*)::int as n from cc_message where request = $1 and template = 'extend'",
      [number],
    );
    expect(told.rows[0].n).toBe(2);
    const intervals = await platform.pool.query(
      'select why, note from cc_clock_interval where request = $1 order by id',
      [number],
    );
    expect(intervals.rows.map(({ note }) => note)).toEqual([
      'Потрібен виїзд комісії',
      'Чекаємо на експертизу',
    ]);
  });

  it('is forwarded within five days and given back within ten, not later', async () => {
    const inTriage = () => register({ complainedAbout: 'contact-centre' });
    const first = await inTriage();
    await by(operator, (work) => forwardAppeal(work, first.number, 'Обласна рада'));
    const second = await inTriage();
    const third = await inTriage();
    clock.advance(7 * day);
    await expect(
      by(operator, (work) => forwardAppeal(work, second.number, 'Обласна рада')),
    ).rejects.toMatchObject({ code: 'too-late' });
    await by(operator, (work) => returnAppeal(work, second.number, 'Немає суті питання'));
    clock.advance(7 * day);
    await expect(by(operator, (work) => returnAppeal(work, third.number, 'Пізно'))).rejects.toMatchObject({
      code: 'too-late',
    });
    const { rows } = await platform.pool.query(
      'select closing from cc_request where number = any($1) order by 1',
      [[first.number, second.number]],
    );
    expect(rows).toEqual([{ closing: 'refused' }, { closing: 'transferred' }]);
  });

  it('is forwarded or given back by the desk to which it came straight, and no service request is', async () => {
    const [first, second] = [await register(), await register()];
    await by(office, (work) => forwardAppeal(work, first.number, 'Обласна рада'));
    await by(office, (work) => act(work, second.number, 'accept'));
    await by(office, (work) => returnAppeal(work, second.number, 'Немає суті питання'));
    const { rows } = await platform.pool.query(
      `select r.closing, bool_and(c.stopped_at is not null) as stopped from cc_request r join cc_clock c on c.request = r.number
        where r.number = any($1) group by 1 order by 1`,
      [[first.number, second.number]],
    );
    expect(rows).toEqual([
      { closing: 'refused', stopped: true },
      { closing: 'transferred', stopped: true },
    ]);
    const service = await serviceRequest();
    await expect(
      by(inPost('dispatcher', service.organisation), (work) =>
        act(work, service.number, 'refuse', { reason: 'Не наше' }),
      ),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('nameless, is registered and closed by the law, never considered', async () => {
    const made = await register({ nameless: true, reporter: { channel: 'paper', language: 'uk' } });
    expect(made).toMatchObject({ state: 'closed', organisation: null });
    const { rows } = await platform.pool.query(
      `select h.data->>'reason' as reason, h.data->>'closing' as closing from cc_history h
        where request = $1 and move = 'refuse'`,
      [made.number],
    );
    expect(rows).toEqual([{ reason: 'anonymous', closing: 'refused' }]);
  });

  it('made of a request leaves the executor whom it complains about, and the days to forward it count from then', async () => {
    const { number, organisation } = await serviceRequest();
    await by(inPost('dispatcher', organisation), (work) => act(work, number, 'accept'));
    clock.advance(8 * day);
    const person = { name: 'Іван Вигаданий', residence: 'м. Дніпро', kind: 'complaint' as const };
    await by(operator, (work) => makeStatutory(work, number, { ...person, complainedAbout: organisation }));
    const { rows } = await platform.pool.query(
      `select state, organisation, complained_about, next_due is not null as due from cc_request r join cc_appeal a on a.request = r.number
        where r.number = $1`,
      [number],
    );
    expect(rows).toEqual([
      { state: 'triage', organisation: null, complained_about: organisation, due: true },
    ]);
    await expect(
      by(operator, (work) => act(work, number, 'assign', { organisation, reason: 'x' })),
    ).rejects.toMatchObject({ code: 'invalid' });
    await expect(
      by(inPost('dispatcher', organisation), (work) => openAppeal(work, number)),
    ).rejects.toBeInstanceOf(NotFound);
    clock.advance(3 * day);
    await by(operator, (work) => forwardAppeal(work, number, 'Обласна рада'));
  });

  it('tells the applicant what the law wants said, though letters were stopped', async () => {
    const { number, organisation } = await serviceRequest();
    await platform.pool.query('update cc_reporter set notify = false where request = $1', [number]);
    const person = { name: 'Іван Вигаданий', residence: 'м. Дніпро', kind: 'application' as const };
    await by(operator, (work) => makeStatutory(work, number, person));
    await by(inPost('dispatcher', organisation), (work) => answerAppeal(work, number, written));
    const { rows } = await platform.pool.query(
      'select template from cc_message where request = $1 order by seq desc limit 1',
      [number],
    );
    expect(rows).toEqual([{ template: 'answer' }]);
  });

  it('whose work is only claimed keeps its legal clock until the signed answer is sent', async () => {
    const { number } = await register();
    await by(office, (work) => act(work, number, 'accept'));
    await by(office, (work) => act(work, number, 'claim', { result: 'explained', answer: 'Пояснено' }));
    expect((await clockOf(number)).stopped_at).toBeNull();
  });

  it('can be made of a service request, whose words leave the public; never back', async () => {
    const { number } = await by(operator, (work) =>
      registerRequest(work, {
        source: 'phone',
        intakeKey: 'service-1',
        category: 'entrance-dirty',
        text: 'Брудно в під’їзді',
        place: { building: contactCentreData.buildings[0]!.id },
        reporter: { channel: 'phone', language: 'uk', phone: '+380670000051' },
      }),
    );
    const person = { name: 'Іван Вигаданий', residence: 'м. Дніпро', kind: 'complaint' as const };
    await expect(
      by(operator, (work) => makeStatutory(work, number, { ...person, residence: '' })),
    ).rejects.toMatchObject({ code: 'invalid' });
    await by(operator, (work) => makeStatutory(work, number, person));
    const { rows } = await platform.pool.query(
      'select regime, publication, public_text from cc_request where number = $1',
      [number],
    );
    expect(rows[0]).toEqual({ regime: 'statutory', publication: 'removed', public_text: null });
    expect(await clockOf(number)).toBeDefined();
    const opened = await by(supervisor, (work) => openAppeal(work, number));
    expect(opened.people[0]).toMatchObject({ name: 'Іван Вигаданий', residence: 'м. Дніпро' });
    await expect(by(operator, (work) => makeStatutory(work, number, person))).rejects.toMatchObject({
      code: 'statutory',
    });
    await expect(
      platform.pool.query("update cc_request set regime = 'service' where number = $1", [number]),
    ).rejects.toThrow('stays statutory');
  });
});
