import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import { type Language, messages } from '#platform/i18n/index.ts';
import type { MistoEnv } from '#platform/system.ts';
import { Empty, PageHead, Pagination, Search, Table } from '#ui/index.ts';
import { type OfficialTable, officialTable, officialTables } from '../checks/official-tables.ts';
import { csvTemplate, xlsxTemplate } from '../checks/templates.ts';
import { type Here, here, pageOf } from './kit.tsx';

const text = messages(
  {
    title: 'Таблиці за постановою № 835',
    lead: 'Рекомендовані таблиці наборів даних: заповніть порожній зразок, і файл пройде перевірку без зауважень.',
    appendix: 'Додаток',
    dataset: 'Набір даних',
    table: 'Таблиця',
    columns: 'Стовпців',
    required: (n: string) => `обовʼязкових: ${n}`,
    template: 'Порожній зразок',
    search: 'Назва набору або таблиці',
    none: 'Такої таблиці немає',
    noneWhy: 'Спробуйте інше слово з назви набору.',
    templateOf: (format: string, table: string) => `${format}: ${table}`,
    option: (appendix: number, dataset: string, table: string) =>
      `Додаток ${appendix}. ${dataset} (${table})`,
  },
  {
    en: {
      title: 'Tables of Resolution 835',
      lead: 'Recommended tables of datasets: fill in an empty template, and the file passes the check.',
      appendix: 'Appendix',
      dataset: 'Dataset',
      table: 'Table',
      columns: 'Columns',
      required: (n) => `required: ${n}`,
      template: 'Empty template',
      search: 'Name of a dataset or a table',
      none: 'There is no such table',
      noneWhy: 'Try another word of the name of the dataset.',
      templateOf: (format, table) => `${format}: ${table}`,
      option: (appendix, dataset, table) => `Appendix ${appendix}. ${dataset} (${table})`,
    },
  },
);

/** A table as it stands in a list of choices. */
export const tableTitle = (language: Language, { appendix, dataset, table }: OfficialTable): string =>
  text(language).option(appendix, dataset, table);

/** Where the empty template of a table is. */
export const templateHref = (at: Here, { appendix, table }: OfficialTable, format: 'csv' | 'xlsx'): string =>
  at.href(`/tables/${appendix}/${table}.${format}`);

const perPage = 30;

/** `/open-data/tables`: the official tables with their empty templates. */
export const tables = (c: Context<MistoEnv>) => {
  const at = here(c);
  const words = text(at.language);
  const q = (c.req.query('q') ?? '').trim().slice(0, 200);
  const found = officialTables.filter((table) =>
    tableTitle(at.language, table).toLowerCase().includes(q.toLowerCase()),
  );
  const number = pageOf(c);
  return page(
    c,
    { title: words.title, width: 'wide' },
    <>
      <PageHead title={words.title} lead={words.lead} />
      <Search action={at.href('/tables')} label={words.search} value={q} />
      <Table
        caption={words.title}
        quietCaption
        columns={[
          { key: 'appendix', title: words.appendix, numeric: true, cell: ({ appendix }) => appendix },
          { key: 'dataset', title: words.dataset, header: true, cell: ({ dataset }) => dataset },
          { key: 'table', title: words.table, cell: ({ table }) => <span class="mono">{table}</span> },
          {
            key: 'columns',
            title: words.columns,
            cell: ({ schema: { columns } }) =>
              `${at.number(columns.length)} (${words.required(at.number(columns.filter(({ required }) => required).length))})`,
          },
          {
            key: 'template',
            title: words.template,
            cell: (table) =>
              (['xlsx', 'csv'] as const).map((format, n) => (
                <>
                  {n > 0 && ' · '}
                  <a
                    href={templateHref(at, table, format)}
                    aria-label={words.templateOf(format.toUpperCase(), table.table)}
                  >
                    {format.toUpperCase()}
                  </a>
                </>
              )),
          },
        ]}
        rows={found.slice((number - 1) * perPage, number * perPage)}
        rowKey={({ id }) => id}
        empty={
          <Empty title={words.none}>
            <p>{words.noneWhy}</p>
          </Empty>
        }
      />
      <Pagination
        page={number}
        pages={Math.ceil(found.length / perPage)}
        href={(target) => at.href('/tables', { q, page: target })}
      />
    </>,
  );
};

/** `/open-data/tables/{appendix}/{table}.{csv|xlsx}` */
export const template = (c: Context<MistoEnv>) => {
  const [, name, format] = /^(.+)\.(csv|xlsx)$/.exec(c.req.param('file') ?? '') ?? [];
  const found = officialTable(`835/${c.req.param('appendix')}/${name}`);
  if (!found) throw new NotFound('table');
  const isCsv = format === 'csv';
  return c.body(isCsv ? csvTemplate(found.schema) : new Uint8Array(xlsxTemplate(found.schema)), 200, {
    'content-type': isCsv
      ? 'text/csv; charset=utf-8'
      : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'content-disposition': `attachment; filename="${found.appendix}-${found.table}.${format}"`,
    'cache-control': 'public, max-age=3600',
    'x-content-type-options': 'nosniff',
  });
};
