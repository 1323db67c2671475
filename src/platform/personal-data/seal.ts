import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Reader } from '../database/pool.ts';
import { Conflict } from '../errors.ts';
import type { Place, Secrets } from '../identity/secrets.ts';
import type { Work } from '../work.ts';

/**
 * Seals text about a person under the person's own key, made at the first use. For what must not be rewritten later,
 * such as histories: erasing the person destroys the key and leaves the record whole.
 *
 * @throws Conflict when the person was erased.
 */
export async function sealFor(
  work: Work,
  secrets: Secrets,
  personId: string,
  plain: string,
  place: Place,
): Promise<string> {
  const fresh = secrets.encrypt(randomBytes(32).toString('base64'), keyPlace(personId));
  await work.tx.execute(
    sql`insert into person_key (person_id, wrapped) values (${personId}, ${fresh}) on conflict do nothing`,
  );
  const key = await keyOf(work.tx, secrets, personId);
  if (!key) throw new Conflict('person-erased', 'the data of this person was erased');
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(associated(place));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}

/** Opens what was sealed; null when the person's key was destroyed or cannot be unwrapped. @throws when it was tampered with. */
export async function openFor(
  db: Reader,
  secrets: Secrets,
  personId: string,
  sealed: string,
  place: Place,
): Promise<string | null> {
  const key = await keyOf(db, secrets, personId);
  if (!key) return null;
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
    .setAAD(associated(place))
    .setAuthTag(bytes.subarray(12, 28));
  return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
}

/** Destroys the person's key for good; also where none was ever made, so none can be made later. */
export async function destroyKey(work: Work, personId: string): Promise<void> {
  const now = work.clock.now().toISOString();
  await work.tx.execute(
    sql`insert into person_key (person_id, wrapped, destroyed_at) values (${personId}, null, ${now})
        on conflict (person_id) do update set wrapped = null, destroyed_at = coalesce(person_key.destroyed_at, ${now})`,
  );
}

async function keyOf(db: Reader, secrets: Secrets, personId: string): Promise<Buffer | null> {
  const { rows } = await db.execute<{ wrapped: string | null }>(
    sql`select wrapped from person_key where person_id = ${personId}`,
  );
  const wrapped = rows[0]?.wrapped;
  const key = wrapped ? secrets.decrypt(wrapped, keyPlace(personId)) : null;
  return key === null ? null : Buffer.from(key, 'base64');
}

function keyPlace(personId: string): Place {
  return { table: 'person_key', column: 'wrapped', row: personId };
}

function associated(place: Place): Buffer {
  return Buffer.from(`${place.table}|${place.column}|${place.row}`);
}
