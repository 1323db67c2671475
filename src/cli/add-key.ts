import { renameSync, writeFileSync } from 'node:fs';
import { systemClock } from '#platform/clock.ts';
import { type KeyRing, readKeyRing, withNewKey } from '#platform/identity/secrets.ts';
import { type Command, positional } from './command.ts';

export const command: Command = {
  usage: 'FILE',
  summary: 'adds a key to the ring that reads but does not write yet: the first step of a rotation',
  async run(args) {
    const [file] = positional(args, 'FILE');
    const ring = readKeyRing(file);
    const name = `k${systemClock.now().toISOString().slice(0, 10).replaceAll('-', '')}`;
    let id = name;
    for (let n = 2; ring.keys[id]; n += 1) id = `${name}-${n}`;
    writeKeyRing(file, withNewKey(ring, id));
    console.log(
      `${id} is in ${file}. Start every process again with this file, then: misto use-key ${file} ${id}`,
    );
  },
};

/** Puts the ring in the place of the one before in one step: a file cut in half would lock everything. */
export function writeKeyRing(file: string, ring: KeyRing): void {
  const draft = `${file}.part`;
  writeFileSync(draft, `${JSON.stringify(ring, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(draft, file);
}
