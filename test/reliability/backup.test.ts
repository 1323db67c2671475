// Keeps: the commands that copy, prove and restore a city work beside a running server under load, and the restored city opens
// with everything that was confirmed before the copy (platform.md §1.4).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { startCity } from '../../e2e/server.ts';
import { connect, freshCity, makeKeys, post, report } from './city.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'misto-backup-'));
const file = join(folder, 'city.tar');
const city = freshCity();
const server = await city.start();
const admin = await connect(city.url());
const keys = await makeKeys(admin, 20);
await admin.end();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A command of misto over the city's folder: how it ended and what it said. */
async function misto(args: readonly string[], from?: NodeJS.ReadableStream) {
  const child = spawn('node_modules/.bin/node', ['dist/server/cli.js', ...args], {
    cwd: root,
    env: { ...process.env, MISTO_MODE: 'demo', MISTO_DATA_DIR: city.dataDirectory },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  if (from) from.pipe(child.stdin);
  else child.stdin.end();
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk;
    });
  const [status] = await once(child, 'close');
  return { status, said };
}

it('a copy taken under load is proved, and restored to a city that opens with all that was confirmed before', async () => {
  const before: string[] = [];
  for (let n = 0; n < 20; n++) before.push((await post(server.origin, report(keys[0]!, `before-${n}`)))!);
  let isOver = false;
  let meanwhile = 0;
  const load = (async () => {
    for (let n = 0; !isOver; n++) {
      if (await post(server.origin, report(keys[1 + (n % 19)]!, `load-${n}`))) meanwhile += 1;
      await sleep(20);
    }
  })();
  const made = await misto(['backup', file]);
  isOver = true;
  await load;
  expect(made).toMatchObject({
    status: 0,
    said: expect.stringMatching(/^\d+ files, \d+ bytes\. The key ring is not among/),
  });
  expect(meanwhile).toBeGreaterThan(0);
  expect(existsSync(`${file}.part`)).toBe(false);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await misto(['verify-backup', file])).toMatchObject({
    status: 0,
    said: expect.stringMatching(/^whole: made /),
  });

  const restored = join(folder, 'restored');
  expect(await misto(['restore', file, restored])).toMatchObject({
    status: 0,
    said: expect.stringContaining('restored as of'),
  });
  cpSync(join(city.dataDirectory, 'keys.json'), join(restored, 'keys.json'));
  const again = await startCity(restored, { MISTO_DEMO: 'city' });
  try {
    for (const number of before.slice(0, 3))
      expect((await fetch(`${again.origin}/open311/v2/requests/${number}.json`)).status).toBe(200);
    const ready = await (await fetch(`${again.origin}/readyz`)).json();
    expect(ready.status).toBe('ready');
  } finally {
    await again.stop();
  }
  expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
}, 150_000);

it('one wrong byte is named, by its place and its file', async () => {
  const at = 700_000;
  const handle = openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  readSync(handle, byte, 0, 1, at);
  byte[0]! ^= 0xff;
  writeSync(handle, byte, 0, 1, at);
  const found = await misto(['verify-backup', file]);
  expect(found.status).toBe(1);
  expect(found.said).toMatch(/^misto: .*byte/);
});

it('a copy goes to standard output and is proved from standard input', async () => {
  const child = spawn('node_modules/.bin/node', ['dist/server/cli.js', 'backup', '-'], {
    cwd: root,
    env: { ...process.env, MISTO_MODE: 'demo', MISTO_DATA_DIR: city.dataDirectory },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  expect(await misto(['verify-backup', '-'], child.stdout)).toMatchObject({ status: 0 });
  expect(await ended).toEqual([0, null]);
});
