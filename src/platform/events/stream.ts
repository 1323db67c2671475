import { sql } from 'drizzle-orm';
import type { Context, Handler } from 'hono';
import type { DeliveredEvent, MistoEnv, Platform } from '../system.ts';
import { hubOf, isLive } from './live.ts';
import { type EventRow, toEvent } from './relay.ts';

export interface StreamOptions {
  /** What the page may know of the event besides its name; nothing is sent of the payload unless this does. */
  readonly view?: (event: DeliveredEvent, c: Context<MistoEnv>) => unknown;
  /** Milliseconds between signs of life. */
  readonly heartbeat?: number;
}

/** Emitted when someone's grants or sessions change, with `{ person }`: their streams end and must be asked for anew. */
export const accessChanged = 'identity.access.changed';

/** Waiting messages after which a stream ends: its client comes back and resumes where it was. */
const patience = 1_000;

/**
 * A handler that answers with server-sent events of the topics, for as long as the client listens.
 * `Last-Event-ID`, or `?after=` with a number the page was drawn at, resumes without gap or repeat.
 * A person may hold six streams, in all processes together; the next is answered 429, and the page works by its links.
 *
 * @param mayRead is asked again for each event: rights may have gone since the page was drawn.
 * @example app.get('/requests/:number/live', liveStream(platform, (c) => [`request:${c.req.param('number')}`], () => true))
 */
export function liveStream(
  platform: Platform,
  topics: readonly string[] | ((c: Context<MistoEnv>) => readonly string[]),
  mayRead: (event: DeliveredEvent, c: Context<MistoEnv>) => boolean | Promise<boolean>,
  options: StreamOptions = {},
): Handler<MistoEnv> {
  return (c) =>
    opened(platform, c, (leave) => {
      const wanted = new Set(typeof topics === 'function' ? topics(c) : topics);
      return events(platform, c, wanted, startingPoint(c), mayRead, options, leave);
    });
}

/** Milliseconds between two ticks of a page at least: what happens meanwhile goes together. */
const tickPause = 2_000;

/**
 * A handler that says that something has happened, and nothing of what: for pages that then ask for themselves, with their own
 * rights, how they stand. It says so once at the beginning, for what came between the page and its stream, and then at most
 * every two seconds.
 *
 * @param concerns whether the page may have to do with an event of this topic; asked for every event, so it asks no database.
 */
export function liveTicks(
  platform: Platform,
  concerns: (topic: string, c: Context<MistoEnv>) => boolean,
  options: StreamOptions & { readonly pause?: number } = {},
): Handler<MistoEnv> {
  return (c) => opened(platform, c, (leave) => ticks(platform, c, concerns, options, leave));
}

/** Takes one of the person's six places and answers with the stream; `leave` gives the place back. */
async function opened(
  platform: Platform,
  c: Context<MistoEnv>,
  stream: (leave: () => void) => ReadableStream<Uint8Array>,
): Promise<Response> {
  if (!isLive(platform)) return c.text('Live updates are off', 503, { 'Retry-After': '30' });
  const { actor, network } = c.var.visit;
  const leave = await hubOf(platform).enter(actor.id ?? `network:${network}`);
  if (!leave) return c.text('Too many live pages are open', 429, { 'Retry-After': '60' });
  return new Response(stream(leave), {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    },
  });
}

function ticks(
  platform: Platform,
  c: Context<MistoEnv>,
  concerns: (topic: string, c: Context<MistoEnv>) => boolean,
  options: StreamOptions & { readonly pause?: number },
  leave: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const hub = hubOf(platform);
  const person = c.var.visit.actor.id;
  let close = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let waiting: NodeJS.Timeout | null = null;
      const say = (text: string) => controller.enqueue(encoder.encode(text));
      const heartbeat = setInterval(() => say(': \n\n'), options.heartbeat ?? 20_000);
      heartbeat.unref();
      let ended = false;
      close = () => {
        if (ended) return;
        ended = true;
        clearInterval(heartbeat);
        if (waiting) clearTimeout(waiting);
        unsubscribe();
        leave();
        try {
          controller.close();
        } catch {
          // The client went first.
        }
      };
      const unsubscribe = hub.subscribe((event) => {
        if (event.name === accessChanged && person !== null && event.payload.person === person)
          return close();
        if (waiting || event.topic === null || !concerns(event.topic, c)) return;
        waiting = setTimeout(() => {
          waiting = null;
          say('data: \n\n');
        }, options.pause ?? tickPause);
        waiting.unref();
      }, close);
      say('retry: 2000\ndata: \n\n');
    },
    cancel() {
      close();
    },
  });
}

/** Number of the newest event: a page drawn now gives it to its stream as `?after=`. */
export async function lastEventNumber(platform: Platform): Promise<number> {
  const { rows } = await platform.db.execute<{ last: string }>(
    sql`select coalesce(max(number), 0) as last from event_log`,
  );
  return Number(rows[0]!.last);
}

function startingPoint(c: Context): number | null {
  const said = c.req.header('Last-Event-ID') ?? c.req.query('after');
  return said && /^\d{1,15}$/.test(said) ? Number(said) : null;
}

function events(
  platform: Platform,
  c: Context<MistoEnv>,
  topics: ReadonlySet<string>,
  after: number | null,
  mayRead: (event: DeliveredEvent, c: Context<MistoEnv>) => boolean | Promise<boolean>,
  options: StreamOptions,
  leave: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const hub = hubOf(platform);
  const person = c.var.visit.actor.id;
  let close = () => {};
  return new ReadableStream<Uint8Array>({
    async start(controller) {
      const waiting: DeliveredEvent[] = [];
      let sent = after ?? hub.last();
      let working = true;
      let ended = false;
      const say = (text: string) => {
        if (!ended) controller.enqueue(encoder.encode(text));
      };
      const heartbeat = setInterval(() => say(': \n\n'), options.heartbeat ?? 20_000);
      heartbeat.unref();
      close = () => {
        if (ended) return;
        ended = true;
        clearInterval(heartbeat);
        unsubscribe();
        leave();
        try {
          controller.close();
        } catch {
          // The client went first.
        }
      };
      const pass = async (event: DeliveredEvent) => {
        if (event.number <= sent) return;
        sent = event.number;
        if (!(await mayRead(event, c))) return;
        const data = {
          name: event.name,
          topic: event.topic,
          at: event.occurredAt.toISOString(),
          ...(options.view && { view: options.view(event, c) }),
        };
        say(`id: ${event.number}\nevent: ${event.name}\ndata: ${JSON.stringify(data)}\n\n`);
        if ((controller.desiredSize ?? 0) < -patience) close();
      };
      const drain = async () => {
        working = true;
        try {
          for (let event = waiting.shift(); event && !ended; event = waiting.shift()) await pass(event);
        } catch {
          // A right that cannot be checked is not a right; the client asks again.
          close();
        }
        working = false;
      };
      const unsubscribe = hub.subscribe((event) => {
        if (event.name === accessChanged && person !== null && event.payload.person === person)
          return close();
        if (event.topic === null || !topics.has(event.topic)) return;
        waiting.push(event);
        if (!working) void drain();
      }, close);
      // A browser counts the stream as open when the first bytes arrive.
      say(`retry: 2000\nid: ${sent}\n\n`);
      try {
        if (after !== null) for await (const event of eventsAfter(platform, topics, after)) await pass(event);
      } catch {
        close();
      }
      await drain();
    },
    cancel() {
      close();
    },
  });
}

async function* eventsAfter(
  platform: Platform,
  topics: ReadonlySet<string>,
  after: number,
): AsyncGenerator<DeliveredEvent> {
  const list = sql.join(
    [...topics].map((topic) => sql`${topic}`),
    sql`, `,
  );
  let from = after;
  for (let full = topics.size > 0; full; ) {
    const { rows } = await platform.db.execute<EventRow>(
      sql`select number, id, name, topic, payload, occurred_at from event_log
          where topic in (${list}) and number > ${from} order by number limit 500`,
    );
    for (const row of rows) yield toEvent(row);
    full = rows.length === 500;
    from = Number(rows.at(-1)?.number ?? from);
  }
}
