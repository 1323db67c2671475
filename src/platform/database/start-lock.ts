import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, startTime } from './processes.ts';
import { StartError } from './start-error.ts';

/**
 * Lets one process at a time make or start the database of a data directory. The lock is a directory with one file named
 * after its holder (pid and start time); a holder that died is taken over.
 *
 * Each step is atomic and aimed at one holder: a lock appears whole by rename (which fails on a directory that is not
 * empty), and taking over unlinks the dead holder's own file, so two processes that see the same dead holder cannot
 * remove each other's fresh lock.
 */
export async function withStartLock<T>(home: string, act: () => Promise<T>, patience = 120_000): Promise<T> {
  const release = await take(join(home, 'starting'), patience);
  try {
    return await act();
  } finally {
    release();
  }
}

async function take(at: string, patience: number): Promise<() => void> {
  const me = `${process.pid}-${startTime(process.pid).replace(/\W/g, '_')}`;
  const deadline = performance.now() + patience;
  for (;;) {
    const mine = `${at}.${me}.${Math.random().toString(36).slice(2)}`;
    mkdirSync(mine);
    writeFileSync(join(mine, me), '');
    try {
      renameSync(mine, at);
      return () => drop(at, me);
    } catch (error) {
      rmSync(mine, { recursive: true, force: true });
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    }
    const holder = read(at);
    if (holder && !lives(holder)) drop(at, holder);
    else if (performance.now() > deadline)
      throw new StartError(
        `process ${holder?.split('-')[0]} has been starting this database for ${Math.round(patience / 1000)} s: end it, or remove ${at}`,
      );
    else await sleep(10);
  }
}

function read(at: string): string | undefined {
  try {
    return readdirSync(at)[0];
  } catch {
    return undefined;
  }
}

function lives(holder: string): boolean {
  const [pid, started] = holder.split('-');
  return isAlive(Number(pid)) && startTime(Number(pid)).replace(/\W/g, '_') === started;
}

function drop(at: string, holder: string): void {
  try {
    unlinkSync(join(at, holder));
    rmdirSync(at);
  } catch {
    // Someone else was quicker.
  }
}
