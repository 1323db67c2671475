import { type ColumnProfile, nullWords } from './shapes.ts';

/** Types of published columns; `time` and `url` are texts whose form is checked. */
export type ColumnType =
  | 'integer'
  | 'numeric'
  | 'date'
  | 'timestamp'
  | 'boolean'
  | 'text'
  | 'list'
  | 'json'
  | 'time'
  | 'url';

/** What cannot be told from the cells and is asked; until then the column is text. */
export type Question = 'decimal-mark' | 'date-order' | 'grouping';

/** How the cells of one column become values. */
export interface ColumnPlan {
  readonly type: ColumnType;
  /** Decimal mark; `both`: cells of either kind, none of them ambiguous. */
  readonly mark: '.' | ',' | 'both';
  /** Which part of a slashed date comes first. */
  readonly order: 'dmy' | 'mdy';
  /** Words that stand for no value. */
  readonly nulls: readonly string[];
  readonly question: Question | null;
  /** Said by a schema or the publisher, so cells that do not fit are errors; otherwise the cells themselves decided. */
  readonly declared: boolean;
}

/** What the publisher or a remembered fix says about a column. */
export interface ColumnFixes {
  readonly type?: ColumnType;
  readonly mark?: '.' | ',';
  readonly order?: 'dmy' | 'mdy';
  readonly nulls?: readonly string[];
}

/** Headers under which digits are names, not quantities. */
const identifier =
  /єдрпоу|edrpou|рнокпп|\bіпн\b|ідентифікаційн|унзр|катоттг|коатуу|catuttc|katottg|koatuu|кадастр|cadastr|телефон|phone|поштов\S* індекс|^індекс$|post_?code|\biban\b|рахун|паспорт|passport|(?<!\p{L})код(?!\p{L})|(?<!\p{L})edr(?!\p{L})/iu;

/** Whether a column holds identifiers, which stay text whatever their cells look like. */
export const isIdentifierHeader = (header: string) => identifier.test(header);

/**
 * Decides the type of a column: the narrowest that fits every cell. Dates that no calendar has and errors of formulas do
 * not widen the type; they are reported cell by cell.
 */
export function planColumn(profile: ColumnProfile, header: string, fixes: ColumnFixes = {}): ColumnPlan {
  const nulls = fixes.nulls ?? usedNullWords(profile, fixes.type);
  const marks = decimalMark(profile);
  const order = fixes.order ?? dateOrder(profile);
  const found = fixes.type
    ? { type: fixes.type, question: null }
    : narrowest(profile, header, fixes.mark ?? marks, order);
  return {
    type: found.type,
    question: found.question,
    mark: fixes.mark ?? (marks === 'unknown' || marks === 'clash' ? '.' : marks),
    order: order === 'unknown' || order === 'clash' ? 'dmy' : order,
    nulls,
    declared: fixes.type !== undefined,
  };
}

function usedNullWords(profile: ColumnProfile, declared?: ColumnType): string[] {
  // Where «+» stands, «-» is its opposite and no missing value.
  const minusSpeaks = profile.count('sign') > 0 || declared === 'boolean';
  return nullWords.filter((word) => profile.nulls.get(word) && !(word === '-' && minusSpeaks));
}

type Mark = ColumnPlan['mark'] | 'unknown' | 'clash';
type Order = ColumnPlan['order'] | 'unknown' | 'clash';

function narrowest(
  profile: ColumnProfile,
  header: string,
  mark: Mark,
  order: Order,
): { type: ColumnType; question: Question | null } {
  const n = (shape: Parameters<ColumnProfile['count']>[0]) => profile.count(shape);
  const text = { type: 'text', question: null } as const;
  const filled = profile.filled - n('formulaError');
  if (filled <= 0 || isIdentifierHeader(header)) return text;
  const whole = n('integer') + n('dressedInteger');
  if (whole === filled) return { type: 'integer', question: null };
  const broken =
    n('dot') +
    n('dotThree') +
    n('dressedDot') +
    n('comma') +
    n('commaThree') +
    n('dressedComma') +
    n('commaGroups') +
    n('dotGroups');
  if (whole + broken === filled) {
    if (mark === 'unknown') return { type: 'text', question: 'decimal-mark' };
    if (mark === 'clash') return { type: 'text', question: 'decimal-mark' };
    const groupsOnly =
      broken === n(mark === '.' ? 'commaGroups' : 'dotGroups') && profile.scale === 0 && mark !== 'both';
    return { type: groupsOnly ? 'integer' : 'numeric', question: null };
  }
  const days = n('isoDate') + n('dmy') + n('slash') + n('wordDate');
  const times = n('isoTime') + n('isoOffset') + n('dmyTime') + n('slashTime');
  if (
    days + times > 0 &&
    days + times + n('impossibleDate') === filled &&
    n('impossibleDate') <= filled / 2
  ) {
    if (order === 'clash') return { type: 'text', question: 'date-order' };
    return { type: times ? 'timestamp' : 'date', question: null };
  }
  if (n('boolean') === filled) return { type: 'boolean', question: null };
  return text;
}

function decimalMark(profile: ColumnProfile): Mark {
  const n = (shape: Parameters<ColumnProfile['count']>[0]) => profile.count(shape);
  const dots = n('dot') + n('dressedDot') + n('commaGroups');
  const commas = n('comma') + n('dressedComma') + n('dotGroups');
  if (dots && commas) {
    const ambiguous = n('dotThree') + n('commaThree') + n('commaGroups') + n('dotGroups') > 0;
    return ambiguous ? 'clash' : 'both';
  }
  if (dots) return '.';
  if (commas) return ',';
  if (n('commaThree')) return n('dotThree') ? 'clash' : 'unknown';
  return '.';
}

/** Month first only where the column proves it: a part that can only be a day stands second, and never first. */
function dateOrder(profile: ColumnProfile): Order {
  if (profile.dayFirst && profile.dayLast) return 'clash';
  return profile.dayLast ? 'mdy' : 'dmy';
}
