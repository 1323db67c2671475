import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { restore } from '#platform/database/backup.ts';
import { type Command, positional } from './command.ts';

export const command: Command = {
  usage: 'FILE|- DIRECTORY',
  summary: 'puts a backup into an empty data folder, starts it and compares it with what was saved',
  async run(args) {
    const [file, directory] = positional(args, 'FILE', 'DIRECTORY');
    const manifest = await restore(file === '-' ? process.stdin : createReadStream(file), resolve(directory));
    console.log(
      `restored as of ${manifest.madeAt}. Start with MISTO_DATA_DIR=${directory} and MISTO_KEYS naming the key ring of that time.`,
    );
  },
};
