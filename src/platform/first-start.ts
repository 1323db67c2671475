import { sql } from 'drizzle-orm';
import { administratorRole } from './access/roles.ts';
import { StartError } from './database/start-error.ts';
import type { Platform } from './system.ts';

/**
 * Keeps made-up people and requests out of a real city.
 *
 * @throws StartError in production mode over a database that a demonstration has filled.
 */
export async function refuseDemo(platform: Platform): Promise<void> {
  if (platform.config.mode !== 'production') return;
  const { rows } = await platform.db.execute<{ demo: boolean }>(
    sql`select exists (select from person where handle like 'demo:%')
          or exists (select from installation where demo_filled_at is not null) as demo`,
  );
  if (rows[0]!.demo)
    throw new StartError(
      'MISTO_MODE: this database holds a demonstration, whose people and requests are made up; production needs one of its own (another MISTO_DATA_DIR or DATABASE_URL)',
    );
}

/**
 * Takes in what the city's files bring, for each system that has nothing of it yet. In a demo its filling does.
 *
 * @throws ConfigError in one line when MISTO_CITY names no city data that can be used.
 */
export async function takeCityIn(platform: Platform): Promise<void> {
  for (const { city } of platform.systems) {
    await city?.check(platform.config);
    if (platform.config.mode === 'production') await city?.load(platform);
  }
}

/** What is missing before a city can work: lines for whoever starts it. */
export async function stillMissing(platform: Platform): Promise<string[]> {
  if (platform.config.mode !== 'production') return [];
  const { rows } = await platform.db.execute<{ administrator: boolean }>(
    sql`select exists (
          select from access_grant g join staff_account a on a.person_id = g.person_id
          where g.role = ${administratorRole} and g.revoked_at is null and a.blocked_at is null
        ) as administrator`,
  );
  const filled = await Promise.all(platform.systems.map(({ city }) => city?.isThere(platform.db) ?? true));
  return [
    ...(filled.every(Boolean)
      ? []
      : ['The city has no data yet: set MISTO_CITY to the folder that holds it and start again.']),
    ...(rows[0]!.administrator
      ? []
      : ['Nobody can sign in as staff yet: npm run misto -- add-administrator LOGIN NAME EMAIL']),
    ...(platform.config.smtpUrl
      ? []
      : ['No letters go out, and nobody can sign in by e-mail: SMTP_URL is not set.']),
  ];
}
