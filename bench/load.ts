import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import autocannon from 'autocannon';
import type { Recorded } from './recorder.ts';

/** Requests per second at one address, two seconds after a short warm-up; fails when any answer is not a 2xx. */
export async function rate(
  url: string,
  options: { headers?: Record<string, string>; seconds?: number; fresh?: boolean } = {},
): Promise<number> {
  let asked = 0;
  const { pathname, search } = new URL(url);
  const common = {
    url,
    connections: 32,
    headers: options.headers ?? {},
    // A query that nobody has asked for before is in no cache.
    ...(options.fresh && {
      requests: [
        {
          setupRequest: (request: autocannon.Request) => ({
            ...request,
            path: `${pathname}${search}${search ? '&' : '?'}fresh=${process.hrtime.bigint()}${asked++}`,
          }),
        },
      ],
    }),
  };
  await autocannon({ ...common, duration: 1 });
  const result = await autocannon({ ...common, duration: options.seconds ?? 2 });
  if (result.non2xx || result.errors)
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} failed`);
  return result.requests.average;
}

/**
 * Raw Node http in a thread of its own, answering every request with the same bytes, after the same statements if it
 * is given some: the limit we compare with.
 */
export async function rawServer(
  body: Buffer,
  contentType: string,
  database: { url?: string; statements?: readonly Recorded[] } = {},
): Promise<{ url: string; stop(): Promise<number> }> {
  const worker = new Worker(new URL('./raw-server.ts', import.meta.url), {
    workerData: { body, contentType, ...database },
  });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  return { url: `http://127.0.0.1:${port}/`, stop: () => worker.terminate() };
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** The value below which the share lies. */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)]!;

/** A free port of this machine. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
