import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { filesOf } from '#platform/files/index.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { largestUpload } from '../../loading/load-run.ts';
import { Upload } from '../../resource-input.ts';

/** Name of the hidden field that says of a file field: its bytes lie in the store already. */
export const storedField = (field: string) => `_stored_${field}`;

/**
 * A ticket for bytes that one person has brought into the store: with it a form makes them a file, and nobody else's form does.
 *
 * @param content their SHA-256 and number
 */
export function ticketOf(
  platform: Platform,
  person: string | null,
  content: { readonly sha256: string; readonly bytes: number },
  name: string,
): string {
  const called = encodeURIComponent(name.toWellFormed());
  return `${content.sha256}.${content.bytes}.${seal(platform, person, content, called)}.${called}`;
}

function seal(
  platform: Platform,
  person: string | null,
  { sha256, bytes }: { readonly sha256: string; readonly bytes: number },
  name: string,
): string {
  return secretsOf(platform.config).blind('open-data.stored', `${person}\0${sha256}\0${bytes}\0${name}`);
}

/** The file that a form brought in a field, in itself or by a ticket; null: none. */
export async function uploadIn(
  platform: Platform,
  c: Context<MistoEnv>,
  field: string,
): Promise<Upload | null> {
  const form = await c.req.formData();
  const store = filesOf(platform.config);
  const file = form.get(field);
  if (file instanceof File && file.size > 0)
    return new Upload(await store.put(file.stream(), largestUpload), file.name, store, 'form');
  const [sha256 = '', bytes = '', sealed = '', ...rest] = String(form.get(storedField(field)) ?? '').split(
    '.',
  );
  const name = rest.join('.');
  if (!/^[0-9a-f]{64}$/.test(sha256) || !/^\d{1,12}$/.test(bytes)) return null;
  const content = { sha256, bytes: Number(bytes) };
  const [given, right] = [
    Buffer.from(sealed),
    Buffer.from(seal(platform, c.var.visit.actor.id, content, name)),
  ];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  return new Upload(content, decodeURIComponent(name), store, 'form');
}
