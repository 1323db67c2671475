import { sql } from 'drizzle-orm';
import { corrected, type Vocabulary, vocabularyOf } from '#platform/search/index.ts';
import type { Platform } from '#platform/system.ts';

/** Words of the public catalogue, for as long as it stays as it is. */
const known = new WeakMap<Platform, { readonly state: string; readonly vocabulary: Vocabulary }>();

/** What was probably meant by a text that finds nothing; null: every word is known, or nothing is like it. */
export async function probablyMeant(platform: Platform, text: string): Promise<string | null> {
  if (text.trim() === '') return null;
  const served = sql`from od_dataset d where not d.private and d.state = 'published'`;
  const { rows } = await platform.db.execute<{ state: string }>(
    sql`select count(*) || ' ' || coalesce(max(d.modified_at)::text, '') as state ${served}`,
  );
  const { state } = rows[0]!;
  let found = known.get(platform);
  if (found?.state !== state) {
    const texts = await platform.db.execute<{ text: string }>(sql`
      select d.title || ' ' || coalesce(d.notes, '') || ' ' || coalesce((select string_agg(t.name, ' ')
        from od_dataset_tag x join od_tag t on t.id = x.tag where x.dataset = d.id), '') as text ${served}`);
    found = { state, vocabulary: vocabularyOf(texts.rows.map((row) => row.text)) };
    known.set(platform, found);
  }
  return corrected(text, found.vocabulary);
}
