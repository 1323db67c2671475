import { once } from 'node:events';
import type { Writable } from 'node:stream';
import pg from 'pg';
import { dumpLine } from '#platform/audit/verify.ts';
import { readConfig } from '#platform/config/index.ts';
import { startEmbedded } from '#platform/database/embedded.ts';

export const summary =
  'audit-dump                write the audit log to standard output, one JSON entry a line';

export async function run(): Promise<number> {
  const config = readConfig();
  const embedded = config.databaseUrl ? null : await startEmbedded({ dataDirectory: config.dataDirectory });
  try {
    await dumpAudit(config.databaseUrl ?? embedded!.url, process.stdout);
    return 0;
  } finally {
    await embedded?.stop();
  }
}

/** Writes every entry of the log at the moment of the call, from the first. */
export async function dumpAudit(url: string, output: Writable): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let from = '0';
    for (;;) {
      const { rows } = await client.query<{ number: string; record: string; hash: string }>(
        'select number, record, hash from audit_log where number > $1 order by number limit 1000',
        [from],
      );
      if (rows.length === 0) return;
      const text = rows.map((row) => `${dumpLine(row.record, row.hash)}\n`).join('');
      if (!output.write(text)) await once(output, 'drain');
      from = rows.at(-1)!.number;
    }
  } finally {
    await client.end();
  }
}
