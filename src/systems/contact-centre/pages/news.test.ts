import type { Pool } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { startLive } from '#platform/events/live.ts';
import { startRelay } from '#platform/events/relay.ts';
import { createApp } from '#platform/http/app.ts';
import { systemActor } from '#platform/work.ts';
import { addNote } from '../moves.ts';
import { cookiesOf, deskWorld } from './desk/test-world.ts';

const world = await deskWorld();
const { platform } = world;
const url = String((world.pool as Pool & { options: { connectionString: string } }).options.connectionString);
const relay = startRelay(platform, { url });
const live = await startLive(platform, url);
afterAll(async () => {
  await relay.stop();
  await live.stop();
});
const app = createApp(platform, { cache: false, limits: false, log: () => {} });
const number = await world.report();

/** Reads a stream until it is closed; tells how many ticks have come. */
function follow(answer: Response) {
  const reader = answer.body!.getReader();
  let text = '';
  void (async () => {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
      text += new TextDecoder().decode(chunk.value);
  })();
  return { ticks: () => text.split('data: ').length - 1, said: () => text, close: () => reader.cancel() };
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 8_000;
  while (!(await what())) {
    if (Date.now() > end) throw new Error('it did not come about in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('an open page', () => {
  it('of a queue, of a request at the desk and of a published one is told when to ask, and then how much has changed', async () => {
    const pages = await Promise.all(
      [
        ['dispatcher', '/contact-centre/desk/dispatcher'],
        ['dispatcher', `/contact-centre/desk/requests/${number}`],
        [null, `/contact-centre/requests/${number}`],
      ].map(async ([persona, path]) => {
        const browser = persona ? await world.enter(persona) : world.visitor();
        await browser.get(path!);
        const props: { source: string } = JSON.parse(
          /data-island="page-news" data-props="([^"]+)"/
            .exec(browser.html)![1]!
            .replaceAll('&quot;', '"')
            .replaceAll('&amp;', '&'),
        );
        const ask = async (accept: string): Promise<Response> =>
          app.request(props.source, { headers: { accept, cookie: cookiesOf(browser) } });
        const changed = async (): Promise<number> => (await (await ask('application/json')).json()).changed;
        expect(await changed(), path!).toBe(0);
        return { path, changed, stream: follow(await ask('text/event-stream')) };
      }),
    );
    await until(() => pages.every(({ stream }) => stream.ticks() === 1));
    world.clock.advance(1_000);
    await platform.work(systemActor('test'), (work) =>
      addNote(work, number, { text: 'Їдемо', public: true }),
    );
    relay.ping();
    await until(() => pages.every(({ stream }) => stream.ticks() === 2));
    for (const { path, changed, stream } of pages) {
      expect(await changed(), path!).toBe(1);
      expect(stream.said()).not.toContain(number);
      await stream.close();
    }
  });

  it('tells nobody else: neither of the desk to whoever has none, nor of a hidden request', async () => {
    const stranger = await world.enter('resident');
    const cookie = cookiesOf(stranger);
    for (const accept of ['application/json', 'text/event-stream']) {
      const desk = await app.request(`/contact-centre/desk/requests/${number}/news`, {
        headers: { accept, cookie },
      });
      expect(desk.status).toBe(403);
      const hidden = await app.request('/contact-centre/requests/26000000000/news', { headers: { accept } });
      expect(hidden.status).toBe(404);
    }
  });
});
