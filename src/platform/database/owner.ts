import { spawnSync } from 'node:child_process';
import { chownSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { StartError } from './start-error.ts';

/** As whom PostgreSQL runs: it refuses to run as root. */
export interface Runner {
  /** Options for spawn. */
  readonly identity: { readonly uid?: number; readonly gid?: number };
  /** Words that stand before the program's own. */
  readonly prefix: readonly string[];
  /** The owner that files need, as seen from here; none: ours. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/**
 * Chooses the account for PostgreSQL: ours, or for root that of `postgres` or `nobody`. Where that account cannot get
 * through to the program or the data (a project under a 0700 directory), a user namespace in which root itself bears
 * another number.
 *
 * @throws StartError naming the directory in the way.
 */
export function chooseRunner(binaries: Binaries, home: string): Runner {
  if (process.getuid?.() !== 0) return { identity: {}, prefix: [] };
  const account = findAccount(readFileSync('/etc/passwd', 'utf8'));
  if (!account)
    throw new StartError(
      'PostgreSQL does not run as root, and /etc/passwd has neither postgres nor nobody: run as another user, or set DATABASE_URL',
    );
  const blocked = barrier(binaries.postgres, account) ?? barrier(home, account);
  if (!blocked) return { identity: account, prefix: [], owner: account };
  const prefix = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];
  const tried = spawnSync(prefix[0]!, [...prefix.slice(1), binaries.postgres, '-V'], { encoding: 'utf8' });
  if (tried.status === 0) return { identity: {}, prefix, owner: { uid: 0, gid: 0 } };
  throw new StartError(
    `PostgreSQL does not run as root, and the account it would run as may not enter ${blocked}: open it (chmod o+x ${blocked}), move the project elsewhere, run as another user, or set DATABASE_URL`,
  );
}

/** The first of `postgres` and `nobody` in a passwd file. */
export function findAccount(passwd: string): { uid: number; gid: number } | undefined {
  for (const name of ['postgres', 'nobody']) {
    const fields = passwd
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':');
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  return undefined;
}

/** The first directory on the way to the path that the account may not enter. */
export function barrier(path: string, account: { uid: number; gid: number }): string | undefined {
  const parent = dirname(path);
  const above = parent === path ? undefined : barrier(parent, account);
  if (above) return above;
  const { mode, uid, gid } = statSync(path);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  return mode & bit ? undefined : path;
}

/** Gives a whole tree of ours to the account, when it belongs to another: the project moved, or another way to run was chosen. */
export function giveTo(root: string, { owner }: Runner): void {
  if (!owner) return;
  const entry = lstatSync(root);
  if (entry.uid === owner.uid && entry.gid === owner.gid) return;
  chownTree(root, owner);
}

function chownTree(at: string, owner: { uid: number; gid: number }): void {
  const entry = lstatSync(at);
  if (entry.isSymbolicLink()) return;
  if (entry.isDirectory()) for (const name of readdirSync(at)) chownTree(join(at, name), owner);
  // The root of the tree last: its owner is the mark of a finished change.
  chownSync(at, owner.uid, owner.gid);
}
