import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Config } from '#platform/config/index.ts';
import { filesOf } from '#platform/files/index.ts';
import type { Platform } from '#platform/system.ts';

/** In bytes, of all copies together: the longest unused go first. */
const most = 4 * 1024 ** 3;
/** A copy that was asked for since then may still be read, in milliseconds. */
const inUse = 10 * 60_000;

/** Where DuckDB finds what it may read; it may read nothing else. */
export const copiesFolder = (config: Config): string => join(config.dataDirectory, 'columns');

const coming = new Map<string, Promise<void>>();

/**
 * The content of a hash as a file on this machine's disk: the store may be elsewhere, and DuckDB opens files by their path.
 *
 * @param sha256 of something in the file store that the caller may read.
 * @returns its path. @throws MissingContent
 */
export function copyOf(platform: Platform, sha256: string): Promise<string> {
  return madeOnce(platform, sha256, async (path) => {
    const content = await filesOf(platform.config).open(sha256);
    await pipeline(content, createWriteStream(path, { mode: 0o600 }));
  });
}

/**
 * A file of the folder under a name that says all that it depends on: made when it is not there, and then kept for who asks next.
 *
 * @param name letters, digits, dots, dashes and underscores.
 * @param make writes it at the path it is given.
 */
export async function madeOnce(
  platform: Platform,
  name: string,
  make: (path: string) => Promise<void>,
): Promise<string> {
  const folder = copiesFolder(platform.config);
  const path = join(folder, name);
  const now = platform.clock.now();
  if (await touched(path, now)) return path;
  let made = coming.get(path);
  if (!made) {
    made = (async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = join(folder, `draft-${randomUUID()}`);
      try {
        await make(draft);
        await utimes(draft, now, now);
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
      await makeRoom(folder, now);
    })().finally(() => coming.delete(path));
    coming.set(path, made);
  }
  await made;
  return path;
}

async function touched(path: string, now: Date): Promise<boolean> {
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}

async function makeRoom(folder: string, now: Date): Promise<void> {
  const files = await Promise.all(
    (await filesIn(folder)).map(async (name) => {
      const path = join(folder, name);
      const found = await stat(path).catch(() => null);
      return { path, bytes: found?.size ?? 0, usedAt: found?.mtimeMs ?? 0 };
    }),
  );
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (bytes <= most || file.usedAt > now.getTime() - inUse) return;
    await rm(file.path, { force: true });
    bytes -= file.bytes;
  }
}

/** Names of the copies; beside them lies what DuckDB puts by. */
const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch((): string[] => [])).filter((name) => name !== spillFolder);

/** Where DuckDB puts by what its memory does not hold. */
export const spillFolder = 'spill';

/**
 * Removes copies of what is published no more, and what is derived of it, names with a hash that is kept no more, and drafts whose process has died.
 *
 * @param kept.hashes whose copies may stay.
 * @param kept.resources whose rows, as programs have written them, may stay.
 */
export async function sweepCopies(
  platform: Platform,
  kept: { readonly hashes: ReadonlySet<string>; readonly resources: ReadonlySet<string> },
): Promise<void> {
  const folder = copiesFolder(platform.config);
  const now = platform.clock.now().getTime();
  for (const name of await filesIn(folder)) {
    const hashes = name.match(/[0-9a-f]{64}/g) ?? [];
    const [, resource] = /^rows-([0-9a-f-]{36})-/.exec(name) ?? [];
    const isGone =
      hashes.some((hash) => !kept.hashes.has(hash)) || (resource && !kept.resources.has(resource));
    const isOld = async () =>
      ((await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? now) < now - 6 * inUse;
    if (isGone || (hashes.length === 0 && (await isOld()))) await rm(join(folder, name), { force: true });
  }
}
