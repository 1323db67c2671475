import { createPublicKey, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { canonical, type Json } from '../audit/canonical.ts';
import type { SigningKey } from '../audit/heads.ts';

const text = z.object({ uk: z.string(), en: z.string() });

/** The city's word that a person was erased. It names nobody: only ids, posts and kinds of data. */
const certificateSchema = z.strictObject({
  format: z.literal('misto-erasure-1'),
  erasure: z.uuid(),
  /** Id of the person, and so of the destroyed key: by it the erasure is done again in an old backup. */
  person: z.uuid(),
  askedAt: z.iso.datetime(),
  preparedAt: z.iso.datetime(),
  preparedBy: z.string(),
  approvedBy: z.string(),
  erasedAt: z.iso.datetime(),
  gone: z.array(text).readonly(),
  kept: z.array(text).readonly(),
  keyId: z.string(),
  /** Ed25519 over the canonical JSON (RFC 8785) of all other fields, base64url. */
  signature: z.string(),
});
export type Certificate = z.infer<typeof certificateSchema>;

/** Signs with the key that signs the heads of the audit log: one public key of the city for both. */
export function signCertificate(
  key: SigningKey,
  facts: Omit<Certificate, 'keyId' | 'signature'>,
): Certificate {
  const signed = { ...facts, keyId: key.id };
  return {
    ...signed,
    signature: sign(null, Buffer.from(canonical(signed as unknown as Json)), key.privateKey).toString(
      'base64url',
    ),
  };
}

/** Reads a certificate and checks it with the public keys of a city; null: not ours, or not as it was signed. */
export function readCertificate(
  text: string,
  keys: readonly { readonly id: string; readonly publicKey: string }[],
): Certificate | null {
  const certificate = parsed(text);
  const key = keys.find(({ id }) => id === certificate?.keyId);
  if (!certificate || !key) return null;
  const { signature, ...signed } = certificate;
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.publicKey }, format: 'jwk' });
  const whole = Buffer.from(canonical(signed as unknown as Json));
  return verify(null, whole, publicKey, Buffer.from(signature, 'base64url')) ? certificate : null;
}

function parsed(text: string): Certificate | null {
  try {
    return certificateSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
