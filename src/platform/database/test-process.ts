import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The launcher in a Node process of its own, which can be killed. */
export async function elsewhere(dataDirectory: string, options: { durable: boolean }): Promise<ChildProcess> {
  const launcher = join(import.meta.dirname, 'embedded.ts');
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(launcher)});
    const server = await startEmbedded({ dataDirectory: ${JSON.stringify(dataDirectory)}, durable: ${options.durable} });
    process.once('SIGTERM', async () => { await server.stop(); process.exit(0); });
    console.log('up');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout!.once('data', () => resolve());
    child.once('exit', () => reject(new Error('the process ended before the server was up')));
  });
  return child;
}

/** The number in the pid file. */
export const postmaster = (dataDirectory: string) =>
  Number.parseInt(readFileSync(join(dataDirectory, 'database/data/postmaster.pid'), 'utf8'), 10);

/** Waits for something to become true, and says how long it took, in milliseconds. */
export async function until(condition: () => boolean | Promise<boolean>, limit: number): Promise<number> {
  const began = performance.now();
  while (!(await condition())) {
    if (performance.now() - began > limit) throw new Error(`not within ${limit} ms`);
    await sleep(10);
  }
  return performance.now() - began;
}
