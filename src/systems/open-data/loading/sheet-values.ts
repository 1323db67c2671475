/** Whether a number format of a spreadsheet (ECMA-376 18.8.30) shows dates or times. */
export function dateKindOf(id: number, code: string | undefined): 'date' | 'time' | null {
  if (code === undefined) {
    if ((id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58))
      return 'date';
    return (id >= 18 && id <= 21) || (id >= 45 && id <= 47) ? 'time' : null;
  }
  const plain = code
    .split(';')[0]!
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!h|m|s)[^\]]*\]/gi, '')
    .toLowerCase();
  if (/general|основний/.test(plain)) return null;
  if (/[ydд]|рр/.test(plain)) return 'date';
  if (/\bm{1,5}\b/.test(plain) && !/[hs]/.test(plain)) return 'date';
  return /[hs]/.test(plain) ? 'time' : null;
}

const aDay = 86_400_000;

/**
 * A serial number of a spreadsheet as date, moment or time of day.
 *
 * @param from1904 the workbook counts days from 1904; otherwise from 1900, which it takes for a leap year.
 */
export function serialText(serial: number, kind: 'date' | 'time', from1904: boolean): string {
  if (kind === 'time' && serial >= 0 && serial < 1)
    return new Date(Math.round(serial * 86_400) * 1000).toISOString().slice(11, 19);
  const days = from1904 ? serial : serial < 60 ? serial + 1 : serial;
  const epoch = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const moment = new Date(epoch + Math.round(days * 86_400) * 1000);
  if (
    Number.isNaN(moment.getTime()) ||
    moment.getTime() < -62_135_596_800_000 ||
    moment.getUTCFullYear() > 9999
  )
    return String(serial);
  const text = moment.toISOString();
  return moment.getTime() % aDay === 0 ? text.slice(0, 10) : text.slice(0, 19);
}

/** A number as a spreadsheet shows it: 15 digits at most, no exponent. */
export function numberText(text: string): string {
  if (/^-?\d{1,15}$/.test(text)) return text;
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  const short = String(Number(value.toPrecision(15)));
  if (!short.includes('e')) return short;
  const fixed =
    Math.abs(value) < 1 ? value.toFixed(20).replace(/0+$/, '') : BigInt(Math.round(value)).toString();
  return fixed.replace(/\.$/, '');
}
