import { sql } from 'drizzle-orm';
import type { CategoryData, LeafData, QuestionData } from '../city-data.ts';
import type { Closing, State } from '../states.ts';
import type { Call } from './call.ts';
import { formatInstant } from './dates.ts';
import type { Value } from './format.ts';
import { photoUrl, type RequestRow } from './records.ts';
import { updateStatus } from './statuses.ts';

interface Given {
  readonly code: string;
  readonly values?: readonly string[];
  readonly value?: string | readonly string[];
}

/** What `extensions=true` adds to each request, by its number. */
export async function extensionsOf(
  call: Call,
  rows: readonly RequestRow[],
): Promise<Map<string, Record<string, Value>>> {
  const [leaves, photos, notes] = await Promise.all([
    leavesOf(call, rows),
    photosOf(call, rows),
    notesOf(call, rows),
  ]);
  return new Map(
    rows.map((row) => [
      row.number,
      {
        attributes: attributesOf(call, row, leafOf(leaves, row)?.questions ?? []),
        extended_attributes: {
          channel: row.source,
          state: row.state,
          result: row.result,
          master_id: row.master,
          event_id: row.event,
          // Where a thing stands tells the place exactly.
          asset_id: (leafOf(leaves, row)?.precision ?? 'exact') === 'exact' ? row.asset : null,
          photos: photos.get(row.number) ?? [],
        },
        notes: notes.get(row.number) ?? [],
      },
    ]),
  );
}

const versionKey = (code: unknown, version: unknown) => `${code}@${version}`;

const leafOf = (leaves: ReadonlyMap<string, LeafData>, row: RequestRow) =>
  leaves.get(versionKey(row.service_code, row.category_version));

/** The categories with which the requests were born. */
async function leavesOf(call: Call, rows: readonly RequestRow[]): Promise<ReadonlyMap<string, LeafData>> {
  const codes = [...new Set(rows.map((row) => row.service_code))];
  const found = await call.platform.db.execute<{ code: string; version: number; body: CategoryData }>(
    sql`select code, version, body from cc_category where code = any(${sql.param(codes)}::text[])`,
  );
  return new Map(
    found.rows.flatMap(({ code, version, body }) =>
      body.kind === 'leaf' ? [[versionKey(code, version), body] as const] : [],
    ),
  );
}

/** Only choices and numbers: words that a person typed freely leave the house in the masked description alone. */
function attributesOf(call: Call, row: RequestRow, asked: readonly QuestionData[]): Value[] {
  if (row.publication === 'awaiting') return [];
  const given = Array.isArray(row.answers) ? (row.answers as Given[]) : [];
  return given.flatMap((one) => {
    const question = asked.find((candidate) => candidate.code === one.code);
    if (!question || question.datatype === 'string' || question.datatype === 'text') return [];
    const values = [one.values ?? one.value ?? []].flat();
    return values.map((value) => ({
      label: question.description[call.language],
      name: question.values?.find((choice) => choice.key === value)?.name[call.language] ?? value,
      code: question.code,
      value,
    }));
  });
}

async function photosOf(call: Call, rows: readonly RequestRow[]): Promise<Map<string, Value[]>> {
  if (call.sandbox) return new Map();
  const numbers = rows.filter((row) => row.publication === 'published').map((row) => row.number);
  const found = await call.platform.db.execute<{
    id: string;
    request: string;
    title: string | null;
    width: number | null;
    height: number | null;
    at: string;
  }>(sql`select id, request, title, width, height, at from cc_photo
         where public and request = any(${sql.param(numbers)}::text[]) order by at, id`);
  return grouped(found.rows, (row) => ({
    media_url: photoUrl(call, row.id),
    title: row.title,
    width: row.width,
    height: row.height,
    created_at: formatInstant(new Date(row.at)),
  }));
}

async function notesOf(call: Call, rows: readonly RequestRow[]): Promise<Map<string, Value[]>> {
  const numbers = rows.filter((row) => row.publication !== 'awaiting').map((row) => row.number);
  if (call.sandbox) {
    const found = await call.platform.db.execute<{
      request: string;
      at: string;
      status: string;
      description: string | null;
    }>(sql`select request, at, status, description from open311_sandbox_update
           where request = any(${sql.param(numbers)}::text[]) order by at, seq`);
    return grouped(found.rows, (row) => note(row.at, row.status, row.description));
  }
  const found = await call.platform.db.execute<{
    request: string;
    at: string;
    from_state: State | null;
    to_state: State;
    closing: Closing | null;
    result: string | null;
    public_note: string;
  }>(sql`select request, at, from_state, to_state, data->>'closing' as closing, data->>'result' as result, public_note
         from cc_history where public_note is not null and request = any(${sql.param(numbers)}::text[]) order by at, seq`);
  return grouped(found.rows, (row) =>
    note(row.at, updateStatus(row.to_state, row.closing, row.result, row.from_state), row.public_note),
  );
}

const note = (at: string, type: string, description: string | null): Value => ({
  datetime: formatInstant(new Date(at)),
  type,
  description,
});

function grouped<Row extends { request: string }>(
  rows: readonly Row[],
  shape: (row: Row) => Value,
): Map<string, Value[]> {
  const result = new Map<string, Value[]>();
  for (const row of rows) result.set(row.request, [...(result.get(row.request) ?? []), shape(row)]);
  return result;
}
