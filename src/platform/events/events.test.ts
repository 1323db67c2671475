import { sql } from 'drizzle-orm';
import { Hono } from 'hono';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { testPlatform } from '../database/testing.ts';
import { NotFound } from '../errors.ts';
import { deadEvents, dropEvent, reviveEvent } from '../failures/index.ts';
import type { Visit } from '../http/visit.ts';
import { createPlatform } from '../platform.ts';
import type { MistoEnv, Platform, System } from '../system.ts';
import { anonymous, systemActor } from '../work.ts';
import { startLive } from './live.ts';
import { emit } from './outbox.ts';
import { startRelay } from './relay.ts';
import { accessChanged, lastEventNumber, liveStream, liveTicks } from './stream.ts';

const actor = systemActor('test');
const endings: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

/** Another process's view of the same database, as far as one test file can have one. */
function sibling(of: Platform & { pool: import('pg').Pool }, systems: readonly System[] = []): Platform {
  return createPlatform({ config: of.config, clock: of.clock, pool: of.pool, systems });
}

async function until(what: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await what())) {
    if (Date.now() > end) throw new Error('it did not come about in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A client that reads server-sent events until told to stop. */
function client(platform: Platform, topics: string[], mayRead: () => boolean = () => true, person = 'p1') {
  const app = new Hono<MistoEnv>();
  app.use(async (c, next) => {
    c.set('visit', { actor: { ...anonymous, id: person }, network: '::1' } as unknown as Visit);
    await next();
  });
  app.get('/live', liveStream(platform, topics, mayRead, { heartbeat: 50 }));
  return async (headers: Record<string, string> = {}, query = '') => {
    const response = await app.request(`/live${query}`, { headers });
    const seen: { id: number; at: number; name: string }[] = [];
    let text = '';
    let ended = false;
    const reader = response.body!.getReader();
    const reading = (async () => {
      const decoder = new TextDecoder();
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        text += decoder.decode(chunk.value);
        for (let cut = text.indexOf('\n\n'); cut >= 0; cut = text.indexOf('\n\n')) {
          const block = text.slice(0, cut);
          text = text.slice(cut + 2);
          const id = /^id: (\d+)$/m.exec(block)?.[1];
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (id && data) seen.push({ id: Number(id), at: performance.now(), name: JSON.parse(data).name });
        }
      }
      ended = true;
    })();
    const stop = async () => {
      await reader.cancel().catch(() => {});
      await reading;
    };
    endings.push(stop);
    return { status: response.status, seen, stop, ended: () => ended };
  };
}

describe('the relay', () => {
  it('hands every event to every system that listens, once and in order, though two processes run', async () => {
    const got: number[] = [];
    const seen: string[] = [];
    const systems: System[] = [
      {
        name: 'listener',
        title: { uk: 'С', en: 'L' },
        summary: { uk: '', en: '' },
        on: {
          'a.happened': async (_work, event) => {
            got.push(event.number);
            seen.push(String(event.payload.n));
          },
        },
      },
    ];
    const a = await testPlatform({ systems });
    const b = sibling(a, systems);
    const relays = [startRelay(a, { url: a.url }), startRelay(b, { url: a.url })];
    endings.push(async () => {
      for (const relay of relays) await relay.stop();
    });
    await until(() => relays.some((relay) => relay.leading()));
    await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        (n % 2 ? a : b).work(actor, async (work) => {
          await emit(work, 'a.happened', { n });
          await emit(work, 'a.other', { n });
        }),
      ),
    );
    for (const relay of relays) relay.ping();
    await until(() => got.length >= 60);
    expect(new Set(seen).size).toBe(60);
    expect(got).toEqual([...got].sort((x, y) => x - y));
    const { rows } = await a.pool.query('select count(*)::int as n, max(number)::int as last from event_log');
    expect(rows[0]).toEqual({ n: 120, last: 120 });
    expect(relays.filter((relay) => relay.leading())).toHaveLength(1);

    // The leader goes: the other takes over and nothing is lost or done twice.
    const leader = relays.find((relay) => relay.leading())!;
    await leader.stop();
    await a.work(actor, (work) => emit(work, 'a.happened', { n: 60 }));
    await until(() => got.length >= 61, 5);
    expect(got).toHaveLength(61);
  });

  it('puts an event that no try helps among the dead letters, and the others go on', async () => {
    // A handler may be called again for an event whose neighbour failed: what counts is what its transactions left.
    const done = new Set<string>();
    const failures: boolean[] = [];
    let mended = false;
    const system = (name: string, poison: boolean): System => ({
      name,
      title: { uk: '', en: '' },
      summary: { uk: '', en: '' },
      on: {
        'a.happened': async (work, event) => {
          await work.tx.execute(
            sql`insert into event_dead_letter values (${`mark-${name}`}, ${event.number}, '', 0, now())`,
          );
          if (poison && event.payload.bad && !mended) throw new Error('cannot');
          done.add(`${name}:${event.payload.n}`);
        },
      },
    });
    const platform = await testPlatform({ systems: [system('weak', true), system('strong', false)] });
    const relay = startRelay(platform, {
      url: platform.url,
      retryAfter: 2,
      report: (_error, event) => event && failures.push(event.dead),
    });
    endings.push(() => relay.stop());
    await until(() => relay.leading());
    await platform.work(actor, async (work) => {
      await emit(work, 'a.happened', { n: 1 });
      await emit(work, 'a.happened', { n: 2, bad: true });
      await emit(work, 'a.happened', { n: 3 });
    });
    relay.ping();
    await until(() => done.size === 5 && failures.length === 5);
    expect([...done].toSorted()).toEqual(['strong:1', 'strong:2', 'strong:3', 'weak:1', 'weak:3']);
    expect(failures).toEqual([false, false, false, false, true]);
    const { rows } = await platform.pool.query(
      `select consumer, number::int, error, attempts from event_dead_letter where consumer = 'weak'`,
    );
    expect(rows).toEqual([
      {
        consumer: 'weak',
        number: 2,
        error: expect.stringMatching(/^Error at .*events.test.ts/),
        attempts: 5,
      },
    ]);
    // What a failed handler had written is gone with its transaction.
    const marks = await platform.pool.query(`select from event_dead_letter where consumer = 'mark-weak'`);
    expect(marks.rowCount).toBe(2);

    // Whoever mends the cause has it tried again; as long as the cause is there it stays a dead letter.
    const attempts = async () =>
      (await platform.pool.query(`select attempts from event_dead_letter where consumer = 'weak'`)).rows;
    await platform.work(actor, (work) => reviveEvent(work, 'weak', 2));
    await until(async () => (await attempts())[0]?.attempts === 6);
    expect((await deadEvents(platform.db)).rows.find(({ consumer }) => consumer === 'weak')).toMatchObject({
      name: 'a.happened',
      number: 2,
      revived: false,
    });
    mended = true;
    await platform.work(actor, (work) => reviveEvent(work, 'weak', 2));
    await until(() => done.has('weak:2'));
    await until(async () => (await attempts()).length === 0);
    await expect(platform.work(actor, (work) => dropEvent(work, 'weak', 2))).rejects.toThrow(NotFound);
  });
});

describe('live pages', async () => {
  const a = await testPlatform({ clock: systemClock });
  const b = sibling(a);
  const relay = startRelay(a, { url: a.url });
  const live = [await startLive(a, a.url), await startLive(b, a.url)];
  endings.push(async () => {
    await relay.stop();
    for (const one of live) await one.stop();
  });

  it('500 events from process A all reach a client of B, soon and in order', async () => {
    await until(() => relay.leading());
    const stream = await client(b, ['queue:1'])();
    const sentAt = new Map<number, number>();
    for (let n = 0; n < 500; n += 1) {
      await a.work(actor, (work) => emit(work, `q.called`, { n }, n % 10 ? 'queue:1' : 'queue:1'));
      sentAt.set(n, performance.now());
      live[0]!.ping();
    }
    await until(() => stream.seen.length >= 500);
    const numbers = stream.seen.map((event) => event.id);
    expect(numbers).toEqual(numbers.toSorted((x, y) => x - y));
    expect(new Set(numbers).size).toBe(500);
    const delays = stream.seen.map((event, n) => event.at - sentAt.get(n)!).toSorted((x, y) => x - y);
    expect(delays[494]!).toBeLessThan(1_000);
    await stream.stop();
  });

  it('a client that was away resumes where it was, and a page resumes from where it was drawn', async () => {
    const drawn = await lastEventNumber(b);
    await a.work(actor, (work) => emit(work, 'q.one', {}, 'queue:2'));
    await a.work(actor, (work) => emit(work, 'q.elsewhere', {}, 'queue:3'));
    await a.work(actor, (work) => emit(work, 'q.two', {}, 'queue:2'));
    relay.ping();
    await until(() => live[1]!.last() >= drawn + 3);
    const open = client(b, ['queue:2']);
    const byQuery = await open({}, `?after=${drawn}`);
    const byHeader = await open({ 'Last-Event-ID': String(drawn + 1) });
    await until(() => byQuery.seen.length === 2 && byHeader.seen.length === 1);
    expect(byQuery.seen.map((event) => event.name)).toEqual(['q.one', 'q.two']);
    expect(byHeader.seen.map((event) => event.name)).toEqual(['q.two']);
    await byQuery.stop();
    await byHeader.stop();
  });

  it('rights are asked again for each event', async () => {
    let may = true;
    let asked = 0;
    const ask = () => {
      asked += 1;
      return may;
    };
    const stream = await client(b, ['case:1'], ask)();
    const send = async (name: string) => {
      const before = asked;
      await a.work(actor, (work) => emit(work, name, {}, 'case:1'));
      relay.ping();
      await until(() => asked > before);
    };
    await send('c.first');
    await until(() => stream.seen.length === 1);
    may = false;
    await send('c.hidden');
    may = true;
    await send('c.third');
    await until(() => stream.seen.length === 2);
    expect(stream.seen.map((event) => event.name)).toEqual(['c.first', 'c.third']);
    await a.work(actor, (work) => emit(work, accessChanged, { person: 'p1' }));
    relay.ping();
    await until(() => stream.ended(), 2);
  });

  it('a person has at most six, and a closed one makes room', async () => {
    const open = client(b, ['x'], () => true, 'p2');
    const streams = [];
    for (let n = 0; n < 6; n += 1) streams.push(await open());
    expect(streams.map((stream) => stream.status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect((await open()).status).toBe(429);
    await streams[0]!.stop();
    expect((await open()).status).toBe(200);
  });

  it('a person has six in all processes together', async () => {
    const [here, there] = [client(a, ['x'], () => true, 'p4'), client(b, ['x'], () => true, 'p4')];
    const streams = [];
    for (let n = 0; n < 3; n += 1) streams.push(await here(), await there());
    expect(streams.map((stream) => stream.status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect((await here()).status).toBe(429);
    expect((await there()).status).toBe(429);
    await streams[0]!.stop();
    await until(async () => (await there()).status === 200);
  });

  it('a page that asks for itself is told that something happened, soon, once for many, and no more of it', async () => {
    const app = new Hono<MistoEnv>();
    app.use(async (c, next) => {
      c.set('visit', { actor: { ...anonymous, id: 'p5' }, network: '::1' } as unknown as Visit);
      await next();
    });
    app.get(
      '/ticks',
      liveTicks(b, (topic) => topic.startsWith('case:'), { pause: 100 }),
    );
    const reader = (await app.request('/ticks')).body!.getReader();
    let text = '';
    void (async () => {
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
        text += new TextDecoder().decode(chunk.value);
      text += 'ended';
    })();
    const told = () => text.split('data: ').length - 1;
    await until(() => told() === 1);
    await a.work(actor, async (work) => {
      for (let n = 0; n < 50; n += 1) await emit(work, 'c.changed', { secret: n }, `case:${n}`);
      await emit(work, 'c.changed', {}, 'other:1');
    });
    relay.ping();
    await until(() => told() === 2);
    expect(text).not.toMatch(/secret|case|changed/);
    await a.work(actor, (work) => emit(work, 'o.changed', {}, 'other:2'));
    await a.work(actor, (work) => emit(work, accessChanged, { person: 'p5' }));
    relay.ping();
    await until(() => text.endsWith('ended'), 2);
    expect(told()).toBe(2);
  });

  it('a listening connection that is cut comes back and catches up', async () => {
    const stream = await client(b, ['cut'], () => true, 'p3')();
    await a.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name in ('misto live', 'misto leader') and datname = current_database()`,
    );
    for (let n = 0; n < 20; n += 1) await a.work(actor, (work) => emit(work, 'cut', { n }, 'cut'));
    await until(() => stream.seen.length >= 20, 8);
    expect(stream.seen).toHaveLength(20);
  });
});
