import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { systemClock } from '#platform/clock.ts';
import { backup } from '#platform/database/backup.ts';
import { type Command, positional, UsageError, withEmbedded } from './command.ts';

export const command: Command = {
  usage: 'FILE|-',
  summary:
    'copies the database and the stored files, while the city works, into one tar file (-: standard output)',
  async run(args) {
    const [file] = positional(args, 'FILE');
    if (file !== '-' && existsSync(file)) throw new UsageError(`${file} exists already`);
    // Under another name until it is whole: half a backup must not look like one.
    const draft = `${file}.part`;
    const to = file === '-' ? process.stdout : createWriteStream(draft, { mode: 0o600 });
    try {
      const manifest = await withEmbedded((server, dataDirectory) =>
        backup(server, dataDirectory, to, systemClock.now()),
      );
      if (file !== '-') renameSync(draft, file);
      const bytes = manifest.files.reduce((sum, entry) => sum + entry.size, 0);
      console.error(
        `${manifest.files.length} files, ${bytes} bytes. The key ring is not among them: keep a copy of it elsewhere.`,
      );
    } catch (error) {
      if (file !== '-') rmSync(draft, { force: true });
      throw error;
    }
  },
};
