import { createReadStream } from 'node:fs';
import { verifyBackup } from '#platform/database/backup.ts';
import { type Command, positional } from './command.ts';

export const command: Command = {
  usage: 'FILE|-',
  summary: 'reads a backup to its end and names the first byte that is wrong',
  async run(args) {
    const [file] = positional(args, 'FILE');
    const manifest = await verifyBackup(file === '-' ? process.stdin : createReadStream(file));
    console.log(
      `whole: made ${manifest.madeAt} on PostgreSQL ${manifest.postgres}, ${manifest.files.length} files`,
    );
  },
};
