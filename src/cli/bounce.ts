import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { readBounce, recordBounce } from '#platform/notify/bounce.ts';
import { type Command, positional, withPlatform } from './command.ts';

export const command: Command = {
  usage: 'FILE|-',
  summary:
    'takes in a letter that came back, as the mail server pipes it: the address is not tried again, letters of the law go by post',
  async run(args) {
    const [file] = positional(args, 'FILE');
    const letter = file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8');
    const bounce = readBounce(letter);
    // Whatever else comes to that address (answers, holidays) is no fault of the mail server, which would send it back.
    const known = bounce !== null && (await withPlatform((platform) => recordBounce(platform, bounce)));
    console.log(
      known
        ? `${bounce.message}: ${bounce.action}, ${bounce.status}`
        : 'not about a letter of ours; nothing was done',
    );
  },
};
