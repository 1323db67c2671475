import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { serveBrowser } from './browser.ts';

declare module 'vitest' {
  interface ProvidedContext {
    origin: string;
    /** Endpoint of the browser that the files of a run share. */
    browser: string;
  }
}

/** Starts the built demo city in a folder of its own, exactly as `npm start` does, and stops it after the last journey. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const browser = await serveBrowser();
  project.provide('browser', browser.wsEndpoint());
  // A city that runs already, while a journey is being written.
  if (process.env.ORIGIN) {
    project.provide('origin', process.env.ORIGIN);
    return () => browser.close();
  }
  const directory = mkdtempSync(join(tmpdir(), 'misto-e2e-'));
  const city = await startCity(directory);
  project.provide('origin', city.origin);
  return async () => {
    await browser.close();
    await city.stop();
    rmSync(directory, { recursive: true, force: true });
  };
}

/** A server process of its own over the data folder; resolves when its ready line is there. */
export async function startCity(dataDirectory: string, env: Record<string, string> = {}) {
  const started = performance.now();
  const server = spawn('node_modules/.bin/node', ['dist/server/main.js'], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, PORT: '0', MISTO_MODE: 'demo', MISTO_DATA_DIR: dataDirectory, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const origin = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const ready = output.match(/misto ready (http:\S+)/);
      if (ready) resolve(ready[1]!);
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${output}`)));
  });
  return {
    origin,
    process: server,
    readyAfterMs: performance.now() - started,
    /** What it has written so far, to both streams. */
    said: () => output,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
    },
  };
}
