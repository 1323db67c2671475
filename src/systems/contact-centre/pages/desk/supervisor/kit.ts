import type { Context } from 'hono';
import { mustBeAble } from '#platform/access/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import { permission } from '../../../permissions.ts';
import { type QueueName, queues } from '../../../statistics.ts';
import { type Here, here } from '../../kit.tsx';
import { type SupervisorText, supervisorText } from './text.ts';

/** What every page of the supervisor has at hand. */
export interface Shift {
  readonly platform: Platform;
  readonly c: Context<MistoEnv>;
  readonly at: Here;
  readonly words: SupervisorText;
  readonly now: Date;
  href(path: string, query?: Parameters<Here['href']>[1]): string;
  run<T>(act: (work: Work) => Promise<T>): Promise<T>;
}

/** @throws Forbidden for staff who do not see the load. */
export function shiftOf(platform: Platform, c: Context<MistoEnv>): Shift {
  const { actor, requestId } = c.var.visit;
  if (!actor.grants.some((grant) => grant.permissions.has(permission('see_load'))))
    mustBeAble(actor, permission('see_load'));
  const at = here(c);
  return {
    platform,
    c,
    at,
    words: supervisorText(at.language),
    now: platform.clock.now(),
    href: (path, query) => at.href(`/desk/supervisor${path}`, query),
    run: (act) => platform.work(actor, act, { requestId }),
  };
}

/** Lists besides the queues. */
export type View = QueueName | 'breaches' | 'unverified' | 'closedToday';

export const isQueue = (view: string): view is QueueName => Object.hasOwn(queues, view);
export const isView = (view: string): view is View =>
  isQueue(view) || view === 'breaches' || view === 'unverified' || view === 'closedToday';

export const day = 86_400_000;
/** Days over which the share of unverified closings is taken. */
export const shareDays = 30;
