import { once } from 'node:events';
import type { Writable } from 'node:stream';
import pg from 'pg';
import { readConfig } from '#platform/config/index.ts';
import { startEmbedded } from '#platform/database/embedded.ts';
import type { HistoryLine } from '#systems/contact-centre/history-days.ts';
import { type Command, positional } from './command.ts';

export const command: Command = {
  usage: '',
  summary: 'writes the histories of all requests to standard output, one JSON entry a line',
  async run(args) {
    positional(args);
    const config = readConfig();
    const embedded = config.databaseUrl ? null : await startEmbedded({ dataDirectory: config.dataDirectory });
    try {
      await dumpHistory(config.databaseUrl ?? embedded!.url, process.stdout);
    } finally {
      await embedded?.stop();
    }
  },
};

/** Writes every entry of every history, by time, request and place: facts and masked words, nothing personal. */
export async function dumpHistory(url: string, output: Writable): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let after: readonly [string, string, number] = ['-infinity', '', 0];
    for (;;) {
      const { rows } = await client.query<Row>(
        `select request, seq, at, at::text as key, move, from_state, to_state, actor, data, public_note, prev, hash from cc_history
          where (at, request, seq) > ($1::timestamptz, $2::text, $3::int) order by at, request, seq limit 1000`,
        [...after],
      );
      const last = rows.at(-1);
      if (!last) return;
      for (const row of rows)
        if (!output.write(`${JSON.stringify(lineOf(row))}\n`)) await once(output, 'drain');
      after = [last.key, last.request, last.seq];
    }
  } finally {
    await client.end();
  }
}

interface Row {
  request: string;
  seq: number;
  at: Date;
  key: string;
  move: HistoryLine['move'];
  from_state: HistoryLine['from'];
  to_state: HistoryLine['to'];
  actor: HistoryLine['actor'];
  data: HistoryLine['data'];
  public_note: string | null;
  prev: string | null;
  hash: string;
}

const lineOf = (row: Row): HistoryLine => ({
  request: row.request,
  seq: row.seq,
  at: row.at.toISOString(),
  move: row.move,
  from: row.from_state,
  to: row.to_state,
  actor: row.actor,
  data: row.data,
  note: row.public_note,
  prev: row.prev,
  hash: row.hash,
});
