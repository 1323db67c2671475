import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What can be learnt about other processes: from /proc where there is one, else from `ps`. */

/** The number is taken: by a running process, or by a zombie that nobody has buried yet. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Runs and is not a zombie. */
export function isAlive(pid: number): boolean {
  return exists(pid) && !(stat(pid)?.state ?? ps(pid, 'state')).startsWith('Z');
}

/** A text that differs between two processes that had the same id; empty when there is no such process. */
export function startTime(pid: number): string {
  return stat(pid)?.started ?? ps(pid, 'lstart');
}

/** Is this process a PostgreSQL that works in the data directory? */
export function worksIn(pid: number, directory: string): boolean {
  if (!isAlive(pid)) return false;
  if (hasProc) return cwd(pid) === directory;
  const command = ps(pid, 'command');
  return command.includes('postgres') && command.includes(directory);
}

/** All processes whose working directory this is: a postmaster and its children stand in their data directory. */
export function processesIn(directory: string): number[] {
  const pids = hasProc
    ? readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    : spawnSync('ps', ['-axo', 'pid='], { encoding: 'utf8' }).stdout.split(/\s+/).filter(Boolean);
  return pids.map(Number).filter((pid) => worksIn(pid, directory));
}

const hasProc = process.platform === 'linux';

function stat(pid: number): { state: string; started: string } | undefined {
  if (!hasProc) return undefined;
  try {
    // The name in brackets may itself hold brackets and spaces: the fields begin after the last one.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return { state: 'Z', started: '' };
  }
}

function cwd(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function ps(pid: number, field: string): string {
  return spawnSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
}
