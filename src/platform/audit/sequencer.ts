import type pg from 'pg';
import { auditRole } from '../database/roles.ts';
import { type Leader, startLeader, wakeable } from '../events/leader.ts';
import { secretsOf } from '../identity/secrets.ts';
import type { Platform } from '../system.ts';
import { canonical, type Json } from './canonical.ts';
import { type SigningKey, signHead, signingKeyOf } from './heads.ts';
import { GrowingTree, leafHash } from './merkle.ts';

export interface Sequencer extends Leader {
  ping(): void;
}

export interface SequencerOptions {
  /** A connection string that allows sessions. */
  readonly url: string;
  readonly report?: (error: unknown) => void;
}

const lock = 4_702_517_022;
const batch = 1_000;
/** A head is due after so many entries even within a day. */
const headEvery = 10_000;

/**
 * Starts this process's sequencer. One leads on a database: it takes waiting entries, numbers and chains them into the
 * audit log, and signs a head each night and each 10 000 entries.
 */
export function startSequencer(platform: Platform, options: SequencerOptions): Sequencer {
  const pending = wakeable(100);
  const lead = async (client: pg.Client, signal: AbortSignal) => {
    await client.query(`set role ${auditRole}`);
    const secrets = secretsOf(platform.config);
    const key = signingKeyOf(secrets);
    const blind = (id: string) => secrets.blind('audit-subject', id);
    while (!signal.aborted) {
      const moved = await chainPending(client, blind);
      await signIfDue(client, key, platform.clock.now());
      if (moved < batch) await pending.wait(500, signal);
    }
  };
  return { ...startLeader(options.url, lock, lead, options.report), ping: () => pending.wake() };
}

/**
 * Moves up to a thousand waiting entries into the chain, in one transaction.
 *
 * @param blind turns a person's id into the blind id that the log keeps.
 * @returns how many were moved.
 */
export async function chainPending(client: pg.ClientBase, blind: (id: string) => string): Promise<number> {
  await client.query('begin');
  try {
    const found = await client.query<{ size: string; last_hash: string; peaks: string[] }>(
      'select size, last_hash, peaks from audit_state where id = 1 for update',
    );
    const state = found.rows[0]!;
    const { rows } = await client.query<{ id: string; entry: Entry }>(
      `delete from audit_pending where id in (select id from audit_pending order by id limit ${batch})
       returning id, entry`,
    );
    rows.sort((a, b) => (a.id < b.id ? -1 : 1));
    const tree = new GrowingTree(Number(state.size), state.peaks);
    let previous = state.last_hash;
    const logged = rows.map(({ id, entry }) => {
      const subjects = [...new Set(entry.subjects ?? [])].map(blind);
      const record = canonical({
        ...entry,
        subjects: subjects.length > 0 ? subjects : undefined,
        id,
        number: tree.size + 1,
        previous,
      });
      const hash = leafHash(record);
      tree.add(hash);
      previous = hash;
      const { at, action, resource, purpose } = entry;
      return { number: tree.size, at, action, resource, purpose: purpose ?? null, subjects, record, hash };
    });
    if (logged.length > 0) {
      await client.query(
        `insert into audit_log (number, at, action, resource, purpose, subjects, record, hash)
         select number, at, action, resource, purpose,
                array(select jsonb_array_elements_text(subjects)), record, hash
         from jsonb_to_recordset($1::jsonb) as x (number bigint, at timestamptz, action text, resource text,
                                                  purpose text, subjects jsonb, record text, hash text)`,
        [JSON.stringify(logged)],
      );
      await client.query('update audit_state set size = $1, last_hash = $2, peaks = $3 where id = 1', [
        tree.size,
        previous,
        tree.peaks,
      ]);
    }
    await client.query('commit');
    return logged.length;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

type Entry = { readonly [key: string]: Json | undefined } & {
  readonly at: string;
  readonly action: string;
  readonly resource: string;
  readonly purpose?: string;
  readonly subjects?: readonly string[];
};

/** Signs the state of the chain when a head is due: none yet, 10 000 entries since the last, or past 00:05 in Kyiv. */
export async function signIfDue(client: pg.Client, key: SigningKey, now: Date): Promise<boolean> {
  const { rows } = await client.query<{
    size: string;
    last_hash: string;
    peaks: string[];
    head_size: string | null;
    head_at: Date | null;
  }>(
    `select s.size, s.last_hash, s.peaks, h.size as head_size, h.at as head_at
     from audit_state s left join lateral (select size, at from audit_head order by size desc limit 1) h on true`,
  );
  const state = rows[0]!;
  const size = Number(state.size);
  const signed = Number(state.head_size ?? 0);
  if (size === signed) return false;
  const newDay = !state.head_at || auditDay(state.head_at) < auditDay(now);
  if (!newDay && size - signed < headEvery) return false;
  const head = signHead(key, {
    size,
    root: new GrowingTree(size, state.peaks).root(),
    lastHash: state.last_hash,
    at: now.toISOString(),
  });
  await client.query('insert into audit_head (size, at, head, public_key) values ($1, $2, $3, $4)', [
    size,
    now,
    head,
    key.publicKey,
  ]);
  return true;
}

const localDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Kyiv', dateStyle: 'short' });

/** The day of the log begins at 00:05, so that the night's head holds the whole day before. */
function auditDay(instant: Date): string {
  return localDay.format(new Date(instant.getTime() - 5 * 60_000));
}
