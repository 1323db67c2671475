import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { HeadsDocument } from '#platform/audit/heads.ts';
import { verifyDump } from '#platform/audit/verify.ts';
import { type Command, positional } from './command.ts';

export const command: Command = {
  usage: 'DUMP HEADS',
  summary:
    'examines a dump of the audit log against published heads, and names the first entry that is wrong',
  async run(args) {
    const [dump, headsFile] = positional(args, 'DUMP', 'HEADS');
    const heads = JSON.parse(readFileSync(headsFile, 'utf8')) as HeadsDocument;
    if (heads.format !== 'misto-audit-heads-1')
      throw new Error(`${headsFile} is not a document of audit heads`);
    const lines = createInterface({ input: createReadStream(dump), crlfDelay: Number.POSITIVE_INFINITY });
    const verdict = await verifyDump(lines, heads);
    if (!verdict.ok)
      throw new Error(
        `${verdict.entry === null ? 'a head' : `entry ${verdict.entry}`} is wrong: ${verdict.why}`,
      );
    console.log(`whole: ${verdict.entries} entries; heads vouch for the first ${verdict.vouched}`);
    for (const key of heads.keys) console.log(`signed with key ${key.id}: compare it with the one you know`);
  },
};
