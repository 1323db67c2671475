import { readConfig } from '#platform/config/index.ts';
import { migrate } from '#platform/database/migrate.ts';
import { type Command, positional, withEmbedded } from './command.ts';

export const command: Command = {
  usage: '',
  summary: 'brings the database to this version (the server does it too, when it starts)',
  async run(args) {
    positional(args);
    const { databaseDirectUrl } = readConfig();
    const applied = databaseDirectUrl
      ? await migrate(databaseDirectUrl)
      : await withEmbedded((server) => migrate(server.url));
    console.log(applied.length > 0 ? applied.join('\n') : 'nothing to do');
  },
};
