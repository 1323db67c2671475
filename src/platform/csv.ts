/** A cell as RFC 4180 wants it; a spreadsheet must not take it for a formula. */
export function csvCell(value: string): string {
  const safe =
    /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value.replace(',', '.'))) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A row of a file for people and spreadsheets; null is an empty cell. */
export function csvRow(values: readonly (string | number | null)[]): string {
  return `${values.map((value) => csvCell(value === null ? '' : String(value))).join(',')}\r\n`;
}
