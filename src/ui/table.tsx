import type { ComponentChildren } from 'preact';
import { classes, useWords } from './context.ts';
import { Icon } from './icon.tsx';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly numeric?: boolean;
  /** The column can be sorted by; its `key` is handed to `href`. */
  readonly sortable?: boolean;
  /** Names the row: drawn as a row header. */
  readonly header?: boolean;
  /** Never broken into lines. */
  readonly nowrap?: boolean;
}

export interface Sort {
  readonly by: string;
  readonly direction: 'asc' | 'desc';
}

/**
 * Rows of things. On a narrow screen each row becomes a small list with the column's name before each value.
 */
export function Table<Row>(props: {
  caption: string;
  /** The caption is for screen readers only, when a heading stands above. */
  quietCaption?: boolean;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey?: (row: Row) => string;
  sort?: Sort;
  /** Address of this page sorted so. */
  sortHref?: (sort: Sort) => string;
  /** A tick before each row, sent under `name` with the key of the row; `form` is the id of the form that acts on them. */
  select?: { readonly name: string; readonly form?: string; readonly label: (row: Row) => string };
  rowTone?: (row: Row) => 'warning' | 'danger' | undefined;
  /** Shown instead of an empty table. */
  empty?: ComponentChildren;
}) {
  const words = useWords();
  if (props.rows.length === 0 && props.empty) return <>{props.empty}</>;
  const { select } = props;
  const keyOf = (row: Row, index: number) => props.rowKey?.(row) ?? String(index);
  return (
    <section class="table-scroll" aria-label={props.caption} tabindex={0}>
      <table class="table">
        <caption class={props.quietCaption ? 'visually-hidden' : undefined}>{props.caption}</caption>
        <thead>
          <tr>
            {select && (
              <th scope="col" class="tick">
                <span class="visually-hidden">{words.select}</span>
              </th>
            )}
            {props.columns.map((column) => (
              <HeadCell key={column.key} column={column} sort={props.sort} href={props.sortHref} />
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row, index) => (
            <tr key={keyOf(row, index)} class={props.rowTone?.(row)}>
              {select && (
                <td class="tick">
                  <input
                    type="checkbox"
                    name={select.name}
                    value={keyOf(row, index)}
                    form={select.form}
                    aria-label={select.label(row)}
                  />
                </td>
              )}
              {props.columns.map((column) => {
                const look = classes(column.numeric && 'numeric', column.nowrap && 'nowrap') || undefined;
                return column.header ? (
                  <th key={column.key} scope="row" class={look} data-label={column.title}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} class={look} data-label={column.title}>
                    {oneBox(column.cell(row))}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** On a phone the label stands beside the cell, so several parts of a cell have to be one. */
const oneBox = (cell: ComponentChildren) =>
  typeof cell === 'string' || typeof cell === 'number' ? cell : <div>{cell}</div>;

function HeadCell<Row>(props: {
  column: Column<Row>;
  sort: Sort | undefined;
  href: ((sort: Sort) => string) | undefined;
}) {
  const words = useWords();
  const { column, sort, href } = props;
  const look = column.numeric ? 'numeric' : undefined;
  if (!column.sortable || !href)
    return (
      <th scope="col" class={look}>
        {column.title}
      </th>
    );
  const now = sort?.by === column.key ? sort.direction : null;
  const next = now === 'asc' ? 'desc' : 'asc';
  return (
    <th
      scope="col"
      class={classes('sortable', look)}
      aria-sort={now === null ? undefined : now === 'asc' ? 'ascending' : 'descending'}
    >
      <a href={href({ by: column.key, direction: next })}>
        {column.title}
        <span class="visually-hidden">, {next === 'asc' ? words.sortAscending : words.sortDescending}</span>
        <span class={classes('sort-mark', now)} aria-hidden="true" />
      </a>
    </th>
  );
}

/**
 * Pages of a list: numbered (`page`, `pages`, `href`) where the total is known, previous and next where it is not.
 * `summary` says which part is shown, such as «1–50 з 1 240».
 */
export function Pagination(props: {
  page?: number;
  pages?: number;
  href?: (page: number) => string;
  previous?: string | null;
  next?: string | null;
  summary?: string;
}) {
  const words = useWords();
  const { page = 1, pages = 1, href } = props;
  const previous = props.previous ?? (href && page > 1 ? href(page - 1) : null);
  const next = props.next ?? (href && page < pages ? href(page + 1) : null);
  if (!previous && !next && !props.summary) return null;
  return (
    <nav class="pagination" aria-label={words.pages}>
      {props.summary && <p class="muted">{props.summary}</p>}
      <ul>
        {previous && (
          <li>
            <a href={previous} rel="prev">
              <Icon name="back" />
              {words.previous}
            </a>
          </li>
        )}
        {href &&
          pages > 1 &&
          pageNumbers(page, pages).map((n, index) =>
            n === null ? (
              <li key={`gap${index}`} class="gap">
                …
              </li>
            ) : (
              <li key={n}>
                <a href={href(n)} aria-label={words.page(n)} aria-current={n === page ? 'page' : undefined}>
                  {n}
                </a>
              </li>
            ),
          )}
        {next && (
          <li>
            <a href={next} rel="next">
              {words.next}
              <Icon name="arrow" />
            </a>
          </li>
        )}
      </ul>
    </nav>
  );
}

/** First, last and the neighbours of the current page; null stands for a gap of two or more. */
export function pageNumbers(page: number, pages: number): (number | null)[] {
  const shown: (number | null)[] = [];
  let last = 0;
  for (let n = 1; n <= pages; n++) {
    if (n !== 1 && n !== pages && Math.abs(n - page) > 1) continue;
    if (n - last === 2) shown.push(n - 1);
    else if (n - last > 2) shown.push(null);
    shown.push(n);
    last = n;
  }
  return shown;
}

/**
 * Narrows a list. Fields inside are sent by GET; `active` are the filters that hold now, each with a way to drop it.
 * `folded` keeps the fields shut on narrow screens, where they would fill the first page; what is chosen is always seen.
 */
export function FilterBar(props: {
  action: string;
  children: ComponentChildren;
  active?: readonly { readonly label: string; readonly removeHref: string }[];
  clearHref?: string;
  hidden?: Readonly<Record<string, string | undefined>>;
  folded?: boolean;
}) {
  const words = useWords();
  const active = props.active ?? [];
  const form = (
    <form action={props.action} method="get">
      {Object.entries(props.hidden ?? {}).map(
        ([name, value]) =>
          value !== undefined && <input key={name} type="hidden" name={name} value={value} />,
      )}
      {props.children}
      <button class="button secondary" type="submit">
        <Icon name="filter" />
        {words.filter}
      </button>
    </form>
  );
  return (
    <section class="filter-bar" aria-label={words.filters}>
      {props.folded ? (
        <details class="details">
          <summary>{active.length > 0 ? `${words.filters} (${active.length})` : words.filters}</summary>
          {form}
        </details>
      ) : (
        form
      )}
      {active.length > 0 && (
        <ul class="chips" aria-label={words.chosen}>
          {active.map((filter) => (
            <li key={filter.label}>
              <a class="chip" href={filter.removeHref}>
                <span class="visually-hidden">{words.remove(filter.label)}</span>
                <span aria-hidden="true">{filter.label}</span>
                <Icon name="close" />
              </a>
            </li>
          ))}
          {props.clearHref && (
            <li>
              <a href={props.clearHref}>{words.clear}</a>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
