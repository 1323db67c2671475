import { readFileSync } from 'node:fs';
import type { HeadsDocument } from '#platform/audit/heads.ts';
import { inclusionFault } from '#platform/audit/inclusion.ts';
import { type Command, positional } from './command.ts';

export const command: Command = {
  usage: 'PROOF HEADS',
  summary: 'examines a proof that an entry stood in the audit log against published heads; needs no database',
  async run(args) {
    const [proof, heads] = positional(args, 'PROOF', 'HEADS');
    const document = JSON.parse(readFileSync(heads, 'utf8')) as HeadsDocument;
    const fault = inclusionFault(readFileSync(proof, 'utf8'), document);
    if (fault) throw new Error(fault);
    console.log('genuine: the entry stood in the log when that head was signed');
  },
};
