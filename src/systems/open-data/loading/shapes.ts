/** What a cell looks like, before anything is known of its column. */
export const shapes = [
  'empty',
  'nullWord',
  'integer',
  'longInteger',
  'leadingZero',
  'dressedInteger',
  'dot',
  'dotThree',
  'dressedDot',
  'comma',
  'commaThree',
  'dressedComma',
  'commaGroups',
  'dotGroups',
  'isoDate',
  'isoTime',
  'isoOffset',
  'dmy',
  'dmyTime',
  'slash',
  'slashTime',
  'wordDate',
  'impossibleDate',
  'boolean',
  'sign',
  'formulaError',
  'text',
] as const;
export type Shape = (typeof shapes)[number];

const code = Object.fromEntries(shapes.map((shape, n) => [shape, n])) as Readonly<Record<Shape, number>>;

/** Words that say "no value", besides the empty cell. */
export const nullWords = ['null', 'NULL', '-', '—', 'н/д', '#N/A'] as const;
const nullWordSet: ReadonlySet<string> = new Set(nullWords);
export const trueWords = ['true', 'так'] as const;
export const falseWords = ['false', 'ні'] as const;
const booleanWords: ReadonlySet<string> = new Set([...trueWords, ...falseWords]);
export const formulaErrors: readonly string[] = [
  '#REF!',
  '#VALUE!',
  '#DIV/0!',
  '#NAME?',
  '#NUM!',
  '#NULL!',
  '#ПОСИЛАННЯ!',
  '#ЗНАЧ!',
  '#ДІЛ/0!',
  '#ІМ’Я?',
  '#ЧИСЛО!',
];
const formulaErrorSet: ReadonlySet<string> = new Set(formulaErrors);

export const months = [
  'січня',
  'лютого',
  'березня',
  'квітня',
  'травня',
  'червня',
  'липня',
  'серпня',
  'вересня',
  'жовтня',
  'листопада',
  'грудня',
] as const;

/** Everything that the type of a column is decided by: exact counts over all of its cells. */
export class ColumnProfile {
  readonly counts = new Float64Array(shapes.length);
  readonly nulls = new Map<string, number>();
  /** Cells with white space around. */
  padded = 0;
  /** Slashed dates whose first or second part is over 12, so that it can only be the day. */
  dayFirst = 0;
  dayLast = 0;
  /** Digits before and after the decimal mark at most. */
  wholeDigits = 0;
  scale = 0;
  /** Characters of the longest cell at most (bytes, so an upper bound). */
  longest = 0;
  private times = 1;

  count(shape: Shape): number {
    return this.counts[code[shape]]!;
  }

  /** Cells that hold something. */
  get filled(): number {
    let sum = 0;
    for (let n = 2; n < this.counts.length; n += 1) sum += this.counts[n]!;
    return sum;
  }

  /** Takes in a cell: UTF-8 `bytes` from `start` to `end`; `times` −1 takes it out again. */
  add(bytes: Buffer, start: number, end: number, times = 1): void {
    if (end - start > this.longest) this.longest = end - start;
    if (start < end) {
      const first = bytes[start]!;
      const last = bytes[end - 1]!;
      if (
        first <= 0x20 ||
        last <= 0x20 ||
        first === 0xc2 ||
        first >= 0xe2 ||
        last === 0xa0 ||
        last === 0xaf
      ) {
        const [from, to] = trimmed(bytes, start, end);
        if (to - from !== end - start) {
          this.padded += times;
          start = from;
          end = to;
        }
      }
    }
    this.times = times;
    this.counts[this.shapeOf(bytes, start, end)]! += times;
  }

  private shapeOf(bytes: Buffer, start: number, end: number): number {
    const length = end - start;
    if (length === 0) return code.empty;
    const first = bytes[start]!;
    const second = length > 1 ? bytes[start + 1]! : 0;
    const digit = first >= 48 && first <= 57;
    // Most texts end here: they begin with a letter, and no word of ours is longer than ten bytes.
    if (!digit && !isOpener(first, second)) return length <= 14 ? this.word(bytes, start, end) : code.text;
    if (length > 48) return code.text;
    let at = digit ? start : start + 1;
    if (digit || first === 45) {
      while (at < end && isDigit(bytes[at]!)) at += 1;
      const whole = at - start - (digit ? 0 : 1);
      if (at === end && whole > 0) return this.integer(bytes, digit ? start : start + 1, whole);
      const mark = bytes[at]!;
      if ((mark === 46 || mark === 44) && whole > 0) {
        let after = at + 1;
        while (after < end && isDigit(bytes[after]!)) after += 1;
        const scale = after - at - 1;
        if (after === end && scale > 0) {
          if (whole > 1 && bytes[digit ? start : start + 1] === 48) return code.leadingZero;
          this.digits(whole, scale);
          const three = scale === 3 && whole <= 3 && bytes[digit ? start : start + 1] !== 48;
          return mark === 46 ? (three ? code.dotThree : code.dot) : three ? code.commaThree : code.comma;
        }
      }
      if (digit && length === 10) {
        const plain = this.plainDate(bytes, start);
        if (plain >= 0) return plain;
      } else if (digit && length === 19 && isPlainTime(bytes, start + 10)) {
        if (this.plainDate(bytes, start) === code.isoDate) return code.isoTime;
      }
    }
    return this.slow(bytes.toString('utf8', start, end));
  }

  private integer(bytes: Buffer, from: number, digits: number): number {
    if (digits > 1 && bytes[from] === 48) return code.leadingZero;
    if (digits >= 16) return code.longInteger;
    this.digits(digits, 0);
    return code.integer;
  }

  private digits(whole: number, scale: number): void {
    if (whole > this.wholeDigits) this.wholeDigits = whole;
    if (scale > this.scale) this.scale = scale;
  }

  /** 2026-03-01, 01.03.2026 or 01/03/2026, ten bytes; −1: another thing. */
  private plainDate(bytes: Buffer, at: number): number {
    const n = (from: number, count: number) => {
      let value = 0;
      for (let k = from; k < from + count; k += 1) {
        const digit = bytes[at + k]! - 48;
        if (digit < 0 || digit > 9) return -1;
        value = value * 10 + digit;
      }
      return value;
    };
    if (bytes[at + 4] === 45 && bytes[at + 7] === 45) {
      const [year, month, day] = [n(0, 4), n(5, 2), n(8, 2)];
      if (year < 0 || month < 0 || day < 0) return -1;
      return isDay(year, month, day) ? code.isoDate : code.impossibleDate;
    }
    const mark = bytes[at + 2];
    if (mark !== bytes[at + 5] || (mark !== 46 && mark !== 47)) return -1;
    const [one, two, year] = [n(0, 2), n(3, 2), n(6, 4)];
    if (one < 0 || two < 0 || year < 0) return -1;
    return mark === 46
      ? isDay(year, two, one)
        ? code.dmy
        : code.impossibleDate
      : this.slashed(one, two, year, false);
  }

  private slashed(one: number, two: number, year: number, time: boolean): number {
    const first = isDay(year, two, one);
    const last = isDay(year, one, two);
    if (!first && !last) return code.impossibleDate;
    if (!first) this.dayLast += this.times;
    if (!last) this.dayFirst += this.times;
    return time ? code.slashTime : code.slash;
  }

  private word(bytes: Buffer, start: number, end: number): number {
    const word = bytes.toString('utf8', start, end);
    if (nullWordSet.has(word)) return this.nullWord(word);
    if (booleanWords.has(word.toLowerCase())) return code.boolean;
    if (formulaErrorSet.has(word)) return code.formulaError;
    return code.text;
  }

  private nullWord(word: string): number {
    this.nulls.set(word, (this.nulls.get(word) ?? 0) + this.times);
    return code.nullWord;
  }

  private slow(cell: string): number {
    if (nullWordSet.has(cell)) return this.nullWord(cell);
    if (cell === '+') return code.sign;
    const number = readNumber(cell);
    if (number) {
      this.digits(number.whole, number.scale);
      return code[number.shape];
    }
    const date = readDate(cell);
    if (!date) return code.text;
    if (date.shape === 'slash' || date.shape === 'slashTime')
      return this.slashed(date.first, date.second, date.year, date.shape === 'slashTime');
    return code[date.shape];
  }
}

/** T12:30:59 or a space instead of the T. */
function isPlainTime(bytes: Buffer, at: number): boolean {
  if ((bytes[at] !== 84 && bytes[at] !== 32) || bytes[at + 3] !== 58 || bytes[at + 6] !== 58) return false;
  for (const n of [1, 2, 4, 5, 7, 8]) if (!isDigit(bytes[at + n]!)) return false;
  const hour = (bytes[at + 1]! - 48) * 10 + bytes[at + 2]! - 48;
  return hour < 24 && bytes[at + 4]! < 54 && bytes[at + 7]! < 54;
}

const isDigit = (byte: number) => byte >= 48 && byte <= 57;
/** Signs with which a number may begin, besides a digit: - + ( and the minus of good printing, U+2212. */
const isOpener = (first: number, second: number) =>
  first === 45 || first === 43 || first === 40 || (first === 0xe2 && second === 0x88);

/** Without the white space around: ASCII, NBSP, and the spaces of U+2000–U+202F. */
function trimmed(bytes: Buffer, start: number, end: number): readonly [number, number] {
  for (;;) {
    if (start < end && bytes[start]! <= 0x20) start += 1;
    else if (end - start >= 2 && bytes[start] === 0xc2 && bytes[start + 1] === 0xa0) start += 2;
    else if (end - start >= 3 && isWideSpace(bytes, start)) start += 3;
    else break;
  }
  for (;;) {
    if (start < end && bytes[end - 1]! <= 0x20) end -= 1;
    else if (end - start >= 2 && bytes[end - 2] === 0xc2 && bytes[end - 1] === 0xa0) end -= 2;
    else if (end - start >= 3 && isWideSpace(bytes, end - 3)) end -= 3;
    else break;
  }
  return [start, end];
}

function isWideSpace(bytes: Buffer, at: number): boolean {
  if (bytes[at] === 0xef) return bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
  if (bytes[at] !== 0xe2 || bytes[at + 1] !== 0x80) return false;
  const last = bytes[at + 2]!;
  return (last >= 0x80 && last <= 0x8b) || last === 0xa8 || last === 0xa9 || last === 0xaf;
}

/** The same white space as `trimmed` takes away, for SQL and regular expressions. */
export const whiteSpace = ` \t\r\n\v\f\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u2028\u2029\u202f\ufeff`;

const spaces = '[ \u00a0\u2007\u2009\u202f]';
const groupedBySpace = new RegExp(`^\\d{1,3}(?:${spaces}\\d{3})+$`);
const looseSpaces = new RegExp(spaces, 'g');

const digitsAndMarks = `(?:[\\d.,]|${spaces})+`;
const dressedNumber = new RegExp(
  `^(?:[-+\u2212]?(${digitsAndMarks})|(${digitsAndMarks})[-\u2212]|\\((${digitsAndMarks})\\))$`,
);

interface ReadNumber {
  readonly shape: Shape;
  readonly whole: number;
  readonly scale: number;
}

/** A number in any dress: signs of several kinds before and after, parentheses, spaces or marks between thousands. */
function readNumber(cell: string): ReadNumber | null {
  const bare = dressedNumber.exec(cell);
  const body = bare?.[1] ?? bare?.[2] ?? bare?.[3];
  if (!body) return null;
  const dressed = bare![1] === undefined || /^[+\u2212]/.test(cell);
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(body) && /,.*[,.]/.test(body))
    return { shape: 'commaGroups', ...digitsOf(body, '.') };
  if (/^\d{1,3}(\.\d{3})+(,\d+)?$/.test(body) && /\..*[,.]/.test(body))
    return { shape: 'dotGroups', ...digitsOf(body, ',') };
  const parts = /^([^.,]+)(?:([.,])(\d+))?$/.exec(body);
  if (!parts) return null;
  const [, left, mark, right = ''] = parts;
  const grouped = groupedBySpace.test(left!);
  if (!grouped && !/^\d+$/.test(left!)) return null;
  const whole = left!.replace(looseSpaces, '');
  if (whole.length > 1 && whole[0] === '0') return { shape: 'leadingZero', whole: 0, scale: 0 };
  if (whole.length >= 16) return { shape: 'longInteger', whole: 0, scale: 0 };
  const size = { whole: whole.length, scale: right.length };
  if (!mark) return { shape: 'dressedInteger', ...size };
  if (!grouped && !dressed) return { shape: mark === '.' ? 'dot' : 'comma', ...size };
  // Spaces between the thousands leave no doubt what the mark is; a mere sign does.
  const three = !grouped && right.length === 3 && whole.length <= 3 && whole !== '0';
  if (three) return { shape: mark === '.' ? 'dotThree' : 'commaThree', ...size };
  return { shape: mark === '.' ? 'dressedDot' : 'dressedComma', ...size };
}

function digitsOf(body: string, mark: string): { whole: number; scale: number } {
  const [whole, scale = ''] = body.split(mark);
  return { whole: whole!.replace(/\D/g, '').length, scale: scale.length };
}

interface ReadDate {
  readonly shape: Shape;
  readonly year: number;
  readonly first: number;
  readonly second: number;
}

const clock = '(?:[T\u0422\u0442 ]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,]\\d{1,9})?)?)?';
const iso = new RegExp(`^(\\d{4})-(\\d{2})-(\\d{2})${clock}\\s*(Z|[+-]\\d{2}:?\\d{2})?$`);
const marked = new RegExp(`^(\\d{1,2})([./])(\\d{1,2})\\2(\\d{4})${clock}$`);
const worded = new RegExp(`^(\\d{1,2})\\s+(${months.join('|')})\\s+(\\d{4})(?:\\s*(?:р\\.?|року))?$`, 'i');

function readDate(cell: string): ReadDate | null {
  const asIso = iso.exec(cell);
  if (asIso) {
    const [, year, month, day, hour, minute, second, offset] = asIso;
    if (offset && !hour) return null;
    const good = isDay(+year!, +month!, +day!) && isTime(hour, minute, second);
    const shape = good ? (offset ? 'isoOffset' : hour ? 'isoTime' : 'isoDate') : 'impossibleDate';
    return { shape, year: +year!, first: +day!, second: +month! };
  }
  const asMarked = marked.exec(cell);
  if (asMarked) {
    const [, one, mark, two, year, hour, minute, second] = asMarked;
    const parts = { year: +year!, first: +one!, second: +two! };
    if (!isTime(hour, minute, second)) return { shape: 'impossibleDate', ...parts };
    if (mark === '/') return { shape: hour ? 'slashTime' : 'slash', ...parts };
    const good = isDay(+year!, +two!, +one!);
    return { shape: good ? (hour ? 'dmyTime' : 'dmy') : 'impossibleDate', ...parts };
  }
  const asWords = worded.exec(cell);
  if (!asWords) return null;
  const [, day, month, year] = asWords;
  const number = months.indexOf(month!.toLowerCase() as (typeof months)[number]) + 1;
  const good = isDay(+year!, number, +day!);
  return { shape: good ? 'wordDate' : 'impossibleDate', year: +year!, first: +day!, second: number };
}

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1000 || month < 1 || month > 12 || day < 1) return false;
  if (day <= 28) return true;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function isTime(hour?: string, minute?: string, second?: string): boolean {
  return hour === undefined || (+hour < 24 && +minute! < 60 && (second === undefined || +second < 60));
}
