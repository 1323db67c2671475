import { once } from 'node:events';
import type { Writable } from 'node:stream';
import pg from 'pg';
import { dumpLine } from '#platform/audit/verify.ts';
import { readConfig } from '#platform/config/index.ts';
import { startEmbedded } from '#platform/database/embedded.ts';
import { type Command, positional } from './command.ts';

export const command: Command = {
  usage: '',
  summary: 'writes the audit log to standard output, one JSON entry a line',
  run,
};

async function run(args: readonly string[]): Promise<void> {
  positional(args);
  const config = readConfig();
  const embedded = config.databaseUrl ? null : await startEmbedded({ dataDirectory: config.dataDirectory });
  try {
    await dumpAudit(config.databaseUrl ?? embedded!.url, process.stdout);
  } finally {
    await embedded?.stop();
  }
}

/** Writes every entry of the log at the moment of the call, from the first. */
export async function dumpAudit(url: string, output: Writable): Promise<void> {
  for await (const line of auditLines(url)) if (!output.write(`${line}\n`)) await once(output, 'drain');
}

/** The lines of a dump. */
export async function* auditLines(url: string): AsyncGenerator<string> {
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
      for (const row of rows) yield dumpLine(row.record, row.hash);
      from = rows.at(-1)!.number;
    }
  } finally {
    await client.end();
  }
}
