import pg from 'pg';
import { audit } from '#platform/audit/append.ts';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config/index.ts';
import { openPool } from '#platform/database/pool.ts';
import { secretsOf } from '#platform/identity/secrets.ts';
import { platformSealed, type Resealed, reseal, type SealedColumn } from '#platform/personal-data/reseal.ts';
import { createPlatform } from '#platform/platform.ts';
import { systemActor } from '#platform/work.ts';
import { systems } from '#systems/index.ts';
import { type Command, positional, withEmbedded } from './command.ts';

export const command: Command = {
  usage: '',
  summary:
    'seals personal data under older keys of the ring anew under the active one, while the city works; cut off, it goes on where it was',
  async run(args) {
    positional(args);
    const { databaseDirectUrl } = readConfig();
    const results = databaseDirectUrl
      ? await rotate(databaseDirectUrl)
      : await withEmbedded((server) => rotate(server.url));
    for (const line of report(results)) console.log(line);
    if (results.some(({ left, locked, broken }) => left + locked + broken > 0)) process.exitCode = 1;
  },
};

/** Every column of this installation that the ring sealed. */
export const sealedColumns = (): readonly SealedColumn[] => [
  ...platformSealed,
  ...systems.flatMap((system) => system.sealed ?? []),
];

async function rotate(url: string): Promise<Resealed[]> {
  const config = readConfig();
  const secrets = secretsOf(config);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const pool = openPool(url, { max: 1 });
  try {
    const results = await reseal(client, secrets, sealedColumns());
    const platform = createPlatform({ config, clock: systemClock, pool, systems });
    await platform.work(systemActor('keys'), (work) =>
      audit(work, {
        action: 'platform:rotate-keys',
        resource: `key:${secrets.active}`,
        detail: { moved: sum(results, 'moved'), left: sum(results, 'left'), locked: sum(results, 'locked') },
      }),
    );
    return results;
  } finally {
    await pool.end();
    await client.end();
  }
}

/** What a run has done, for people: a line for each column that had anything, and what to do about the rest. */
export function report(results: readonly Resealed[]): string[] {
  const lines = results
    .filter(({ moved, left, locked, broken }) => moved + left + locked + broken > 0)
    .map((one) => {
      const rest = [
        one.left && `${one.left} were written meanwhile under an older key`,
        one.locked && `${one.locked} are under a key that the ring does not hold`,
        one.broken && `${one.broken} do not open`,
      ].filter(Boolean);
      return `${one.table}.${one.column}: ${one.moved} sealed anew${rest.length ? `; ${rest.join('; ')}` : ''}`;
    });
  if (sum(results, 'left') > 0)
    lines.push('A process still has the ring of before: start it again, then run this once more.');
  if (sum(results, 'left') + sum(results, 'locked') + sum(results, 'broken') === 0)
    lines.push(
      'Nothing is left under an older key. Older keys open backups of before; the first one stays in the ring for ever.',
    );
  return lines;
}

const sum = (results: readonly Resealed[], what: 'moved' | 'left' | 'locked' | 'broken'): number =>
  results.reduce((total, one) => total + one[what], 0);
