import { type ColumnProfile, falseWords, formulaErrors, months, trueWords, whiteSpace } from './shapes.ts';
import { quoted } from './sql.ts';
import type { ColumnPlan } from './types.ts';

/** SQL (DuckDB) over the staged table for one column. */
export interface Conversion {
  /** The cell without outer white space and words for nothing: null where there is no value. */
  readonly bare: string;
  /** The value as canonical text; null where there is none or the cell does not fit. */
  readonly value: string;
  /** The value in its own type. */
  readonly typed: string;
  /** Type of the column in DuckDB and Parquet. */
  readonly duckType: string;
  /** Whether some cell may not fit at all. */
  readonly mayFail: boolean;
  /** Whether `value` may differ from the staged cell otherwise than by being null for an empty one. */
  readonly changes: boolean;
}

/** Replacements that a publisher has set for whole cells, by cell. */
export type Dictionary = Readonly<Record<string, string>>;

/** What to do with the cells of column `column` of the staged table. */
export function conversionOf(
  column: string,
  plan: ColumnPlan,
  profile: ColumnProfile,
  dictionary: Dictionary = {},
): Conversion {
  const bare = bareCell(column, plan, profile, dictionary);
  const n = (shape: Parameters<ColumnProfile['count']>[0]) => profile.count(shape);
  const worded = Object.keys(dictionary).length > 0;
  const made = { bare, mayFail: worded || failing(plan, profile), changes: true };
  const touched = worded || profile.padded > 0 || profile.nulls.size > 0;
  switch (plan.type) {
    case 'integer': {
      const plain = n('integer') === profile.filled && !worded;
      const value = plain ? bare : numberText(bare, plan, made.mayFail, false);
      return {
        ...made,
        value,
        typed: `try_cast(${value} as bigint)`,
        duckType: 'bigint',
        changes: !plain || touched,
      };
    }
    case 'numeric': {
      const plain =
        !worded && n('integer') + n('dot') + (plan.mark === '.' ? n('dotThree') : 0) === profile.filled;
      const commas =
        !worded && plan.mark === ',' && n('integer') + n('comma') + n('commaThree') === profile.filled;
      const value = plain
        ? bare
        : commas
          ? `replace(${bare}, ',', '.')`
          : numberText(bare, plan, made.mayFail, true);
      const scale = profile.scale;
      const digits = profile.wholeDigits + scale;
      // Casts to the wide decimal cost a hundred times as much.
      const duckType = worded || digits > 38 ? 'double' : `decimal(${digits > 18 ? 38 : 18}, ${scale})`;
      return {
        ...made,
        value,
        typed: `try_cast(${value} as ${duckType})`,
        duckType,
        changes: !plain || touched,
      };
    }
    case 'date': {
      const typed = `${moment(bare, plan, profile, worded)}::date`;
      const plain = n('isoDate') === profile.filled && !worded;
      return {
        ...made,
        value: plain ? bare : `cast(${typed} as varchar)`,
        typed,
        duckType: 'date',
        changes: !plain || touched,
      };
    }
    case 'timestamp': {
      const typed = moment(bare, plan, profile, worded);
      return { ...made, value: `cast(${typed} as varchar)`, typed, duckType: 'timestamp' };
    }
    case 'boolean': {
      const yes = [...trueWords, ...(plan.declared ? ['1', '+', 'yes'] : [])].map(quoted).join(', ');
      const no = [...falseWords, ...(plan.declared ? ['0', '-', 'no'] : [])].map(quoted).join(', ');
      const value = `case when lower(${bare}) in (${yes}) then 'true' when lower(${bare}) in (${no}) then 'false' end`;
      return { ...made, value, typed: `cast(${value} as boolean)`, duckType: 'boolean' };
    }
    case 'list': {
      const list = `list_filter(list_transform(string_split(${bare}, ';'), lambda x: trim(x)), lambda x: x <> '')`;
      return { ...made, value: `cast(to_json(${list}) as varchar)`, typed: list, duckType: 'varchar[]' };
    }
    case 'json': {
      const value = `case when json_valid(${bare}) then ${bare} end`;
      return { ...made, value, typed: value, duckType: 'varchar', changes: touched };
    }
    case 'time': {
      const value = `case when regexp_full_match(${bare}, '\\d{1,2}:[0-5]\\d(:[0-5]\\d)?') then ${bare} end`;
      return { ...made, value, typed: value, duckType: 'varchar', changes: touched };
    }
    case 'url': {
      const value = `case when regexp_full_match(${bare}, '(?i)((https?|ftp)://|www\\.)\\S+|[\\w.-]+\\.[a-zа-яіїєґ]{2,}(/\\S*)?') then ${bare} end`;
      return { ...made, value, typed: value, duckType: 'varchar', changes: touched };
    }
    case 'text': {
      const errors = n('formulaError') > 0;
      const value = errors
        ? `case when ${bare} in (${formulaErrors.map(quoted).join(', ')}) then null else ${bare} end`
        : bare;
      return { ...made, value, typed: value, duckType: 'varchar', mayFail: errors, changes: touched };
    }
  }
}

function failing(plan: ColumnPlan, profile: ColumnProfile): boolean {
  return plan.declared || profile.count('impossibleDate') + profile.count('formulaError') > 0;
}

function bareCell(column: string, plan: ColumnPlan, profile: ColumnProfile, dictionary: Dictionary): string {
  let cell = column;
  if (profile.padded) cell = `nullif(trim(${cell}, ${quoted(whiteSpace)}), '')`;
  const words = Object.entries(dictionary);
  if (words.length)
    cell = `case ${cell} ${words.map(([from, to]) => `when ${quoted(from)} then ${quoted(to)}`).join(' ')} else ${cell} end`;
  const nulls = plan.nulls.filter((word) => profile.nulls.has(word) || words.length > 0 || !isKnown(word));
  if (nulls.length)
    cell = `case when ${cell} in (${nulls.map(quoted).join(', ')}) then null else ${cell} end`;
  return cell;
}

const isKnown = (word: string) => ['null', 'NULL', '-', '—', 'н/д', '#N/A'].includes(word);

const gap = '[ \u00a0\u2007\u2009\u202f]';

/** Digits with a dot at most: signs moved to the front, marks between thousands taken out. */
function numberText(bare: string, { mark }: ColumnPlan, guarded: boolean, fraction: boolean): string {
  const negative = `(${bare} like '-%' or ${bare} like '−%' or ${bare} like '%-' or ${bare} like '%−' or ${bare} like '(%')`;
  const digits = `regexp_replace(${bare}, '[-+−()]|${gap}', '', 'g')`;
  const dotted =
    mark === ','
      ? `replace(replace(${digits}, '.', ''), ',', '.')`
      : mark === '.'
        ? `replace(${digits}, ',', '')`
        : `replace(${digits}, ',', '.')`;
  const value = `(case when ${negative} then '-' else '' end || regexp_replace(${dotted}, '^0+(\\d)', '\\1'))`;
  if (!guarded) return value;
  const group = mark === ',' ? '\\.' : ',';
  const point = mark === 'both' ? '[.,]' : mark === ',' ? ',' : '\\.';
  const whole = `(\\d+|\\d{1,3}(${gap}\\d{3})+${mark === 'both' ? '' : `|\\d{1,3}(${group}\\d{3})+`})`;
  const number = fraction ? `${whole}(${point}\\d+)?` : whole;
  const length = fraction ? '' : ` and length(regexp_replace(${bare}, '\\D', '', 'g')) <= 18`;
  return `case when regexp_full_match(${bare}, '[-+−]?${number}|${number}[-−]|\\(${number}\\)')${length} then ${value} end`;
}

/** A moment of Kyiv time, whichever way it is written; only the ways that occur are tried. */
function moment(bare: string, { type, order }: ColumnPlan, profile: ColumnProfile, all: boolean): string {
  const has = (...some: Parameters<ColumnProfile['count']>[0][]) =>
    all || some.some((shape) => profile.count(shape) > 0);
  const formats: string[] = [];
  // Plain ISO is cast as it is, many times faster; with an offset it would lose its zone.
  const iso = type === 'timestamp' && !all && has('isoTime') && !has('isoOffset');
  const [one, two] = order === 'mdy' ? ['%m', '%d'] : ['%d', '%m'];
  if (has('isoDate')) formats.push('%Y-%m-%d');
  if (has('dmy')) formats.push('%d.%m.%Y');
  if (has('slash')) formats.push(`${one}/${two}/%Y`);
  const clocks = type === 'timestamp' ? [' %H:%M:%S', ' %H:%M', ' %H:%M:%S.%n'] : [' 00:00:00', ' 00:00'];
  if (has('isoTime') && !iso) formats.push(...clocks.map((time) => `%Y-%m-%d${time}`));
  if (has('dmyTime')) formats.push(...clocks.map((time) => `%d.%m.%Y${time}`));
  if (has('slashTime')) formats.push(...clocks.map((time) => `${one}/${two}/%Y${time}`));
  const timed = (has('isoTime') && !iso) || has('dmyTime', 'slashTime');
  const cell = timed ? `regexp_replace(${bare}, '\\s*[TТт ]\\s*', ' ')` : bare;
  const tries: string[] = [];
  if (iso) tries.push(`try_cast(replace(replace(${bare}, 'Т', 'T'), 'т', 'T') as timestamp)`);
  if (formats.length) tries.push(`try_strptime(${cell}, [${formats.map(quoted).join(', ')}])`);
  if (has('wordDate')) {
    const spaced = `regexp_replace(lower(${bare}), '\\s+', ' ', 'g')`;
    const dotted = months.reduce((sql, month, n) => `replace(${sql}, ' ${month} ', '.${n + 1}.')`, spaced);
    tries.push(
      `try_strptime(regexp_extract(${dotted}, '^(\\d{1,2}\\.\\d{1,2}\\.\\d{4})( ?р\\.?| ?року)?$', 1), '%d.%m.%Y')`,
    );
  }
  if (has('isoOffset') && type === 'timestamp')
    tries.push(
      `case when regexp_matches(${bare}, '(Z|[+-]\\d\\d:?\\d\\d)$') then timezone('Europe/Kyiv', try_cast(regexp_replace(regexp_replace(${bare}, '[Тт]', 'T'), '([+-]\\d\\d)(\\d\\d)$', '\\1:\\2') as timestamptz)) end`,
    );
  if (tries.length === 0) return 'null::timestamp';
  return tries.length === 1 ? tries[0]! : `coalesce(${tries.join(', ')})`;
}
