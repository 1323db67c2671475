// Keeps: `npm run dev` serves the demo city from its sources, and takes a change of them up without a new start.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { freshCity, until } from './city.ts';

const root = join(import.meta.dirname, '../..');
const { dataDirectory } = freshCity();
const dev = spawn('node_modules/.bin/vite', [], {
  cwd: root,
  env: { ...process.env, PORT: '0', MISTO_MODE: 'demo', MISTO_DEMO: 'city', MISTO_DATA_DIR: dataDirectory },
  stdio: ['ignore', 'pipe', 'pipe'],
});
let said = '';
for (const stream of [dev.stdout, dev.stderr])
  stream.on('data', (chunk: Buffer) => {
    said += chunk;
  });
afterAll(async () => {
  dev.kill('SIGTERM');
  if (dev.exitCode === null) await once(dev, 'exit');
});

it('the city is served from its sources, with styles and scripts, and follows a change of them', async () => {
  // The words may be coloured.
  const address = () => /http:\/\/127\.0\.0\.1:.*?(\d{4,5})/.exec(said)?.[1];
  await until(async () => address() !== undefined, 30_000);
  const origin = `http://127.0.0.1:${address()}`;
  const read = async (path: string) => {
    const answer = await fetch(origin + path, { headers: { accept: 'text/html' } });
    return { status: answer.status, text: await answer.text() };
  };
  const home = await read('/');
  expect(home.status, home.text.slice(0, 2_000) + said).toBe(200);
  expect(home.text).toContain('Місто поруч');
  expect(home.text).toContain('· Дніпро</title>');
  expect(home.text).toContain('src="/@vite/client"');
  const style = /<link rel="stylesheet" href="([^"]+)"/.exec(home.text)![1]!;
  const css = await fetch(origin + style, { headers: { accept: 'text/css' } });
  expect(css.headers.get('content-type')).toContain('text/css');
  expect((await read('/src/ui/islands.ts')).text).toContain('data-island');
  expect((await read('/icon.svg')).text).toContain('<svg');
  expect((await read('/contact-centre/report')).status).toBe(200);

  // Touched, not changed: the sources belong to whoever runs the test.
  utimesSync(join(root, 'src/platform/home/text.ts'), new Date(), new Date());
  await until(async () => said.includes('home/text.ts'), 20_000);
  expect((await read('/')).status).toBe(200);
}, 120_000);
