import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { MiddlewareHandler } from 'hono';

interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer> | null;
  readonly headers: Record<string, string>;
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};
const compressible = /^(text\/|application\/(json|manifest)|image\/svg)/;

/**
 * Serves what the client build made. Names under `/assets/` carry a hash of their content, so browsers may keep them for
 * ever; the rest is asked for again by ETag. Each file is read and compressed once, when it is first asked for.
 */
export function assets(directory: string = builtClient()): MiddlewareHandler {
  const paths = new Map<string, string>();
  if (existsSync(directory)) {
    for (const entry of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
      const file = join(directory, entry);
      const path = `/${relative(directory, file).split(sep).join('/')}`;
      if (!path.includes('/.') && statSync(file).isFile()) paths.set(path, file);
    }
  }
  const loaded = new Map<string, Asset>();
  return async (c, next) => {
    const file = paths.get(c.req.path);
    if (!file || (c.req.method !== 'GET' && c.req.method !== 'HEAD')) return next();
    let asset = loaded.get(file);
    if (!asset) {
      asset = load(c.req.path, file);
      loaded.set(file, asset);
    }
    const headers = { ...asset.headers };
    if (c.req.header('if-none-match') === headers.etag) return c.body(null, 304, headers);
    if (asset.gzip && (c.req.header('accept-encoding') ?? '').includes('gzip'))
      return c.body(asset.gzip, 200, { ...headers, 'content-encoding': 'gzip' });
    return c.body(asset.body, 200, headers);
  };
}

function load(path: string, file: string): Asset {
  const body = new Uint8Array(readFileSync(file));
  const type = types[extname(file)] ?? 'application/octet-stream';
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return {
    body,
    gzip: compressible.test(type) && body.length > 512 ? new Uint8Array(gzipSync(body, { level: 9 })) : null,
    headers: {
      'content-type': type,
      'cache-control': path.startsWith('/assets/')
        ? 'public, max-age=31536000, immutable'
        : 'public, max-age=3600',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
      etag,
    },
  };
}

/** `dist/client` of the project this file belongs to, from the sources and from the bundle alike. */
export function builtClient(): string {
  let directory = import.meta.dirname;
  while (!existsSync(join(directory, 'package.json')) && dirname(directory) !== directory)
    directory = dirname(directory);
  return join(directory, 'dist', 'client');
}
