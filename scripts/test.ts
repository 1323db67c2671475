// The whole of `npm test`, one step after another, each with its time; `check`, `unit`, `reliability` and `browser` run a part.
import { spawnSync } from 'node:child_process';

const steps: Record<string, readonly [string, string[]][]> = {
  check: [
    ['format and lint', ['biome', 'ci', '.']],
    ['types', ['tsc', '-p', '.']],
    ['boundaries', ['node', 'scripts/boundaries.ts']],
  ],
  unit: [['unit and integration', ['vitest', 'run']]],
  reliability: [['reliability', ['vitest', 'run', '--config', 'test/reliability/vitest.config.ts']]],
  browser: [['browser journeys', ['vitest', 'run', '--config', 'e2e/vitest.config.ts']]],
};
const wanted = process.argv[2] ? [process.argv[2]] : Object.keys(steps);
for (const name of wanted) {
  for (const [title, [command, ...args]] of steps[name] ?? []) {
    const started = performance.now();
    const { status } = spawnSync(`node_modules/.bin/${command}`, args, { stdio: 'inherit' });
    console.log(
      `— ${title}: ${status === 0 ? 'passed' : 'FAILED'} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
    if (status !== 0) process.exit(1);
  }
}
