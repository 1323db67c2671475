import { randomInt } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { JobDefinition, Platform } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import { mask } from '../publication.ts';
import type { Acts, PushedWords } from './acts.ts';
import type { UpdateStatus } from './statuses.ts';
import { updateStatuses } from './statuses.ts';

const lifetime = 24 * 3_600_000;

/**
 * Posts to the test endpoint: kept apart from the city, seen there only, gone after a day. Nobody works with them, so of
 * words only the masked form is kept, which is what everybody may see.
 */
export const sandboxActs: Acts = {
  async register(work, report) {
    const now = work.clock.now().toISOString();
    const number = sandboxNumber(work.clock.now());
    const answers = report.answers.map(({ code, values }) => ({ code, values: values.map(mask) }));
    await work.tx.execute(sql`
      insert into open311_sandbox_request (number, key, intake_key, service_code, description, answers, address,
        address_id, zipcode, lat, lon, media_url, requested_at, updated_at)
      select ${number}, ${report.client}, ${report.intakeKey}, ${report.category}, ${masked(report.text)},
        ${JSON.stringify(answers)}::jsonb, coalesce(${masked(report.address)}, b.address), b.id, b.zipcode,
        coalesce(${report.point?.lat ?? null}, b.lat), coalesce(${report.point?.lon ?? null}, b.lon),
        ${report.mediaUrls[0] ?? null}, ${now}, ${now}
      from (select 1) one left join cc_building b on b.id = ${report.building}`);
    await addUpdate(work, number, 'open', null, null);
    return { number, due: null };
  },

  async standing(work, number) {
    const { rows } = await work.tx.execute<{ status: string; key: string; changed: string }>(sql`
      select r.status, r.key, (select max(u.at) from open311_sandbox_update u where u.request = r.number) as changed
      from open311_sandbox_request r where r.number = ${number} for update`);
    const row = rows[0];
    if (!row) return null;
    return {
      // Whatever is pushed here is taken as a note that may close or open, so any state would do.
      state: row.status === 'closed' ? 'closed' : 'in_progress',
      closing: row.status === 'closed' ? 'confirmed' : null,
      client: row.key,
      organisation: null,
      public: true,
      changedAt: new Date(row.changed),
    };
  },

  async move(work, number, move, words) {
    return addUpdate(
      work,
      number,
      move === 'reopen' || move === 'veto' ? 'open' : 'closed',
      words.text,
      words,
    );
  },

  async note(work, number, words, status) {
    const known = updateStatuses.find((one) => one === status.toLowerCase());
    return addUpdate(work, number, known ?? 'open', words.text, words);
  },
};

const masked = (text: string | null): string | null => (text ? mask(text) : null);

async function addUpdate(
  work: Work,
  number: string,
  status: UpdateStatus,
  text: string | null,
  words: PushedWords | null,
): Promise<number> {
  const now = work.clock.now().toISOString();
  const shown = masked(text);
  const closes = ['fixed', 'closed', 'no_further_action', 'cancelled', 'not_councils_responsibility'];
  const { rows } = await work.tx.execute<{ seq: number }>(sql`
    insert into open311_sandbox_update (request, seq, status, description, media_url, at)
    select ${number}, coalesce(max(seq), 0) + 1, ${status}, ${shown}, ${words?.mediaUrls[0] ?? null}, ${now}
    from open311_sandbox_update where request = ${number} returning seq`);
  if (words)
    await work.tx.execute(sql`
      update open311_sandbox_request set status = ${closes.includes(status) ? 'closed' : 'open'},
        status_notes = ${shown}, updated_at = ${now} where number = ${number}`);
  return rows[0]!.seq;
}

/** Looks like a number of the city: YY, eight random digits, a Luhn check digit. */
function sandboxNumber(now: Date): string {
  const body = `${String(now.getUTCFullYear()).slice(2)}${String(randomInt(100_000_000)).padStart(8, '0')}`;
  const sum = [...body].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** Takes away what the sandbox has held for a day, and what was only needed to recognise repeats. */
export async function purgeSandbox(platform: Platform): Promise<void> {
  const now = platform.clock.now().getTime();
  const before = new Date(now - lifetime).toISOString();
  await platform.db.transaction(async (tx) => {
    await tx.execute(sql`delete from open311_post where sandbox and request in
      (select number from open311_sandbox_request where requested_at <= ${before})`);
    await tx.execute(sql`delete from open311_update where sandbox and at <= ${before}`);
    await tx.execute(sql`delete from open311_sandbox_request where requested_at <= ${before}`);
    await tx.execute(
      sql`delete from open311_rate where minute <= ${new Date(now - 3_600_000).toISOString()}`,
    );
  });
}

/** What the API does when nobody asks. */
export const open311Jobs: readonly JobDefinition[] = [
  { name: 'open311.purge-sandbox', schedule: '7 * * * *', run: (platform) => purgeSandbox(platform) },
];
