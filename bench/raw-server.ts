import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import pg from 'pg';
import type { Recorded } from './recorder.ts';

const { body, contentType, url, statements } = workerData as {
  body: Uint8Array;
  contentType: string;
  url?: string;
  /** Said to PostgreSQL before each answer, prepared. */
  statements?: readonly Recorded[];
};
const pool = url ? new pg.Pool({ connectionString: url, max: 10 }) : null;
const server = createServer(async (_, response) => {
  for (const [index, { text, values }] of (statements ?? []).entries())
    await pool!.query({ name: `s${index}`, text, values: [...values] });
  response.writeHead(200, { 'content-type': contentType, 'content-length': body.byteLength });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => parentPort!.postMessage((server.address() as AddressInfo).port));
