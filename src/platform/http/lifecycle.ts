import type { Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether this process takes new work. */
export interface Lifecycle {
  readonly stopping: boolean;
  /** Aborted when the process begins to stop: long answers (live pages) end on it. */
  readonly signal: AbortSignal;
  /** From now on `/readyz` says no. */
  beginStop(): void;
}

export function createLifecycle(): Lifecycle {
  const controller = new AbortController();
  return {
    get stopping() {
      return controller.signal.aborted;
    },
    signal: controller.signal,
    beginStop: () => controller.abort(),
  };
}

/** Waits for an end, but no longer than so many milliseconds: what hangs must not keep a process that was told to stop. */
export async function atMost(milliseconds: number, end: Promise<unknown>): Promise<void> {
  await Promise.race([end.catch(() => {}), sleep(milliseconds)]);
}

/**
 * Stops taking connections, lets running requests end, and cuts what is left after the deadline. Each answer from now on closes its
 * connection, so that nobody sends a request down one that is about to be cut.
 *
 * @param notice how long to go on answering while the load balancer learns that we are not ready, in milliseconds.
 */
export async function drain(
  server: Server,
  lifecycle: Lifecycle,
  options: { notice?: number; deadline?: number } = {},
): Promise<void> {
  lifecycle.beginStop();
  server.prependListener('request', (_, response: ServerResponse) =>
    response.setHeader('connection', 'close'),
  );
  if (options.notice) await sleep(options.notice);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose answer has just ended would be kept for its next request.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const timer = sleep(options.deadline ?? 20_000, 'late', { ref: false });
  if ((await Promise.race([closed, timer])) === 'late') server.closeAllConnections();
  await closed;
  clearInterval(sweep);
}
