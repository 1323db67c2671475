import { cellsOf } from '../loading/cells.ts';
import { quoted } from '../loading/sql.ts';
import type { StageDb } from '../loading/stage-db.ts';
import type { TypedColumn } from '../loading/typed-table.ts';

/** What a cell gives away of a person. */
export type PersonalKind =
  | 'rnokpp'
  | 'unzr'
  | 'passport'
  | 'phone'
  | 'email'
  | 'card'
  | 'name-birth'
  | 'name-address';

/** Anything that may be one of the kinds below: an at-sign, or six digits with what stands between digits of telephones and cards. */
export const suspicious = '@|\\d(?:[ \u00a0()-]*\\d){5}';
export const email =
  '[A-Za-z0-9А-Яа-яІіЇїЄє._%+-]+@[A-Za-z0-9А-Яа-яІіЇїЄє-]+(\\.[A-Za-z0-9А-Яа-яІіЇїЄє-]+)*\\.[A-Za-zА-Яа-яІіЇїЄє]{2,}';
const edge = '[^0-9A-Za-zА-Яа-яІіЇїЄєҐґ:/._-]';
const apart = '[ \u00a0()-]*';
export const phone = `(?:^|${edge})(?:\\+?${apart}3${apart}8${apart})?0${apart}(?:39|[3-6]\\d|7[1357]|89|9\\d)${apart}\\d${apart}\\d${apart}\\d${apart}\\d${apart}\\d${apart}\\d${apart}\\d(?:$|[^0-9:/])|\\+\\d{11,14}(?:$|\\D)`;
export const tenDigits = `(?:^|${edge})(\\d{10})(?:$|[^0-9:/_-])`;
export const unzr = `(?:^|${edge})(\\d{8}-?\\d{5})(?:$|[^0-9:/_-])`;
export const cardDigits = `(?:^|[^0-9:/._-])([2-6]\\d{3}(?:[ -]?\\d{4}){3}\\d{0,3})(?:$|[^0-9:/_-])`;
const looks = 'АВЕІКМНОРСТУХABEIKMHOPCTYX';
export const booklet = `[${looks}А-ЯІЇЄҐ]{2} ?№? ?\\d{6}`;
export const patronymic = `[А-ЯІЇЄҐ][а-яіїєґ'’ʼ-]+ [А-ЯІЇЄҐ][а-яіїєґ'’ʼ-]+ [А-ЯІЇЄҐ][а-яіїєґ'’ʼ-]*(?:ович|йович|евич|івич|ївич|івна|ївна|овна|ич)`;

/** A first name and a surname in either order, or a surname with initials: what stands for a person where the header says so. */
export const plainName = `[А-ЯІЇЄҐ][а-яіїєґ'’ʼ-]+ (?:[А-ЯІЇЄҐ][а-яіїєґ'’ʼ-]+|[А-ЯІЇЄҐ]\\. ?(?:[А-ЯІЇЄҐ]\\.)?)`;

/** Headers by which columns are known. */
export const headers = {
  passport: /паспорт|passport|id-?карт|посвідч\S* особи/iu,
  name: /^(піб|п\.? ?і\.? ?б\.?|прізвище.*|.*повне ім.я|full_?name|familyName|.*ім.я та по батькові)$/iu,
  person:
    /заявни|власни|громадян|мешкан|особ[аи]|отримувач|боржни|наймач|орендар|абонент|applicant|owner|tenant/iu,
  birth: /народж|birth/iu,
  home: /прожив|реєстрац\S* місц|місц\S* реєстрац|домашн|residen|home_?address/iu,
  address: /адрес|address/iu,
  /** Digits of these are something else. */
  other: /єдрпоу|edrpou|кадастр|cadastr|коатуу|koatuu|катоттг|timestamp|unix|epoch|iban|рахун/iu,
} as const;

/** Roles of official columns whose numbers count only when most of the column is valid. */
export const documents = new Set([
  'document-number',
  'edrpou',
  'cadastral',
  'koatuu',
  'katottg',
  'post-code',
  'dk021',
  'iban',
]);

/**
 * Finds cells that give away a person, and puts them into the table `errors` as `personal-…`. Hidden columns and those that are
 * exempt by the standard or by an approved explanation are left out.
 *
 * @param options.today YYYY-MM-DD; birth days after it are none.
 * @param options.severity what a hit is: an error blocks the load.
 * @param options.cleared ids of columns of which the officer approved that they are not personal.
 */
export async function findPersonalData(
  db: StageDb,
  columns: readonly TypedColumn[],
  options: {
    readonly today: string;
    readonly severity: 'error' | 'warning';
    readonly cleared: ReadonlySet<string>;
    /** Table of the findings. */
    readonly into?: string;
  },
): Promise<void> {
  const { into = 'errors', severity } = options;
  await defineChecks(db, options.today);
  const open = columns.filter(({ id, hidden }) => !hidden && !options.cleared.has(id));
  for (const column of open.filter(mayHold)) {
    await db.run(`create or replace temp table suspect as select row, file_row, b${column.n} as cell from ${cellsOf([column])}
      where regexp_matches(b${column.n}, ${quoted(suspicious)})`);
    if ((await db.number('select count(*) from suspect')) === 0) continue;
    for (const [kind, where] of await hitsOf(db, column))
      await db.run(`insert into ${into} select row, file_row, ${column.n}, ${quoted(`personal-${kind}`)}, cell, ${quoted(severity)}
        from suspect where ${where}`);
  }
  await findNamed(db, open, into, severity);
}

function mayHold({ plan, profile }: TypedColumn): boolean {
  if (plan.type === 'integer') return profile.wholeDigits >= 9;
  return (
    (plan.type === 'text' || plan.type === 'list' || plan.type === 'json' || plan.type === 'url') &&
    profile.longest >= 6
  );
}

async function hitsOf(
  db: StageDb,
  { id, label, role, plan }: TypedColumn,
): Promise<[PersonalKind, string][]> {
  const header = label ?? id;
  const hits: [PersonalKind, string][] = [];
  const contact = role === 'official-contact';
  if (!contact && role !== 'public-name' && plan.type !== 'url')
    hits.push(['email', `regexp_matches(cell, ${quoted(email)})`]);
  const numbered = documents.has(role ?? '') || headers.other.test(header);
  const mostly = await mostlyRnokpp(db);
  if (mostly)
    hits.push(['rnokpp', `list_contains(list_transform(ten_digits(cell), lambda d: is_rnokpp(d)), true)`]);
  else if (!numbered)
    hits.push([
      'rnokpp',
      `list_contains(list_transform(ten_digits(cell), lambda d: is_rnokpp(d) and is_alive(d)), true)`,
    ]);
  // A mostly valid column of numbers that begin with 0 is no list of telephones.
  if (!contact && !numbered && !mostly && plan.type !== 'url')
    hits.push(['phone', `regexp_matches(cell, ${quoted(phone)})`]);
  if (numbered) return hits;
  hits.push(['unzr', `is_unzr(regexp_extract(cell, ${quoted(unzr)}, 1))`]);
  hits.push(['card', `is_card(regexp_extract(cell, ${quoted(cardDigits)}, 1))`]);
  const telling = headers.passport.test(header);
  const spoken = `regexp_matches(lower(cell), 'паспорт|passport') and regexp_matches(cell, ${quoted(`(^|[^А-ЯІЇЄҐA-Z])${booklet}($|\\D)`)})`;
  hits.push([
    'passport',
    `regexp_full_match(upper(cell), ${quoted(booklet)}) or (${spoken})${telling ? ` or regexp_full_match(cell, '\\d{9}') or regexp_matches(upper(cell), ${quoted(booklet)})` : ''}`,
  ]);
  return hits;
}

/** Whether more than half of the ten-digit cells of a column, and no fewer than three, are РНОКПП. */
async function mostlyRnokpp(db: StageDb): Promise<boolean> {
  const [row] = await db.rows(
    `select count(*) as ten, count(*) filter (where is_rnokpp(cell)) as good from suspect where regexp_full_match(cell, '\\d{10}')`,
  );
  const [ten, good] = [Number(row!.ten), Number(row!.good)];
  return good >= 3 && good > ten / 2;
}

/** A full name beside a birth day or a home address in the same row. */
async function findNamed(
  db: StageDb,
  columns: readonly TypedColumn[],
  into: string,
  severity: string,
): Promise<void> {
  const nameOf = ({ id, label }: TypedColumn) => label ?? id;
  const texts = columns.filter(({ plan, role }) => plan.type === 'text' && role !== 'public-name');
  const births = columns.filter(
    (column) => column.role !== 'public-name' && headers.birth.test(nameOf(column)),
  );
  const addresses = texts.filter(
    (column) => headers.home.test(nameOf(column)) || headers.address.test(nameOf(column)),
  );
  if (births.length + addresses.length === 0) return;
  for (const column of texts) {
    const { n, id, label } = column;
    const named = headers.name.test(label ?? id);
    const isName = named
      ? `regexp_matches(b${n}, '^[А-ЯІЇЄҐ][а-яіїєґ''’ʼ-]+( |$)')`
      : `regexp_full_match(b${n}, ${quoted(headers.person.test(label ?? id) ? `${patronymic}|${plainName}` : patronymic)})`;
    const beside = cellsOf(
      [column, ...births, ...addresses.filter((address) => address.n !== n)].filter(
        (one, at, all) => all.indexOf(one) === at,
      ),
    );
    const add = (kind: PersonalKind, where: string) =>
      db.run(`insert into ${into} select row, file_row, ${n}, ${quoted(`personal-${kind}`)}, b${n}, ${quoted(severity)} from ${beside}
        where ${isName} and (${where})`);
    if (births.length) await add('name-birth', births.map((birth) => `b${birth.n} is not null`).join(' or '));
    const homes = addresses.filter((address) => address.n !== n);
    if (homes.length)
      await add(
        'name-address',
        homes
          .map((home) =>
            headers.home.test(nameOf(home))
              ? `b${home.n} is not null`
              : `regexp_matches(lower(b${home.n}), '(^|[ ,])кв(\\.|артира)? ?\\d')`,
          )
          .join(' or '),
      );
  }
}

/** The check digits of platform identifiers as macros of SQL; `identifiers.ts` has the same rules for single values. */
async function defineChecks(db: StageDb, today: string): Promise<void> {
  const digit = (at: number) => `(ascii(d[${at}]) - 48)`;
  const sum = [-1, 5, 7, 9, 4, 6, 10, 5, 7].map((weight, n) => `${weight} * ${digit(n + 1)}`).join(' + ');
  await db.run(
    `create or replace temp macro is_rnokpp(d) as regexp_full_match(d, '\\d{10}') and ((((${sum}) % 11) + 11) % 11) % 10 = ${digit(10)}`,
  );
  await db.run(
    `create or replace temp macro is_alive(d) as d[1] = '9' or (try_cast(d[1:5] as integer) > 3650
       and try_cast(d[1:5] as integer) <= date_diff('day', date '1899-12-31', date ${quoted(today)}))`,
  );
  await db.run(
    `create or replace temp macro ten_digits(cell) as regexp_extract_all(cell, ${quoted(tenDigits)}, 1)`,
  );
  const control = Array.from({ length: 12 }, (_, n) => `${[7, 3, 1][n % 3]} * ${digit(n + 1)}`).join(' + ');
  await db.run(`create or replace temp macro thirteen(d) as (${control}) % 10 = ${digit(13)}`);
  await db.run(
    `create or replace temp macro is_unzr(text) as length(replace(text, '-', '')) = 13
       and try_strptime(replace(text, '-', '')[1:8], '%Y%m%d') is not null and text[1:2] in ('19', '20') and thirteen(replace(text, '-', ''))`,
  );
  await db.run(
    `create or replace temp macro luhn(d) as list_sum(list_transform(range(0, length(d)), lambda i:
       case when i % 2 = 0 then ascii(d[length(d) - i]) - 48
            when (ascii(d[length(d) - i]) - 48) * 2 > 9 then (ascii(d[length(d) - i]) - 48) * 2 - 9
            else (ascii(d[length(d) - i]) - 48) * 2 end)) % 10 = 0`,
  );
  await db.run(
    `create or replace temp macro is_card(text) as length(regexp_replace(text, '[ -]', '', 'g')) between 16 and 19 and luhn(regexp_replace(text, '[ -]', '', 'g'))`,
  );
}
