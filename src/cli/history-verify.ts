import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { HeadsDocument } from '#platform/audit/heads.ts';
import { verifyDump } from '#platform/audit/verify.ts';
import { dayOf, type HistoryDay, verifyHistory } from '#systems/contact-centre/history-days.ts';
import { type Command, positional } from './command.ts';

export const command: Command = {
  usage: 'HISTORY LOG HEADS',
  summary:
    'examines a dump of the histories against a dump of the audit log, and that against published heads',
  async run(args) {
    const [history, log, headsFile] = positional(args, 'HISTORY', 'LOG', 'HEADS');
    const heads = JSON.parse(readFileSync(headsFile, 'utf8')) as HeadsDocument;
    const days: HistoryDay[] = [];
    const verdict = await verifyDump(noting(linesOf(log), days), heads);
    if (!verdict.ok) throw new Error(`the audit log is wrong: ${verdict.why}`);
    // What came after the last signed head nobody vouches for yet.
    const vouched = days.filter(({ number }) => number <= verdict.vouched);
    const found = await verifyHistory(linesOf(history), vouched);
    if (!found.ok) throw new Error(`${found.where} is wrong: ${found.why}`);
    console.log(
      `whole: ${found.entries} entries of ${found.requests} requests; the audit log vouches for ${found.days} days`,
    );
  },
};

const linesOf = (file: string) =>
  createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });

/** Hands on the lines of the audit log, and keeps the days of the histories that they seal. */
async function* noting(lines: AsyncIterable<string>, days: HistoryDay[]): AsyncGenerator<string> {
  for await (const line of lines) {
    const day = dayOf(line);
    if (day) days.push(day);
    yield line;
  }
}
