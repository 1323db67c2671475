import { readFileSync } from 'node:fs';
import type { HeadsDocument } from '#platform/audit/heads.ts';
import { inclusionFault, letterFault } from '#platform/audit/inclusion.ts';
import { type Command, positional } from './command.ts';

export const command: Command = {
  usage: 'PROOF HEADS [LETTER]',
  summary:
    'examines a proof that an entry stood in the audit log against published heads, and a letter against its entry; needs no database',
  async run(args) {
    const [proof, heads] = positional(args.slice(0, 2), 'PROOF', 'HEADS');
    const [letter] = args.length > 2 ? positional(args.slice(2), 'LETTER') : [];
    const document = JSON.parse(readFileSync(heads, 'utf8')) as HeadsDocument;
    const text = readFileSync(proof, 'utf8');
    const fault =
      inclusionFault(text, document) ?? (letter ? letterFault(text, readFileSync(letter, 'utf8')) : null);
    if (fault) throw new Error(fault);
    console.log('genuine: the entry stood in the log when that head was signed');
    if (letter) console.log('genuine: these are the words that the entry was written for');
  },
};
