import { Readable } from 'node:stream';
import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { filesOf, openFile } from '#platform/files/index.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Breadcrumbs,
  LinkButton,
  Notice,
  PageHead,
  Section,
  SummaryList,
  Table,
} from '#ui/index.ts';
import { findDataset } from '../../datasets.ts';
import { sayLoadFault } from '../../loading/faults.ts';
import { findLoad, type Load } from '../../loading/loads.ts';
import { isUuid } from '../../names.ts';
import { may } from '../../rights.ts';
import type { DatasetRow } from '../../served.ts';
import { type Here, here } from '../kit.tsx';
import { type DeskText, deskText } from './text.ts';

/** Errors that the page draws; the file has all. */
const shownErrors = 100;

async function ownLoad(
  platform: Platform,
  c: Context<MistoEnv>,
): Promise<{ readonly load: Load; readonly dataset: DatasetRow }> {
  const id = c.req.param('load')!;
  if (!isUuid(id)) throw new NotFound('load');
  const load = await findLoad(platform.db, id);
  const { rows } = await platform.db.execute<{ dataset: string }>(
    sql`select dataset from od_resource where id = ${load.resource}`,
  );
  const dataset = rows[0] && (await findDataset(platform.db, rows[0].dataset));
  if (!dataset || !(await may(platform.db, c.var.visit.actor, 'write', dataset))) throw new NotFound('load');
  return { load, dataset };
}

/** `/open-data/desk/load/{id}`: what became of an upload, each repair and each fault with its cell. */
export function load(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = deskText(at.language);
    const { load: found, dataset } = await ownLoad(platform, c);
    const { report } = found;
    return page(
      c,
      { title: `${own.report}: ${found.fileName}`, shell: 'desk', width: 'wide' },
      <>
        <Breadcrumbs
          items={[
            { title: own.desk, href: at.href('/desk') },
            { title: dataset.title || dataset.name, href: at.href(`/desk/dataset/${dataset.name}`) },
          ]}
        />
        <PageHead title={found.fileName} kicker={own.report} />
        <Outcome at={at} own={own} load={found} />
        {found.endedAt === null && (
          <Actions>
            <LinkButton look="secondary" href={at.href(`/desk/load/${found.id}`)}>
              {own.refresh}
            </LinkButton>
          </Actions>
        )}
        {report && (
          <>
            {report.missing.length > 0 && (
              <Notice tone="danger">
                <p>{own.missing(report.missing.join(', '))}</p>
              </Notice>
            )}
            {report.errors.length > 0 && (
              <Section title={own.errors}>
                <Table
                  caption={own.errors}
                  quietCaption
                  columns={[
                    {
                      key: 'place',
                      title: own.place,
                      header: true,
                      cell: (error) => (
                        <span class="mono">
                          {error.letter}
                          {error.file_row}
                        </span>
                      ),
                    },
                    { key: 'column', title: own.column, cell: (error) => error.column },
                    { key: 'value', title: own.value, cell: (error) => error.value ?? own.emptyCell },
                    { key: 'hint', title: own.hint, cell: (error) => error.hint_uk },
                  ]}
                  rows={report.errors.slice(0, shownErrors)}
                  rowKey={(error) => `${error.row} ${error.column} ${error.code}`}
                />
                <Actions>
                  {found.errorsFile && (
                    <LinkButton look="secondary" href={at.href(`/desk/load/${found.id}/errors`)}>
                      {own.allErrors}
                    </LinkButton>
                  )}
                  {found.refusedFile && (
                    <LinkButton look="secondary" href={at.href(`/desk/load/${found.id}/refused`)}>
                      {own.refused}
                    </LinkButton>
                  )}
                </Actions>
              </Section>
            )}
            <Section title={own.repairs}>
              {report.repairs.length === 0 ? (
                <p>{own.noRepairs}</p>
              ) : (
                <>
                  <p>{own.repairsLead}</p>
                  <Table
                    caption={own.repairs}
                    quietCaption
                    columns={[
                      { key: 'column', title: own.column, header: true, cell: (repair) => repair.column },
                      {
                        key: 'rule',
                        title: own.change,
                        cell: (repair) => own.rules[repair.rule] ?? repair.rule,
                      },
                      {
                        key: 'count',
                        title: own.count,
                        numeric: true,
                        cell: (repair) => at.number(repair.count),
                      },
                      {
                        key: 'example',
                        title: own.example,
                        cell: (repair) => (
                          <>
                            <del>{repair.example.before}</del> →{' '}
                            <ins>{repair.example.after ?? own.emptyCell}</ins>
                          </>
                        ),
                      },
                    ]}
                    rows={report.repairs}
                    rowKey={(repair) => `${repair.column} ${repair.rule}`}
                  />
                </>
              )}
            </Section>
            {report.notices.length > 0 && (
              <Section title={own.notices}>
                <ul>
                  {report.notices.map((notice) => (
                    <li key={notice.code}>
                      {own.notice[notice.code] ?? notice.code}: {at.number(notice.count)}
                      {notice.names && notice.names.length > 0 && ` (${notice.names.join(', ')})`}
                    </li>
                  ))}
                </ul>
              </Section>
            )}
            <Section title={own.how}>
              <SummaryList
                rows={[
                  { name: own.format, value: report.source.format.toUpperCase() },
                  ...(report.source.encoding ? [{ name: own.encoding, value: report.source.encoding }] : []),
                  ...(report.source.dialect
                    ? [
                        {
                          name: own.delimiter,
                          value: <code>{JSON.stringify(report.source.dialect.delimiter)}</code>,
                        },
                      ]
                    : []),
                  ...(report.source.sheet ? [{ name: own.sheet, value: report.source.sheet }] : []),
                  { name: own.headerRows, value: at.number(report.source.headerRows) },
                  { name: own.skipped, value: at.number(report.source.skippedRows) },
                  {
                    name: own.rows,
                    value: [report.rows.read, report.rows.published, report.rows.refused]
                      .map((count) => at.number(count))
                      .join(' / '),
                  },
                ]}
              />
            </Section>
          </>
        )}
      </>,
    );
  };
}

function Outcome(props: { at: Here; own: DeskText; load: Load }) {
  const { at, own, load: found } = props;
  if (found.endedAt === null)
    return (
      <Notice title={own.loadStates[found.state]}>
        <p>{own.running}</p>
      </Notice>
    );
  if (found.state === 'failed')
    return (
      <Notice tone="danger" title={own.failed}>
        <p>
          {found.fault?.kind === 'overtaken'
            ? own.overtaken
            : sayLoadFault(
                at.language,
                (found.fault?.kind ?? 'unknown-format') as 'empty',
                found.fault?.detail ?? {},
              )}
        </p>
      </Notice>
    );
  if (found.state === 'blocked')
    return (
      <Notice tone="danger" title={own.blocked}>
        <p>{own.blockedWhy}</p>
      </Notice>
    );
  return (
    <Notice tone="good" title={own.published}>
      <p>
        {found.unchanged ? own.unchanged : own.publishedHow(at.number(found.report?.rows.published ?? 0))}
      </p>
    </Notice>
  );
}

const reports = {
  errors: (found: Load) => found.errorsFile,
  refused: (found: Load) => found.refusedFile,
} as const;

/** `/open-data/desk/load/{id}/{errors|refused}`: a report as a file. */
export function reportFile(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const { load: found } = await ownLoad(platform, c);
    const kind = c.req.param('report') as keyof typeof reports;
    const id = reports[kind]?.(found);
    if (!id) throw new NotFound('report');
    const file = await openFile(platform.db, filesOf(platform.config), id);
    return new Response(Readable.toWeb(Readable.from(file.content)) as ReadableStream, {
      headers: {
        'content-type': file.type,
        'content-disposition': `attachment; filename="${kind}.${kind === 'errors' ? 'csv' : 'ndjson'}"`,
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
      },
    });
  };
}
