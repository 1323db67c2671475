import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { body, contentType } = workerData as { body: Uint8Array; contentType: string };
const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': contentType, 'content-length': body.byteLength });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => parentPort!.postMessage((server.address() as AddressInfo).port));
