import { chmodSync, writeFileSync } from 'node:fs';
import { systemClock } from '#platform/clock.ts';
import { newKeyRing } from '#platform/identity/secrets.ts';
import { type Command, positional, UsageError } from './command.ts';

export const command: Command = {
  usage: 'FILE',
  summary: 'makes a key ring for production (MISTO_KEYS), readable to its owner only',
  async run(args) {
    const [file] = positional(args, 'FILE');
    const ring = newKeyRing(`k${systemClock.now().toISOString().slice(0, 10).replaceAll('-', '')}`);
    try {
      writeFileSync(file, `${JSON.stringify(ring, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // An overwritten ring would lock what was encrypted with it for ever.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new UsageError(`${file} exists already`);
      throw error;
    }
    chmodSync(file, 0o600);
    console.log(
      `${file}: keep a copy away from this machine and from the backups; without it personal data stays locked.`,
    );
  },
};
