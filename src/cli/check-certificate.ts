import { readFileSync } from 'node:fs';
import type { HeadsDocument } from '#platform/audit/heads.ts';
import { readCertificate } from '#platform/personal-data/certificate.ts';
import { type Command, positional } from './command.ts';

export const command: Command = {
  usage: 'CERTIFICATE HEADS',
  summary:
    'checks a certificate of erasure with the public key in the published audit heads; needs no database',
  async run(args) {
    const [file, headsFile] = positional(args, 'CERTIFICATE', 'HEADS');
    const heads = JSON.parse(readFileSync(headsFile, 'utf8')) as HeadsDocument;
    const certificate = readCertificate(readFileSync(file, 'utf8'), heads.keys);
    if (!certificate)
      throw new Error(`${file} is no certificate of the city of ${headsFile}, or was changed`);
    console.log(`genuine: person ${certificate.person} was erased at ${certificate.erasedAt}`);
  },
};
