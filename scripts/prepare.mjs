// Runs on whatever Node (20 or newer) the machine has, before `npm start` and `npm test`; built-ins only.
// Installs what the lock names when the lock changed, and builds when a source changed, so both commands
// work on a fresh clone and are quick the second time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname.replace(/^\/([A-Za-z]:)/, '$1');
process.chdir(root);

function run(command, args) {
  const done = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (done.status !== 0) {
    console.error(`misto: "${command} ${args.join(' ')}" failed; its own message stands above.`);
    process.exit(done.status ?? 1);
  }
}

function fingerprint(paths) {
  const hash = createHash('sha256');
  const walk = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) walk(join(path, name));
    else hash.update(path).update('\0').update(readFileSync(path));
  };
  for (const path of paths) walk(path);
  return hash.digest('hex');
}

function whenChanged(stamp, paths, act) {
  const isDone = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(paths);
  if (isDone()) return;
  alone(() => {
    if (isDone()) return;
    const now = fingerprint(paths);
    act();
    mkdirSync(join(stamp, '..'), { recursive: true });
    writeFileSync(stamp, now);
  });
}

const lock = '.misto-preparing';

/** Two starts at once in one folder must not install or build over each other: the second waits for the first. */
function alone(act) {
  for (let waited = 0; ; waited += 200) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isLeft()) rmSync(lock, { force: true });
    else {
      if (waited === 0) console.log('misto: another start installs or builds here; waiting for it');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  process.on('exit', () => rmSync(lock, { force: true }));
  act();
  rmSync(lock, { force: true });
}

/** Whether the process that took the lock has ended without giving it back. */
function isLeft() {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (!pid) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`misto needs Node 20 or newer to begin (this is ${process.version}); see .nvmrc.`);
  process.exit(1);
}
whenChanged('node_modules/.misto-installed', ['package-lock.json'], () =>
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']),
);
whenChanged('dist/.misto-built', ['package-lock.json', 'vite.config.ts', 'src', 'city', 'migrations'], () =>
  run('npm', ['run', '--silent', 'build']),
);

if (process.argv[2] === 'test') {
  const places = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  const found = () => places.some((place) => place && existsSync(place));
  if (!found() && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    console.log('misto: installing Debian’s Chromium for the browser tests');
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
  if (!found()) {
    console.error(
      'misto: no Chromium found. Install one (Debian: apt-get install chromium) or set CHROMIUM to its path.',
    );
    process.exit(1);
  }
}
