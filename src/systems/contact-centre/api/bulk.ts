import { type SQL, sql } from 'drizzle-orm';
import type { Call } from './call.ts';
import { formatInstant, formatMaybe } from './dates.ts';
import { absent, Faults } from './errors.ts';
import { contentType, element, type Format, legal, type Value, writeJson, xmlDeclaration } from './format.ts';
import { fullAddress, type RequestRow, readRows } from './records.ts';

const batch = 1_000;

export type BulkFormat = Format | 'csv';

/** The columns that cities publish, in their usual order. */
export const bulkColumns = [
  'service_request_id',
  'requested_datetime',
  'updated_datetime',
  'closed_date',
  'status_description',
  'status_notes',
  'source',
  'service_name',
  'service_subtype',
  'description',
  'agency_responsible',
  'address',
  'lat',
  'long',
] as const;

/** What `requests-extended.csv` adds. */
export const extendedColumns = [
  ...bulkColumns,
  'service_code',
  'state',
  'closing',
  'result',
  'expected_datetime',
  'claims',
  'vetoes',
  'verdict',
  'master_id',
  'event_id',
] as const;

/**
 * `GET /open311/bulk/requests.{csv,json,xml}`: the whole history, a span of it, or what changed since. Rows are read a
 * batch at a time as the client takes them, so memory does not grow with the city.
 */
export async function bulk(call: Call, format: BulkFormat, extended: boolean): Promise<Response> {
  const { parameters } = call;
  if (extended && format !== 'csv') throw absent('path', 'the extended file exists as .csv');
  const faults = new Faults();
  const start = parameters.date('start_date', faults);
  const end = parameters.date('end_date', faults);
  const after = parameters.date('updated_after', faults);
  if (start && end && end < start) faults.add(400, 'end_date', 'lies before start_date');
  faults.check();
  const conditions: SQL[] = [sql`r.publication in ('published', 'awaiting', 'removed')`];
  if (start) conditions.push(sql`r.requested_at >= ${start.toISOString()}`);
  if (end) conditions.push(sql`r.requested_at <= ${end.toISOString()}`);
  if (after) conditions.push(sql`r.changed_at >= ${after.toISOString()}`);
  const columns = extended ? extendedColumns : bulkColumns;
  const chunks = write(
    format,
    columns,
    rowsOf(call, conditions, after ? 'changed_at' : 'requested_at'),
    call,
    parameters.flag('bom'),
  );
  return new Response(streamOf(chunks), {
    headers: {
      'content-type': format === 'csv' ? 'text/csv; charset=utf-8; header=present' : contentType(format),
      'content-disposition': `attachment; filename="requests${extended ? '-extended' : ''}.${format}"`,
    },
  });
}

/** One batch after another by its keys; a row that changes meanwhile is met later in the feed, never lost. */
async function* rowsOf(
  call: Call,
  conditions: readonly SQL[],
  order: 'changed_at' | 'requested_at',
): AsyncGenerator<RequestRow[]> {
  const by = sql.raw(`r.${order}`);
  let last: RequestRow | null = null;
  while (true) {
    const next: SQL[] = last ? [sql`(${by}, r.number) > (${last[order]}::timestamptz, ${last.number})`] : [];
    const rows: RequestRow[] = await readRows(
      call.platform.db,
      call,
      sql`where ${sql.join([...conditions, ...next], sql` and `)} order by ${by}, r.number limit ${batch}`,
    );
    if (rows.length > 0) yield rows;
    if (rows.length < batch) return;
    last = rows.at(-1)!;
  }
}

async function* write(
  format: BulkFormat,
  columns: readonly string[],
  batches: AsyncGenerator<RequestRow[]>,
  call: Call,
  bom: boolean,
): AsyncGenerator<string> {
  if (format === 'csv') {
    yield `${bom ? '\ufeff' : ''}${csvLine(columns)}`;
    for await (const rows of batches) {
      yield rows
        .map((row) => {
          const record = bulkRecord(row, call);
          return csvLine(columns.map((column) => record[column] ?? null));
        })
        .join('');
    }
    return;
  }
  const shape = (row: RequestRow): Record<string, Value> => {
    const record = bulkRecord(row, call);
    const fields = Object.fromEntries(columns.map((column) => [column, record[column] ?? null]));
    return { ...fields, closed_datetime: record.closed_date ?? null };
  };
  yield format === 'json' ? '[' : `${xmlDeclaration}<service_requests>`;
  let first = true;
  for await (const rows of batches) {
    yield format === 'json'
      ? (first ? '' : ',') + rows.map((row) => writeJson(shape(row))).join(',')
      : rows.map((row) => element('request', shape(row))).join('');
    first = false;
  }
  yield format === 'json' ? ']' : '</service_requests>';
}

/** Everything a bulk file may say of a request; of one withdrawn from publication only that it is. */
function bulkRecord(row: RequestRow, call: Call): Record<string, Value> {
  const dates = {
    service_request_id: row.number,
    requested_datetime: formatInstant(new Date(row.requested_at)),
  };
  if (row.publication === 'removed')
    return {
      ...dates,
      updated_datetime: formatInstant(new Date(row.changed_at)),
      status_description: 'removed',
    };
  return {
    ...dates,
    updated_datetime: formatInstant(new Date(row.updated_at)),
    closed_date: formatMaybe(row.closed_at === null ? null : new Date(row.closed_at)),
    status_description: row.status,
    status_notes: row.status_notes,
    source: row.source,
    service_name: row.branch_name === null ? row.service_name : String(row.branch_name),
    service_subtype: row.service_name,
    description: row.text,
    agency_responsible: row.agency,
    address: fullAddress(row, call.city, call.language),
    lat: row.lat,
    long: row.lon,
    service_code: row.service_code,
    state: row.state,
    closing: row.closing,
    result: row.result,
    expected_datetime: formatMaybe(row.expected_at === null ? null : new Date(row.expected_at)),
    claims: row.claims,
    vetoes: row.reworks,
    verdict: row.verdict,
    master_id: row.master,
    event_id: row.event,
  };
}

/** What a spreadsheet would run as a formula when it opens the file. */
const formula = /^[=+\-@\t\r]/;

/**
 * One record by RFC 4180: CRLF, quotes where needed, quotes inside doubled. Words that a spreadsheet would take for a
 * formula have an apostrophe before them; numbers stay as they are.
 */
export function csvLine(values: readonly Value[]): string {
  const cells = values.map((value) => {
    const plain = value === null ? '' : legal(String(value));
    const text = typeof value === 'string' && formula.test(plain) ? `'${plain}` : plain;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${cells.join(',')}\r\n`;
}

/** Pulls as the client reads; one that goes away ends the reading of rows too. */
function streamOf(chunks: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
