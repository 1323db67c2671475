import { sql } from 'drizzle-orm';
import type { Platform } from '../system.ts';
import { goOn } from './delivery.ts';

/** What a mail server says later of a letter that it has taken (RFC 3464). */
export interface Bounce {
  /** Id of the message, from the letter's Message-ID. */
  readonly message: string;
  /** `failed` for good; `delayed` is no news for anybody; `delivered` as far as that server knows. */
  readonly action: 'failed' | 'delayed' | 'delivered';
  /** Such as `5.1.1`: a code, without the words, which name the address. */
  readonly status: string;
}

/**
 * Reads a delivery status notification.
 *
 * @param letter the whole letter as the mail server hands it on.
 * @returns null when it is another letter, or speaks of none of ours.
 */
export function readBounce(letter: string): Bounce | null {
  const parts = partsOf(letter.replaceAll('\r\n', '\n'));
  const report = parts.find(({ type }) => type === 'message/delivery-status');
  const original = parts.find(({ type }) => type === 'message/rfc822' || type === 'text/rfc822-headers');
  if (!report || !original) return null;
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(report.body)?.[1]?.trim();
  const action = /^(failed|delayed|delivered|relayed|expanded)\b/i
    .exec(field('Action') ?? '')?.[1]
    ?.toLowerCase();
  const status = /^([245]\.\d{1,3}\.\d{1,3})\b/.exec(field('Status') ?? '')?.[1];
  const message = /^Message-ID:\s*<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@/im.exec(original.body)?.[1];
  if (!action || !status || !message) return null;
  if (action === 'failed' || action === 'delayed') return { message, action, status };
  // Handed on to where nobody reports, it has gone as far as can be known.
  return { message, action: 'delivered', status };
}

/**
 * Writes down what the mail server says: a letter that came back goes the next way, one of the law with none left by post.
 *
 * @param channels names of the channels of this installation, in their order.
 * @returns false when no letter of ours that was sent is meant.
 */
export async function recordBounce(
  platform: Platform,
  bounce: Bounce,
  channels: readonly string[] = ['email'],
): Promise<boolean> {
  if (bounce.action === 'delayed') return true;
  const at = platform.clock.now().toISOString();
  return platform.db.transaction(async (tx) => {
    const isBack = bounce.action === 'failed';
    const { rows } = await tx.execute<{ delivery: string; weight: string; reachable: boolean }>(
      sql`select d.id as delivery, m.weight, (m.person_id is not null or m.postal is not null) as reachable
          from delivery d join message m on m.id = d.message_id
          where m.id = ${bounce.message} and d.channel = 'email' and d.state in ('sent', 'uncertain') for update of d`,
    );
    const [row] = rows;
    if (!row) return false;
    await tx.execute(
      sql`update delivery set state = ${isBack ? 'failed' : 'sent'} where id = ${row.delivery}`,
    );
    await tx.execute(
      sql`insert into delivery_attempt (delivery_id, at, outcome, detail)
          values (${row.delivery}, ${at}, ${isBack ? 'refused' : 'delivered'}, ${`dsn ${bounce.status}`})`,
    );
    if (isBack && row.reachable)
      await goOn(tx, {
        message: bounce.message,
        after: 'email',
        isLegal: row.weight === 'legal',
        channels,
        at,
      });
    return true;
  });
}

interface Part {
  readonly type: string;
  readonly body: string;
}

/** The parts of a multipart letter; of another the letter alone. */
function partsOf(letter: string): Part[] {
  const { type, boundary, body } = split(letter);
  if (!type.startsWith('multipart/') || !boundary) return [{ type, body }];
  return body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => split(part.replace(/^\n/, '')));
}

function split(text: string): Part & { boundary: string | null } {
  const end = text.indexOf('\n\n');
  const head = (end < 0 ? text : text.slice(0, end)).replaceAll(/\n[ \t]+/g, ' ');
  const value = /^Content-Type:\s*(.*)$/im.exec(head)?.[1] ?? 'text/plain';
  return {
    type: value.split(';')[0]!.trim().toLowerCase(),
    boundary: /boundary="?([^";]+)"?/i.exec(value)?.[1] ?? null,
    body: end < 0 ? '' : text.slice(end + 2),
  };
}
