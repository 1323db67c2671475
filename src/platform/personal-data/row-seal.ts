import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { Secrets } from '../identity/secrets.ts';

/** The two columns of a sealed row: its own key, wrapped by the ring, and what the key closes. */
export interface RowSeal {
  readonly key: string | null;
  readonly sealed: string | null;
}

const nothing: RowSeal = { key: null, sealed: null };

/**
 * Seals the personal data of one row under a key of the row's own, so that writing needs no look at another table and
 * erasing one person touches nobody else: without the key in the row the rest is noise.
 *
 * @param place the table and the row's id; the seal opens nowhere else.
 * @param fields what is given; null, undefined and '' are left out. Nothing given: both columns are null.
 */
export function sealRow(
  secrets: Secrets,
  place: { readonly table: string; readonly row: string },
  fields: Readonly<Record<string, unknown>>,
): RowSeal {
  const given = Object.entries(fields).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  );
  if (given.length === 0) return nothing;
  const key = randomBytes(32);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), iv).setAAD(associated(place));
  const body = Buffer.concat([
    cipher.update(JSON.stringify(Object.fromEntries(given)), 'utf8'),
    cipher.final(),
  ]);
  return {
    key: secrets.encrypt(key.toString('base64'), { ...place, column: 'key' }),
    sealed: Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url'),
  };
}

/**
 * Opens what `sealRow` closed.
 *
 * @returns the fields; `{}` where nothing was sealed; null when it is locked: the key was destroyed, or is wrapped by one
 *   that the ring does not hold.
 * @throws when it was tampered with or moved from another row.
 */
export function openRow<Fields extends object>(
  secrets: Secrets,
  place: { readonly table: string; readonly row: string },
  row: RowSeal,
): Partial<Fields> | null {
  if (row.sealed === null) return {};
  const wrapped = row.key && secrets.decrypt(row.key, { ...place, column: 'key' });
  if (!wrapped) return null;
  const bytes = Buffer.from(row.sealed, 'base64url');
  const key = createSecretKey(wrapped, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
    .setAAD(associated(place))
    .setAuthTag(bytes.subarray(12, 28));
  const plain = decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
  return JSON.parse(plain) as Partial<Fields>;
}

function associated(place: { table: string; row: string }): Buffer {
  return Buffer.from(`${place.table}|sealed|${place.row}`);
}
