import { accessSync, constants, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { type EmbeddedServer, startEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { isAlive } from './processes.ts';

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string;
  }
}

/** Vitest's global set-up: one server for the whole run, in memory where the machine allows, and one migrated template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  removeLeftovers();
  const directory = mkdtempSync(join(memoryDirectory(), `misto-test-${process.pid}-`));
  const server = await startEmbedded({ dataDirectory: directory, durable: false });
  const stop = async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await run(server, 'create database misto_template');
    await migrate(server.urlOf('misto_template'));
    await run(server, 'alter database misto_template with is_template true allow_connections false');
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('databaseUrl', server.urlOf('postgres'));
  return stop;
}

async function run(server: EmbeddedServer, statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: server.urlOf('postgres') });
  await admin.connect();
  await admin.query(statement);
  await admin.end();
}

/** A run that was killed could not remove its folder. */
function removeLeftovers(): void {
  for (const name of readdirSync(memoryDirectory())) {
    const pid = /^misto-test-(\d+)-/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(memoryDirectory(), name), { recursive: true, force: true });
  }
}

/** In memory where the machine allows: a test database there is made ten times as fast. */
export function memoryDirectory(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}
