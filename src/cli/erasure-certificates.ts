import pg from 'pg';
import { readConfig } from '#platform/config/index.ts';
import { type Command, positional, withEmbedded } from './command.ts';

export const command: Command = {
  usage: '',
  summary:
    'writes the certificates of all erasures to standard output, one a line: keep them apart from the backups',
  async run(args) {
    positional(args);
    const { databaseDirectUrl } = readConfig();
    const lines = databaseDirectUrl
      ? await certificates(databaseDirectUrl)
      : await withEmbedded((server) => certificates(server.url));
    for (const line of lines) console.log(line);
  },
};

/** The certificates as JSON lines, the first erasure first. */
export async function certificates(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ line: string }>(
      'select certificate::text as line from erasure where certificate is not null order by done_at, id',
    );
    return rows.map(({ line }) => line);
  } finally {
    await client.end();
  }
}
