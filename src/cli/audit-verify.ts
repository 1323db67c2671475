import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { HeadsDocument } from '#platform/audit/heads.ts';
import { verifyDump } from '#platform/audit/verify.ts';

export const summary =
  'audit-verify DUMP HEADS   examine an audit dump against published heads; needs no database';

/** @returns 0 when all is as it was signed, 1 when something is not, 2 when the files cannot be read. */
export async function run(args: readonly string[]): Promise<number> {
  const [dump, headsFile] = args;
  if (!dump || !headsFile) {
    console.error(`usage: misto ${summary}`);
    return 2;
  }
  try {
    const heads = JSON.parse(readFileSync(headsFile, 'utf8')) as HeadsDocument;
    if (heads.format !== 'misto-audit-heads-1')
      throw new Error(`${headsFile} is not a document of audit heads`);
    const lines = createInterface({ input: createReadStream(dump), crlfDelay: Number.POSITIVE_INFINITY });
    const verdict = await verifyDump(lines, heads);
    if (!verdict.ok) {
      console.log(`WRONG ${verdict.entry === null ? 'head' : `entry ${verdict.entry}`}: ${verdict.why}`);
      return 1;
    }
    console.log(`OK ${verdict.entries} entries; heads vouch for the first ${verdict.vouched}`);
    for (const key of heads.keys) console.log(`signed with key ${key.id}: compare it with the one you know`);
    return 0;
  } catch (error) {
    console.error(`misto audit-verify: ${(error as Error).message}`);
    return 2;
  }
}
