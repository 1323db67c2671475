import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { normaliseContact } from '#platform/identity/persons.ts';
import type { Secrets } from '#platform/identity/secrets.ts';
import type { SealedColumn } from '#platform/personal-data/reseal.ts';
import { openRow, type RowSeal, sealRow } from '#platform/personal-data/row-seal.ts';

/** What is sealed of a reporter. */
export interface ReporterData {
  readonly name?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly residence?: string | null | undefined;
  readonly device?: string | null | undefined;
  readonly account?: string | null | undefined;
}

/** What is sealed of a request: the words before masking. */
export interface RequestData {
  readonly text: string;
  readonly flat?: string | null | undefined;
  /** Only where masking changed it. */
  readonly address?: string | null | undefined;
  readonly answers?: readonly { readonly code: string; readonly values: readonly string[] }[] | undefined;
}

export interface ContactData {
  readonly phone?: string | null | undefined;
  readonly note?: string | null | undefined;
}

/** The columns of cc_reporter that stand for the personal data of one. */
export interface ReporterColumns extends RowSeal {
  readonly phone_blind: string | null;
  readonly email_blind: string | null;
  readonly account_blind: string | null;
  readonly device_blind: string | null;
}

export function sealReporter(secrets: Secrets, id: string, data: ReporterData): ReporterColumns {
  const { name, phone, email, residence, device, account } = data;
  return {
    ...sealRow(
      secrets,
      { table: 'cc_reporter', row: id },
      { name, phone, email, residence, device, account },
    ),
    phone_blind: phone ? blindPhone(secrets, phone) : null,
    email_blind: email ? blindEmail(secrets, email) : null,
    account_blind: account ? secrets.blind('cc-account', account) : null,
    device_blind: device ? secrets.blind('cc-device', device) : null,
  };
}

type Row = Readonly<Record<string, unknown>>;
const sealOf = (row: Row): RowSeal => ({
  key: (row.key as string | null | undefined) ?? null,
  sealed: (row.sealed as string | null | undefined) ?? null,
});

/** From a row of cc_reporter with id, key and sealed; null when it is locked. */
export function openReporter(secrets: Secrets, row: Row): ReporterData | null {
  return openRow<ReporterData>(secrets, { table: 'cc_reporter', row: String(row.id) }, sealOf(row));
}

export function sealRequest(secrets: Secrets, number: string, data: RequestData): RowSeal {
  return sealRow(secrets, { table: 'cc_request', row: number }, { ...data });
}

/** The words of a request as they were written: null when it is locked, `{}` when they were erased. */
export async function openRequest(
  reader: Reader,
  secrets: Secrets,
  number: string,
): Promise<Partial<RequestData> | null> {
  const { rows } = await reader.execute<Record<string, unknown>>(
    sql`select key, sealed from cc_request where number = ${number}`,
  );
  return rows[0] ? openRow<RequestData>(secrets, { table: 'cc_request', row: number }, sealOf(rows[0])) : {};
}

export function sealNote(secrets: Secrets, number: string, seq: number, text: string): RowSeal {
  return sealRow(secrets, { table: 'cc_note', row: `${number}/${seq}` }, { text });
}

export function openNote(secrets: Secrets, number: string, row: Row): string | null {
  const place = { table: 'cc_note', row: `${number}/${row.seq}` };
  return openRow<{ text: string }>(secrets, place, sealOf(row))?.text ?? null;
}

export function sealContact(
  secrets: Secrets,
  id: string,
  data: ContactData,
): RowSeal & { phone_blind: string | null } {
  return {
    ...sealRow(secrets, { table: 'cc_contact', row: id }, { ...data }),
    phone_blind: data.phone ? blindPhone(secrets, data.phone) : null,
  };
}

export function openContact(secrets: Secrets, row: Row): ContactData | null {
  return openRow<ContactData>(secrets, { table: 'cc_contact', row: String(row.id) }, sealOf(row));
}

export function sealSubscription(secrets: Secrets, id: string, email: string): RowSeal {
  return sealRow(secrets, { table: 'cc_subscription', row: id }, { email });
}

export function openSubscription(secrets: Secrets, row: Row): string | null {
  const place = { table: 'cc_subscription', row: String(row.id) };
  return openRow<{ email: string }>(secrets, place, sealOf(row))?.email ?? null;
}

/** The same for every way of writing a number, and the same as for accounts of residents. */
export function blindPhone(secrets: Secrets, phone: string): string {
  return secrets.blind('phone', normaliseContact('phone', phone));
}

export function blindEmail(secrets: Secrets, email: string): string {
  return secrets.blind('email', normaliseContact('email', email));
}

let lastInstant = 0;
let lastCount = 0;

/**
 * An id made before the row is written, since the seal is bound to it: UUIDv7 of the instant (RFC 9562, 5.7), those of one
 * millisecond and process counted up, so that ids stay in the order of making.
 */
export function newId(now: Date): string {
  const bytes = randomBytes(16);
  lastCount = now.getTime() === lastInstant ? (lastCount + 1) & 0xfff : 0;
  lastInstant = now.getTime();
  bytes.writeUIntBE(lastInstant, 0, 6);
  bytes.writeUInt16BE(0x7000 | lastCount, 6);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** All that the key ring sealed in this room. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'cc_request', column: 'key', key: { number: 'text' } },
  { table: 'cc_reporter', column: 'key', key: { id: 'uuid' } },
  { table: 'cc_note', column: 'key', key: { request: 'text', seq: 'integer' } },
  { table: 'cc_contact', column: 'key', key: { id: 'uuid' } },
  { table: 'cc_subscription', column: 'key', key: { id: 'uuid' } },
  { table: 'cc_call', column: 'draft', key: { id: 'uuid' } },
  { table: 'cc_appeal', column: 'applicant', key: { request: 'text' } },
  {
    table: 'cc_appeal_answer',
    column: 'body',
    key: { request: 'text', no: 'integer' },
    place: ([request = '', no]) => ({ table: 'cc_appeal', column: `answer ${no}`, row: request }),
  },
];
