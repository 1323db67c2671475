import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { Hono } from 'hono';
import type { Secrets } from '../identity/secrets.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { canonical } from './canonical.ts';

/** The city's word for the state of its log at one moment: who keeps it can prove any later change. */
export interface Head {
  readonly size: number;
  /** Merkle root over entries 1…size, hexadecimal. */
  readonly root: string;
  readonly lastHash: string;
  readonly at: string;
  readonly keyId: string;
  /** Ed25519 over the canonical JSON of the fields above, base64url. */
  readonly signature: string;
}

/** The published document. */
export interface HeadsDocument {
  readonly format: 'misto-audit-heads-1';
  readonly keys: readonly {
    readonly id: string;
    readonly algorithm: 'Ed25519';
    readonly publicKey: string;
  }[];
  readonly heads: readonly Head[];
}

export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  /** Raw 32 bytes, base64url. */
  readonly publicKey: string;
}

const pkcs8Start = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key that signs heads, derived from the installation's ring: nothing more to keep safe. */
export function signingKeyOf(secrets: Secrets): SigningKey {
  const seed = Buffer.from(secrets.blind('audit-heads', 'Ed25519 seed'), 'base64url');
  const privateKey = createPrivateKey({
    key: Buffer.concat([pkcs8Start, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey).export({ format: 'jwk' }).x!;
  return { id: keyIdOf(publicKey), privateKey, publicKey };
}

function keyIdOf(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex').slice(0, 16);
}

export function signHead(key: SigningKey, head: Omit<Head, 'keyId' | 'signature'>): Head {
  const signed = { ...head, keyId: key.id };
  return {
    ...signed,
    signature: sign(null, Buffer.from(canonical(signed)), key.privateKey).toString('base64url'),
  };
}

/** Whether the head was signed by the key of the document that it names. */
export function headIsGenuine(head: Head, keys: HeadsDocument['keys']): boolean {
  const { signature, ...signed } = head;
  const key = keys.find((one) => one.id === head.keyId);
  if (!key || keyIdOf(key.publicKey) !== key.id) return false;
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: key.publicKey },
    format: 'jwk',
  });
  return verify(null, Buffer.from(canonical(signed)), publicKey, Buffer.from(signature, 'base64url'));
}

/** All heads from the first on, with the keys that signed them. */
export async function headsDocument(platform: Pick<Platform, 'db'>): Promise<HeadsDocument> {
  const { rows } = await platform.db.execute<{ head: Head; public_key: string }>(
    sql`select head, public_key from audit_head order by size`,
  );
  const keys = new Map(rows.map((row) => [row.head.keyId, row.public_key]));
  return {
    format: 'misto-audit-heads-1',
    keys: [...keys].map(([id, publicKey]) => ({ id, algorithm: 'Ed25519', publicKey })),
    heads: rows.map((row) => row.head),
  };
}

/** Serves `/.well-known/misto/audit-heads.json`; mounted at `/`. */
export function auditHeadsRoute(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  app.get('/.well-known/misto/audit-heads.json', async (c) =>
    c.json(await headsDocument(platform), 200, {
      'Cache-Control': 'public, max-age=300',
      'Access-Control-Allow-Origin': '*',
    }),
  );
  return app;
}
