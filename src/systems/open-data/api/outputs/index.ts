import { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { documents } from './documents.ts';
import { feeds } from './feeds.ts';
import { files } from './files.ts';

/** The catalogue for programs that do not speak CKAN: linked data, feeds, the register, a map for search engines. */
export function outputs(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  for (const part of [files, documents, feeds]) app.route('/', part(platform));
  return app;
}
