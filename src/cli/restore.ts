import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { headsDocument } from '#platform/audit/heads.ts';
import { verifyDump } from '#platform/audit/verify.ts';
import { readConfig } from '#platform/config/index.ts';
import { BackupFault, restore } from '#platform/database/backup.ts';
import { openDb, openPool } from '#platform/database/pool.ts';
import { auditLines } from './audit-dump.ts';
import { type Command, positional } from './command.ts';
import { eraseFrom } from './erase-again.ts';

export const command: Command = {
  usage: 'FILE|- DIRECTORY [CERTIFICATES]',
  summary:
    'puts a backup into an empty data folder, starts it, compares it with what was saved, and does erasures since then again',
  async run(args) {
    const [file, directory] = positional(args.slice(0, 2), 'FILE', 'DIRECTORY');
    const [certificates] = args.length > 2 ? positional(args.slice(2), 'CERTIFICATES') : [];
    const from = file === '-' ? process.stdin : createReadStream(file);
    const dataDirectory = resolve(directory);
    const manifest = await restore(from, dataDirectory, async ({ url }) => {
      await proveAuditChain(url);
      if (!certificates) return;
      const config = readConfig({ ...process.env, MISTO_DATA_DIR: dataDirectory });
      console.log(`${await eraseFrom(certificates, config, url)} erasures done again`);
    });
    if (!certificates)
      console.log(
        'People erased after this backup are in it again: call misto erase-again CERTIFICATES before the city opens.',
      );
    console.log(
      `restored as of ${manifest.madeAt}. Start with MISTO_DATA_DIR=${directory} and MISTO_KEYS naming the key ring of that time.`,
    );
  },
};

/**
 * Walks the whole audit log of a database and compares it with the signed heads in it.
 *
 * @throws BackupFault naming the first entry that is wrong.
 */
export async function proveAuditChain(url: string): Promise<void> {
  const pool = openPool(url, { max: 1, purpose: 'job' });
  try {
    const { rows } = await pool.query(`select to_regclass('audit_head') is not null as present`);
    // A copy taken before the first migration run has no log yet.
    if (!rows[0].present) return;
    const verdict = await verifyDump(auditLines(url), await headsDocument({ db: openDb(pool) }));
    if (!verdict.ok)
      throw new BackupFault(
        `the audit log is wrong at ${verdict.entry === null ? 'a head' : `entry ${verdict.entry}`}: ${verdict.why}`,
      );
  } finally {
    await pool.end();
  }
}
