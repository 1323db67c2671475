import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, ConfigError } from '../config/index.ts';

/** Where an encrypted value lies; it opens nowhere else, so values cannot be moved between rows. */
export interface Place {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/** Keeps personal data unreadable in the database and its copies. */
export interface Secrets {
  /** Id of the key that writes. */
  readonly active: string;
  /** AES-256-GCM under the active key: `key id.base64url`. */
  encrypt(plain: string, place: Place): string;
  /** null: its key is not in the ring, and the value is shown as locked. @throws when it was tampered with or moved. */
  decrypt(stored: string, place: Place): string | null;
  /** HMAC-SHA-256 by which equal values are found without being readable. Normalise before. */
  blind(kind: string, value: string): string;
}

/** The key ring file: which key writes, and 32 bytes in base64 for each. */
export interface KeyRing {
  readonly active: string;
  readonly keys: Readonly<Record<string, string>>;
}

/**
 * A ring with one more key, which reads already and writes once it is made active. It comes last: the first key is the one
 * that blind indexes hang on.
 */
export function withNewKey(ring: KeyRing, id: string): KeyRing {
  return { ...ring, keys: { ...ring.keys, ...newKeyRing(id).keys } };
}

/** @throws ConfigError when the file is no key ring. */
export function readKeyRing(file: string): KeyRing {
  let ring: KeyRing;
  try {
    ring = ringSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new ConfigError(`MISTO_KEYS: ${file} is not a key ring (make one with: misto keys FILE).`);
  }
  // JSON puts names that are numbers before all others: another key would become the first.
  if (Object.keys(ring.keys).length > 1 && Object.keys(ring.keys).some((id) => /^\d+$/.test(id)))
    throw new ConfigError(`MISTO_KEYS: ${file} names a key by a number alone; put a letter before it.`);
  return ring;
}

const ringSchema = z.object({
  active: z.string().regex(/^[\w-]{1,32}$/),
  keys: z.record(z.string().regex(/^[\w-]{1,32}$/), z.base64().length(44)),
});

export function newKeyRing(id = 'k1'): KeyRing {
  return { active: id, keys: { [id]: randomBytes(32).toString('base64') } };
}

const opened = new WeakMap<Config, Secrets>();

/**
 * The secrets of this installation. Demo makes its key ring once, readable to its owner only; tests have one in memory.
 *
 * @throws ConfigError when the file is no key ring.
 */
export function secretsOf(config: Config): Secrets {
  let secrets = opened.get(config);
  if (!secrets) {
    secrets = openSecrets(config.mode === 'test' && !config.keysFile ? newKeyRing() : readRing(config));
    opened.set(config, secrets);
  }
  return secrets;
}

export function openSecrets(ring: KeyRing): Secrets {
  // Key objects: Node 24 takes five times as long over a key that is bytes.
  const keys = new Map(Object.entries(ring.keys).map(([id, key]) => [id, createSecretKey(key, 'base64')]));
  const active = keys.get(ring.active);
  const first = keys.values().next().value;
  if (!active || !first) throw new ConfigError(`MISTO_KEYS: the ring does not hold its active key.`);
  // Blind indexes must stay comparable through rotation, so they hang on the ring's first key, which is never removed.
  const blindKey = createSecretKey(Buffer.from(hkdfSync('sha256', first, '', 'misto blind index', 32)));
  return {
    active: ring.active,
    encrypt(plain, place) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', active, iv).setAAD(associated(place));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${ring.active}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    decrypt(stored, place) {
      const dot = stored.indexOf('.');
      const key = keys.get(stored.slice(0, dot));
      if (!key) return null;
      const bytes = Buffer.from(stored.slice(dot + 1), 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
        .setAAD(associated(place))
        .setAuthTag(bytes.subarray(12, 28));
      return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
    },
    blind(kind, value) {
      return createHmac('sha256', blindKey).update(`${kind}\0${value}`).digest('base64url');
    },
  };
}

function associated(place: Place): Buffer {
  return Buffer.from(`${place.table}|${place.column}|${place.row}`);
}

function readRing(config: Config): KeyRing {
  const file = config.keysFile ?? join(config.dataDirectory, 'keys.json');
  if (!existsSync(file) && config.mode !== 'production') {
    mkdirSync(config.dataDirectory, { recursive: true });
    try {
      // 'wx': of two processes that start at once one makes the ring, the other reads it.
      writeFileSync(file, `${JSON.stringify(newKeyRing('demo'), null, 2)}\n`, { mode: 0o600, flag: 'wx' });
      chmodSync(file, 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  const ring = readKeyRing(file);
  if (config.mode === 'production' && ring.active.startsWith('demo'))
    throw new ConfigError(`MISTO_KEYS: ${file} is the key ring of a demo; make one with: misto keys FILE.`);
  return ring;
}
