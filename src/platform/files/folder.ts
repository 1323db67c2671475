import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BrokenContent, type FileStore, largestFile, MissingContent, tooLarge } from './store.ts';

const aDay = 86_400_000;
const named = /^[0-9a-f]{64}$/;

/**
 * A file store in a folder: `ab/ab12…` below it, `incoming/` for what is being written. A file appears under its name by
 * one rename, after its bytes and before its folder have been forced to the disk.
 */
export function folderStore(folder: string): FileStore {
  const incoming = join(folder, 'incoming');
  const shardOf = (sha256: string) => join(folder, sha256.slice(0, 2));
  const pathOf = (sha256: string) => {
    if (!named.test(sha256)) throw new MissingContent('anything by that name');
    return join(shardOf(sha256), sha256);
  };
  const opened = (sha256: string) =>
    open(pathOf(sha256)).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new MissingContent(sha256) : error;
    });

  return {
    async put(content, limit = largestFile) {
      await mkdir(incoming, { recursive: true, mode: 0o700 });
      const draft = join(incoming, randomUUID());
      try {
        const stored = await write(draft, content, limit);
        const shard = shardOf(stored.sha256);
        if (await mkdir(shard, { recursive: true, mode: 0o700 })) await force(folder);
        // Over what is there as well: the same bytes, or bytes that a bad disk has changed.
        await rename(draft, pathOf(stored.sha256));
        await force(shard);
        return stored;
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    has: (sha256) =>
      access(pathOf(sha256)).then(
        () => true,
        () => false,
      ),
    async open(sha256) {
      const handle = await opened(sha256);
      return proved(sha256, handle.createReadStream({ highWaterMark: 256 * 1024 }));
    },
    async openPart(sha256, from, to) {
      const handle = await opened(sha256);
      return handle.createReadStream({ start: from, end: to, highWaterMark: 256 * 1024 });
    },
    async remove(sha256) {
      await rm(pathOf(sha256), { force: true });
    },
    async *storedBefore(instant) {
      for (const shard of await namesIn(folder))
        if (/^[0-9a-f]{2}$/.test(shard))
          for (const name of await namesIn(join(folder, shard)))
            if (named.test(name) && (await timeOf(join(folder, shard, name))) < instant.getTime()) yield name;
    },
    async tidy(now) {
      for (const name of await namesIn(incoming))
        if ((await timeOf(join(incoming, name))) < now.getTime() - aDay)
          await rm(join(incoming, name), { force: true });
    },
  };
}

async function write(path: string, content: AsyncIterable<Uint8Array> | Uint8Array, limit: number) {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const piece of content instanceof Uint8Array ? [content] : content) {
      bytes += piece.length;
      if (bytes > limit) throw tooLarge(limit);
      hash.update(piece);
      await handle.writeFile(piece);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** Passes pieces on, but keeps the last one back until the whole has the hash it is asked by. */
export async function* proved(
  sha256: string,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256');
  let held: Uint8Array | null = null;
  for await (const piece of pieces) {
    hash.update(piece);
    if (held) yield held;
    held = piece;
  }
  if (hash.digest('hex') !== sha256) throw new BrokenContent(sha256);
  if (held) yield held;
}

/** Forces the names in a folder to the disk. Windows cannot, and does not need it. */
async function force(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const namesIn = (folder: string) => readdir(folder).catch((): string[] => []);
/** Gone meanwhile: as if it were new. */
const timeOf = (path: string) =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
