import { readFileSync } from 'node:fs';
import { signingKeyOf } from '#platform/audit/heads.ts';
import { systemClock } from '#platform/clock.ts';
import { type Config, readConfig } from '#platform/config/index.ts';
import { migrate } from '#platform/database/migrate.ts';
import { openPool } from '#platform/database/pool.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import { readCertificate } from '#platform/personal-data/certificate.ts';
import { eraseAgain } from '#platform/personal-data/erase-again.ts';
import { createPlatform } from '#platform/platform.ts';
import { systems } from '#systems/index.ts';
import { type Command, positional, withEmbedded } from './command.ts';

export const command: Command = {
  usage: 'CERTIFICATES',
  summary:
    'after an old backup was restored, does the erasures of these certificates again; what is done already stays as it is',
  async run(args) {
    const [file] = positional(args, 'CERTIFICATES');
    const config = readConfig();
    const done = config.databaseDirectUrl
      ? await eraseFrom(file, config, config.databaseDirectUrl)
      : await withEmbedded((server) => eraseFrom(file, config, server.url));
    console.log(`${done} erasures done again`);
  },
};

/**
 * Reads certificates, one JSON document a line, and does each erasure again.
 *
 * @throws Error naming the line that is no certificate of this key ring: nothing is erased then.
 */
export async function eraseFrom(file: string, config: Config, url: string): Promise<number> {
  const keys = [signingKeyOf(secretsOf(config))];
  const certificates = readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, at) => {
      if (!line.trim()) return [];
      const certificate = readCertificate(line, keys);
      if (!certificate) throw new Error(`${file}, line ${at + 1}: no certificate of this city's key ring`);
      return [certificate];
    });
  await migrate(url);
  const pool = openPool(url, { max: 1, purpose: 'job' });
  try {
    return await eraseAgain(createPlatform({ config, clock: systemClock, pool, systems }), certificates);
  } finally {
    await pool.end();
  }
}
