import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string;
  }
}

/** Vitest's global set-up: one server for the whole run, in memory where the machine allows, and one migrated template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(memoryDirectory(), 'misto-test-'));
  const server = await startEmbedded({ dataDirectory: directory, durable: false });
  const admin = new pg.Client({ connectionString: server.urlOf('postgres') });
  await admin.connect();
  await admin.query('create database misto_template');
  await migrate(server.urlOf('misto_template'));
  await admin.query('alter database misto_template with is_template true allow_connections false');
  await admin.end();
  project.provide('databaseUrl', server.urlOf('postgres'));
  return async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
}

function memoryDirectory(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}
