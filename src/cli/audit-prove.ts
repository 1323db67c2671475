import pg from 'pg';
import { proveInclusion } from '#platform/audit/inclusion.ts';
import { readConfig } from '#platform/config/index.ts';
import { type Command, positional, UsageError, withEmbedded } from './command.ts';

export const command: Command = {
  usage: 'NUMBER',
  summary: 'writes a proof that an entry of the audit log stands under the first signed head that covers it',
  async run(args) {
    const [number] = positional(args, 'NUMBER');
    if (!/^[1-9]\d{0,14}$/.test(number)) throw new UsageError('NUMBER is the number of an entry');
    const { databaseDirectUrl } = readConfig();
    const proof = databaseDirectUrl
      ? await prove(databaseDirectUrl, Number(number))
      : await withEmbedded((server) => prove(server.url, Number(number)));
    console.log(proof);
  },
};

/** The proof as JSON. @throws Error when there is no such entry, or no head covers it yet. */
export async function prove(url: string, number: number): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: heads } = await client.query<{ size: string }>(
      'select size from audit_head where size >= $1 order by size limit 1',
      [number],
    );
    if (!heads[0]) throw new Error(`no head covers entry ${number} yet: one is signed each night at 00:05`);
    const { rows } = await client.query<{ record: string | null; hash: string }>(
      `select case when number = $2 then record end as record, hash from audit_log where number <= $1 order by number`,
      [heads[0].size, number],
    );
    const leaves = rows.map(({ hash }) => hash);
    return JSON.stringify(proveInclusion(number, rows[number - 1]!.record!, leaves));
  } finally {
    await client.end();
  }
}
