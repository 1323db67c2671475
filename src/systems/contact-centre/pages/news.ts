import type { Context, Handler } from 'hono';
import { liveTicks } from '#platform/events/stream.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';

/**
 * What an open page asks how it stands: by `Accept: text/event-stream` a stream that says when to ask, else `{ changed }`.
 *
 * @param concerns whether an event of the topic may change the page.
 * @param changed how much has changed since the page was drawn; throws for whoever may not see it.
 */
export function pageNews(
  platform: Platform,
  concerns: (topic: string, c: Context<MistoEnv>) => boolean,
  changed: (c: Context<MistoEnv>) => Promise<number>,
): Handler<MistoEnv> {
  const stream = liveTicks(platform, concerns);
  return async (c, next) => {
    const count = await changed(c);
    if (c.req.header('accept')?.includes('text/event-stream')) return stream(c, next);
    c.header('cache-control', 'private, no-store');
    return c.json({ changed: count });
  };
}

/** Topic of everything that happens to a request. */
export const requestTopic = (number: string): string => `request:${number}`;

/** By how many versions a request has moved on since the page was drawn at this one; 0 for what is no version. */
export function newerThan(drawn: string | undefined, now: number): number {
  const version = Number(drawn || Number.NaN);
  return Number.isInteger(version) ? Math.max(0, now - version) : 0;
}
