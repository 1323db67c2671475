import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Addresses of what the browser loads, with the hash of their content in the name. */
export interface AssetPaths {
  /** Stylesheets of every page. */
  readonly styles: readonly string[];
  /** The one script, loaded only by pages that have an island; null: not built. */
  readonly islands: string | null;
  /** The script that reloads pages when the sources change; null outside of development. */
  readonly reloading: string | null;
  /** Folder that holds the files served under /assets/; null: nothing is built. */
  readonly folder: string | null;
}

interface ManifestEntry {
  readonly file: string;
  readonly css?: readonly string[];
}

let known: AssetPaths | null = null;

/**
 * Reads the names from the client build's manifest, once. In development the sources are named, which Vite serves; in
 * tests, where nothing may be built, there are none.
 */
export function assetPaths(): AssetPaths {
  known ??= read();
  return known;
}

function read(): AssetPaths {
  if (import.meta.env?.DEV && import.meta.env.MODE !== 'test')
    return {
      styles: ['/src/ui/site.css'],
      islands: '/src/ui/islands.ts',
      reloading: '/@vite/client',
      folder: null,
    };
  const client = [join(import.meta.dirname, '..', 'client'), join(process.cwd(), 'dist', 'client')].find(
    (folder) => existsSync(join(folder, '.vite', 'manifest.json')),
  );
  if (!client) return { styles: [], islands: null, reloading: null, folder: null };
  const manifest = JSON.parse(readFileSync(join(client, '.vite', 'manifest.json'), 'utf8')) as Record<
    string,
    ManifestEntry
  >;
  const site = manifest['src/ui/site.css'];
  const islands = manifest['src/ui/islands.ts'];
  return {
    styles: [...(site ? [site.file] : []), ...(islands?.css ?? [])].map((file) => `/${file}`),
    islands: islands ? `/${islands.file}` : null,
    reloading: null,
    folder: join(client, 'assets'),
  };
}
