const units: Readonly<Record<string, (date: Date, by: number) => void>> = {
  YEAR: (date, by) => date.setUTCFullYear(date.getUTCFullYear() + by),
  MONTH: (date, by) => date.setUTCMonth(date.getUTCMonth() + by),
  DAY: (date, by) => date.setUTCDate(date.getUTCDate() + by),
  HOUR: (date, by) => date.setUTCHours(date.getUTCHours() + by),
  MINUTE: (date, by) => date.setUTCMinutes(date.getUTCMinutes() + by),
  SECOND: (date, by) => date.setUTCSeconds(date.getUTCSeconds() + by),
};
const starts: Readonly<Record<string, number>> = {
  YEAR: 4,
  MONTH: 7,
  DAY: 10,
  HOUR: 13,
  MINUTE: 16,
  SECOND: 19,
};
const earliest = '0000-01-01T00:00:00.000Z';

/**
 * A limit of a range over times: ISO 8601 (UTC where no zone is given), `NOW`, `NOW-7DAYS/DAY`.
 *
 * @returns milliseconds since 1970, or null for what is no time.
 */
export function instantOf(text: string, now: Date): number | null {
  const math = /^(NOW|\d{4}-\d{2}-\d{2}(?:T[\d:.]+)?Z?)((?:[+-]\d+[A-Z]+|\/[A-Z]+)*)$/.exec(text.trim());
  if (!math) return null;
  const written = math[1]!;
  let date =
    written === 'NOW'
      ? new Date(now)
      : new Date(
          written.includes('T') ? `${written.replace(/Z$/, '')}Z` : `${written.replace(/Z$/, '')}T00:00:00Z`,
        );
  if (Number.isNaN(date.getTime())) return null;
  for (const step of math[2]!.matchAll(/([+-])(\d+)([A-Z]+)|\/([A-Z]+)/g)) {
    const unit = (step[3] ?? step[4])!.replace(/^DATE$/, 'DAY').replace(/S$/, '');
    const move = units[unit];
    if (!move) return null;
    if (step[4]) {
      const kept = date.toISOString().slice(0, starts[unit]!);
      date = new Date(kept + earliest.slice(kept.length));
    } else move(date, (step[1] === '-' ? -1 : 1) * Number(step[2]));
  }
  return date.getTime();
}
