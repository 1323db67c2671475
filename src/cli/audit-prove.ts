import { makeProof } from '#platform/audit/proofs.ts';
import { readConfig } from '#platform/config/index.ts';
import { openDb, openPool } from '#platform/database/pool.ts';
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
  const pool = openPool(url, { max: 1, purpose: 'job' });
  try {
    const proof = await makeProof(openDb(pool), number);
    if (!proof) throw new Error(`no head covers entry ${number} yet: one is signed each night at 00:05`);
    return proof;
  } finally {
    await pool.end();
  }
}
