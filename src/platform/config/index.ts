import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { isNetwork } from '../http/network.ts';

export type Mode = 'demo' | 'production' | 'test';

/** Everything that can be set from outside, read once at the start. */
export interface Config {
  readonly mode: Mode;
  /** What a demo is filled with: `year` of requests, or only the `city` (seconds instead of tens of them). */
  readonly demo: 'year' | 'city';
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Absolute origin without a trailing slash, as visitors see it; null: taken from the listening address. */
  readonly publicUrl: string | null;
  /** A city that the code brings, or the absolute path of a folder of city data; null in production: none is taken in. */
  readonly city: string | null;
  /** Absolute path of the folder that holds the embedded database, files and demo keys. */
  readonly dataDirectory: string;
  /** PostgreSQL to use instead of the embedded one. */
  readonly databaseUrl: string | null;
  /** A connection that allows LISTEN and advisory locks, when databaseUrl goes through a transaction pooler. */
  readonly databaseDirectUrl: string | null;
  /** A login for pages alone, which cannot become the owner: see src/platform/database/app-login.ts. */
  readonly databaseAppUrl: string | null;
  readonly keysFile: string | null;
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  /** Where letters that cannot be delivered go back to; null: to mailFrom. */
  readonly mailBounces: string | null;
  /** The key that signs letters, and its name in the DNS; null: they are not signed here. */
  readonly dkim: { readonly keyFile: string; readonly selector: string } | null;
  /** Bucket for files instead of the data folder: see readBucket of src/platform/files/s3.ts. */
  readonly filesUrl: string | null;
  /** The antivirus that looks at every file that is brought; null: none. */
  readonly clamdUrl: string | null;
  /** Without its verdict a file is refused, or taken and marked. */
  readonly fileScan: 'require' | 'warn';
  readonly trustedProxies: readonly string[];
  /** `host:port` that links may lead to though they are not of the Internet: the city's own machines, and tests. */
  readonly outsideHosts: readonly string[];
  /** E-mail addresses to which each signed head of the audit log goes. */
  readonly auditWitnesses: readonly string[];
  readonly tileUrl: string | null;
  /** Port of the Prometheus listener; null: none. */
  readonly metricsPort: number | null;
  /** Where it listens: this machine alone unless told. */
  readonly metricsHost: string;
  /** Seconds for which a process that was told to stop goes on answering, so that the balancer in front learns of it. */
  readonly stopNotice: number;
}

/** A setting that cannot be used: the start ends with this one line. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const words = (value: string): string[] => value.split(/[\s,]+/).filter(Boolean);

const port = z.coerce.number().int().min(0).max(65535);

const schema = z.object({
  MISTO_MODE: optional(z.enum(['demo', 'production', 'test'])),
  MISTO_DEMO: optional(z.enum(['year', 'city'])),
  HOST: optional(z.string()),
  PORT: optional(port),
  PUBLIC_URL: optional(z.url({ protocol: /^https?$/ })),
  MISTO_CITY: optional(z.string()),
  MISTO_DATA_DIR: optional(z.string()),
  MISTO_KEYS: optional(z.string()),
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
  DATABASE_DIRECT_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
  DATABASE_APP_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
  SMTP_URL: optional(z.url({ protocol: /^smtps?$/ })),
  MAIL_FROM: optional(z.email()),
  MAIL_BOUNCES: optional(z.email()),
  DKIM_KEY: optional(z.string()),
  DKIM_SELECTOR: optional(z.string().regex(/^[a-z0-9-]{1,63}$/i)),
  FILES_URL: optional(z.string().regex(/^s3:\/\/[^:@/\s]+:[^:@/\s]+@[^/\s]+\/[^/\s]+/)),
  CLAMD_URL: optional(z.string().regex(/^(tcp:\/\/[^/\s]+|unix:\/\S+)$/)),
  FILE_SCAN: optional(z.enum(['require', 'warn'])),
  AUDIT_WITNESSES: optional(
    z
      .string()
      .refine(
        (value) => words(value).every((one) => z.email().safeParse(one).success),
        'e-mail addresses, parted by spaces',
      ),
  ),
  TRUSTED_PROXIES: optional(
    z
      .string()
      .refine(
        (value) => words(value).every(isNetwork),
        'addresses and networks such as 10.0.0.0/8, parted by spaces',
      ),
  ),
  OUTSIDE_HOSTS: optional(
    z
      .string()
      .refine(
        (value) => words(value).every((one) => /^[^\s:/]+:\d{1,5}$/.test(one)),
        'hosts with their ports such as files.city.local:8080, parted by spaces',
      ),
  ),
  TILE_URL: optional(z.string().regex(/^https:\/\/.+\{z\}/)),
  METRICS_PORT: optional(port),
  METRICS_HOST: optional(z.string()),
  STOP_NOTICE: optional(z.coerce.number().min(0).max(60)),
});

const loopback = new Set(['127.0.0.1', 'localhost', '::1']);

/**
 * Reads the settings from the environment.
 *
 * @throws ConfigError naming the variable, what it holds and what would do.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const name = String(issue.path[0]);
    const shown = name.endsWith('_URL') || name === 'MISTO_KEYS' ? 'its value' : `"${env[name]}"`;
    throw new ConfigError(`${name}: ${shown} cannot be used (${issue.message}). Correct it or leave it out.`);
  }
  const set = parsed.data;
  const host = set.HOST ?? '127.0.0.1';
  const databaseUrl = set.DATABASE_URL ?? null;
  const mayBeDemo = databaseUrl === null && loopback.has(host);
  const mode = set.MISTO_MODE ?? (mayBeDemo ? 'demo' : 'production');
  const config: Config = {
    mode,
    demo: set.MISTO_DEMO ?? 'year',
    host,
    port: set.PORT ?? 3000,
    publicUrl: set.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    city: cityOf(set.MISTO_CITY ?? null, mode),
    dataDirectory: resolve(set.MISTO_DATA_DIR ?? 'var'),
    databaseUrl,
    databaseDirectUrl: set.DATABASE_DIRECT_URL ?? databaseUrl,
    databaseAppUrl: set.DATABASE_APP_URL ?? null,
    keysFile: set.MISTO_KEYS ? resolve(set.MISTO_KEYS) : null,
    smtpUrl: set.SMTP_URL ?? null,
    mailFrom: set.MAIL_FROM ?? 'misto@localhost.localdomain',
    mailBounces: set.MAIL_BOUNCES ?? null,
    dkim: set.DKIM_KEY ? { keyFile: resolve(set.DKIM_KEY), selector: set.DKIM_SELECTOR ?? 'misto' } : null,
    filesUrl: set.FILES_URL ?? null,
    clamdUrl: set.CLAMD_URL ?? null,
    fileScan: set.FILE_SCAN ?? (set.CLAMD_URL ? 'require' : 'warn'),
    trustedProxies: words(set.TRUSTED_PROXIES ?? ''),
    outsideHosts: words(set.OUTSIDE_HOSTS ?? ''),
    auditWitnesses: words(set.AUDIT_WITNESSES ?? ''),
    tileUrl: set.TILE_URL ?? null,
    metricsPort: set.METRICS_PORT ?? null,
    metricsHost: set.METRICS_HOST ?? '127.0.0.1',
    stopNotice: set.STOP_NOTICE ?? (mode === 'production' ? 5 : 0),
  };
  if (config.dkim) requireDkimKey(config.dkim.keyFile);
  if (config.databaseAppUrl && !databaseUrl)
    throw new ConfigError(
      'DATABASE_APP_URL: it belongs to DATABASE_URL; the embedded server makes a login for pages by itself. Leave it out.',
    );
  if (config.fileScan === 'require' && !config.clamdUrl)
    throw new ConfigError(
      'FILE_SCAN: require needs an antivirus; set CLAMD_URL, such as tcp://127.0.0.1:3310.',
    );
  if (config.mode === 'production') requireProductionSettings(config);
  return config;
}

function cityOf(set: string | null, mode: Mode): string | null {
  if (set === null) return mode === 'production' ? null : 'dnipro';
  return /[/\\]|^\./.test(set) ? resolve(set) : set;
}

function requireDkimKey(file: string): void {
  try {
    if (createPrivateKey(readFileSync(file)).asymmetricKeyType === 'rsa') return;
  } catch {
    // The same line tells of a file that is not there and of one that is no key.
  }
  throw new ConfigError(
    `DKIM_KEY: ${file} holds no RSA private key as PEM (make one with: openssl genrsa -out FILE 2048).`,
  );
}

function requireProductionSettings(config: Config): void {
  if (!config.publicUrl)
    throw new ConfigError(
      'PUBLIC_URL: needed in production mode; the address people type, such as https://misto.example.',
    );
  if (!config.keysFile)
    throw new ConfigError(
      'MISTO_KEYS: needed in production mode; the path of the key ring (make one with: misto keys FILE).',
    );
  if (!existsSync(config.keysFile))
    throw new ConfigError(
      `MISTO_KEYS: there is no file ${config.keysFile} (make one with: misto keys FILE).`,
    );
}
