import { sql } from 'drizzle-orm';
import type { Work } from '#platform/work.ts';
import { findAddress } from './addresses.ts';
import type { Acts, PushedWords, Report } from './api/acts.ts';
import { act, addNote, type MoveInput } from './moves.ts';
import { type NewRequest, registerRequest } from './requests.ts';
import type { Closing, Move, State } from './states.ts';

/** What Open311 lets happen in the city: the same functions that people's clicks call. */
export const cityActs: Acts = {
  async register(work: Work, report: Report) {
    const { number, due } = await registerRequest(work, {
      source: 'open311',
      intakeKey: report.intakeKey,
      category: report.category,
      text: report.text,
      answers: report.answers,
      place: await placeOf(work, report),
      reporter: { ...report.reporter, channel: 'open311', language: report.language },
      client: report.client,
      photos: report.photos,
      // Whoever posts has a key: its own limit stands for the one of networks.
      counted: { network: null },
    });
    await keepMediaUrls(work, number, report.mediaUrls);
    return { number, due };
  },

  async standing(work, number) {
    const { rows } = await work.tx.execute<Record<string, string | null>>(
      sql`select state, closing, client, organisation, publication, updated_at from cc_request where number = ${number} and not sandbox for update`,
    );
    const row = rows[0];
    return row
      ? {
          state: row.state as State,
          closing: row.closing as Closing | null,
          client: row.client ?? null,
          organisation: row.organisation ?? null,
          public: row.publication === 'published',
          changedAt: new Date(row.updated_at!),
        }
      : null;
  },

  async move(work, number, move, words, status) {
    await keepMediaUrls(work, number, words.mediaUrls);
    return (await act(work, number, move, inputOf(move, words, status))).version;
  },

  async note(work, number, words) {
    await keepMediaUrls(work, number, words.mediaUrls);
    return (await addNote(work, number, { text: words.text, public: true })).version;
  },
};

/** The pushed words in the place where the move wants them. */
function inputOf(move: Move, words: PushedWords, status: string): MoveInput {
  switch (move) {
    case 'claim':
      return {
        result: status === 'NO_FURTHER_ACTION' ? 'impossible' : 'fixed',
        answer: words.text,
        evidence: words.photos.map((photo) => ({ ...photo, kind: 'after' })),
      };
    case 'veto':
      return { comment: words.text, photos: words.photos };
    case 'return':
      return { reason: words.text };
    case 'plan':
      return { reason: words.text, ...(words.date ? { date: words.date } : {}) };
    case 'dispatch':
      return { note: words.text };
    default:
      return { comment: words.text };
  }
}

/** Fetching an address that a stranger gives would let strangers make the city call whom they like. */
async function keepMediaUrls(work: Work, number: string, urls: readonly string[]): Promise<void> {
  for (const url of urls)
    await work.tx.execute(
      sql`insert into cc_media_url (request, url, at) values (${number}, ${url}, ${work.clock.now().toISOString()}::timestamptz)`,
    );
}

/**
 * A typed address becomes a building when there is no doubt which and nothing of what was typed would be lost; else it
 * stays as it came, for the people of the triage.
 */
async function placeOf(
  work: Work,
  { point, building, address, asset }: Report,
): Promise<NewRequest['place']> {
  if (point || building || !address) return { point, building, address, asset };
  const found = await findAddress(work.tx, address);
  if (found.confidence !== 'high' || found.entrance || found.office) return { address, asset };
  return { building: found.building!.id, address, flat: found.flat, asset };
}
