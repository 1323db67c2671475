import { readKeyRing } from '#platform/identity/secrets.ts';
import { writeKeyRing } from './add-key.ts';
import { type Command, positional, UsageError } from './command.ts';

export const command: Command = {
  usage: 'FILE KEY',
  summary: 'lets a key of the ring write from now on: the second step of a rotation',
  async run(args) {
    const [file, key] = positional(args, 'FILE', 'KEY');
    const ring = readKeyRing(file);
    if (!ring.keys[key])
      throw new UsageError(
        `${file} holds no key ${key}, but ${Object.keys(ring.keys).join(', ')}; misto add-key makes one`,
      );
    writeKeyRing(file, { ...ring, active: key });
    console.log(`${key} writes. Start every process again with this file, then: misto rotate-keys`);
  },
};
