import { cellsOf } from '../loading/cells.ts';
import { named, quoted } from '../loading/sql.ts';
import type { Finding, TypedColumn, TypingOptions } from '../loading/typed-table.ts';
import type { Role } from './table-schema.ts';

/** Dates that can only lie in the past. */
const past =
  /^(issued|accepted|received|registration|birth|death|signed|dateSigned|creation|captured?|funeral)Date|Issued$|^receivedDateTime$/;

/**
 * What a schema finds wrong, as SQL over the view `cells` (`r`, `b`, `v` and the number of a column: the cell as it stood, bare,
 * and its value). The literal `null` is the official mark of emptiness and satisfies "required".
 */
export function schemaFindings(
  columns: readonly TypedColumn[],
  { schema, city, today, related }: TypingOptions,
): Finding[] {
  const findings: Finding[] = [];
  for (const { n, schema: column, role, plan } of columns) {
    const add = (code: Finding['code'], where: string, severity: Finding['severity'] = 'error') =>
      findings.push({ n, code, severity, where });
    if (role) findings.push(...roleFindings(n, role));
    if (!column) continue;
    if (column.required) add('required', `b${n} is null and coalesce(lower(trim(r${n})), '') <> 'null'`);
    if (column.enum) add('enum', `v${n} not in (${column.enum.map(quoted).join(', ')})`);
    if (column.pattern) add('pattern', `not regexp_full_match(v${n}, ${quoted(column.pattern)})`);
    const number = `try_cast(v${n} as double)`;
    if (column.min !== undefined) add('range', `${number} < ${column.min}`);
    if (column.max !== undefined) add('range', `${number} > ${column.max}`);
    if (column.maxLength !== undefined) add('too-long', `length(v${n}) > ${column.maxLength}`);
    const { references } = column;
    const files = references && related?.get(references.table);
    if (files) add('foreign-key', `v${n} not in (${valuesIn(files, references.column)})`);
    if (column.unique) add('unique', repeated(columns, [n]));
    if ((plan.type === 'date' || plan.type === 'timestamp') && past.test(column.id))
      add('date-future', `v${n} >= '${today}' and v${n}[1:10] > '${today}'`, 'warning');
  }
  if (schema?.keyIsUnique) {
    const key = schema.key.map((id) => columns.find((column) => column.schema?.id === id)?.n);
    if (key.length && key.every((n) => n !== undefined)) {
      for (const n of key)
        if (!columns[n]!.schema!.required)
          findings.push({ n, code: 'key-null', severity: 'error', where: `b${n} is null` });
      findings.push({
        n: key[0]!,
        code: 'unique',
        severity: 'error',
        where: repeated(columns, key as number[]),
        needs: key as number[],
      });
    }
  }
  const [lat, lon] = ['lat', 'lon'].map((role) => columns.find((column) => column.role === role)?.n);
  if (city && lat !== undefined && lon !== undefined) {
    const at = (n: number) => `try_cast(v${n} as double)`;
    findings.push({
      n: lat,
      needs: [lat, lon],
      code: 'geo-outside-city',
      severity: 'warning',
      where: `not (${at(lat)} between ${city.south} and ${city.north} and ${at(lon)} between ${city.west} and ${city.east})`,
    });
  }
  return findings;
}

/** Every value of a column of Parquet files. */
function valuesIn(files: readonly string[], column: string): string {
  const id = named(column);
  return `select cast(${id} as varchar) from read_parquet([${files.map(quoted).join(', ')}], union_by_name = true) where ${id} is not null`;
}

/** Rows whose values in these columns stand in another row as well. */
function repeated(columns: readonly TypedColumn[], key: readonly number[]): string {
  const values = key.map((n) => `v${n}`).join(', ');
  const known = key.map((n) => `v${n} is not null`).join(' and ');
  return `${known} and (${values}) in (select ${key.length > 1 ? `(${values})` : values} from ${cellsOf(key.map((n) => columns[n]!))} where ${known} group by ${values} having count(*) > 1)`;
}

/** Codes whose form or check digit does not hold. A failed ЄДРПОУ is a warning: registers have them. */
function roleFindings(n: number, role: Role): Finding[] {
  const shape = (pattern: string, severity: Finding['severity'] = 'error'): Finding[] => [
    { n, code: 'identifier', severity, where: `not regexp_full_match(v${n}, ${quoted(pattern)})` },
  ];
  switch (role) {
    case 'edrpou':
      return [
        {
          n,
          code: 'identifier',
          severity: 'warning',
          where: `v${n} is not null and not ${edrpouHolds(`v${n}`)}`,
        },
      ];
    case 'katottg':
      return shape('UA\\d{17}');
    case 'koatuu':
      return shape('\\d{10}');
    case 'post-code':
      return shape('\\d{5}');
    case 'cadastral':
      return shape('\\d{10}:\\d{2}:\\d{3}:\\d{4}');
    case 'dk021':
      return shape('\\d{8}-\\d');
    case 'iban':
      return shape('UA\\d{27}');
    case 'lat':
      return [{ n, code: 'range', severity: 'error', where: `abs(try_cast(v${n} as double)) > 90` }];
    case 'lon':
      return [{ n, code: 'range', severity: 'error', where: `abs(try_cast(v${n} as double)) > 180` }];
    default:
      return [];
  }
}

/** The check digit of a ЄДРПОУ in SQL. */
function edrpouHolds(value: string): string {
  const digit = (at: number) => `ascii(${value}[${at}]) - 48`;
  const sum = (weights: readonly number[], more: number) =>
    `((${weights.map((weight, n) => `(${digit(n + 1)}) * ${weight + more}`).join(' + ')}) % 11)`;
  const low = [1, 2, 3, 4, 5, 6, 7];
  const middle = [7, 1, 2, 3, 4, 5, 6];
  const check = (weights: readonly number[]) =>
    `case when ${sum(weights, 0)} < 10 then ${sum(weights, 0)} else ${sum(weights, 2)} % 10 end`;
  const inMiddle = `try_cast(${value} as integer) between 30000000 and 60000000`;
  return `(regexp_full_match(${value}, '\\d{8}') and (case when ${inMiddle} then ${check(middle)} else ${check(low)} end) = ${digit(8)})`;
}
