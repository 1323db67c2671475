import { Readable } from 'node:stream';
import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { filesOf, openFile } from '#platform/files/index.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Badge,
  Breadcrumbs,
  Button,
  Form,
  LinkButton,
  Notice,
  PageHead,
  Section,
  SummaryList,
  Table,
} from '#ui/index.ts';
import { sayLoadFault } from '../../loading/faults.ts';
import type { LoadReport } from '../../loading/load-run.ts';
import type { Load } from '../../loading/loads.ts';
import { type Here, here } from '../kit.tsx';
import { versionText } from '../versions/text.ts';
import { checkTableTitle } from './check-table.tsx';
import { columnTextsTitle } from './column-texts.tsx';
import { ErrorGroups, PersonalGroups } from './error-groups.tsx';
import { type FixText, fixText } from './fix-text.ts';
import { ChooseOne } from './fixing.tsx';
import { ownLoad } from './own.ts';
import { type DeskText, deskText } from './text.ts';

/** `/open-data/desk/load/{id}`: what became of an upload, each repair and each fault with its cell. */
export function load(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = deskText(at.language);
    const words = fixText(at.language);
    const { load: found, resource } = await ownLoad(platform, c);
    const { dataset } = resource;
    const { report } = found;
    const csrf = c.var.visit.csrfToken();
    const place = `/desk/resource/${resource.id}`;
    const errors = { at, own, words, csrf, resource: place };
    const isNewest = resource.load === found.id;
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
        {(found.fault?.kind === 'archive-choose' || found.fault?.kind === 'sheet-choose') && isNewest && (
          <ChooseOne
            words={words}
            action={at.href(`${place}/fix`)}
            csrf={csrf}
            fix={found.fault.kind === 'archive-choose' ? 'entry' : 'sheet'}
            title={found.fault.kind === 'archive-choose' ? words.chooseEntry : words.chooseSheet}
            why={found.fault.kind === 'archive-choose' ? words.chooseEntryWhy : words.chooseSheetWhy}
            names={(found.fault.detail.names as string[] | undefined) ?? []}
          />
        )}
        {report && (
          <>
            {report.missing.length > 0 && (
              <Notice tone="danger">
                <p>{own.missing(report.missing.join(', '))}</p>
              </Notice>
            )}
            <Applied at={at} words={words} report={report} href={at.href(`${place}/rules`)} />
            {report.unusual.length > 0 && (
              <Notice tone="warning" title={words.unusual}>
                <ul>
                  {report.unusual.map((one) => (
                    <li key={words.saysUnusual(one)}>{words.saysUnusual(one)}</li>
                  ))}
                </ul>
                {isNewest && found.state === 'blocked' && (
                  <>
                    <p>{words.unusualWhy}</p>
                    <Form
                      action={at.href(`/desk/load/${found.id}/say`)}
                      csrf={csrf}
                      hidden={{ act: 'confirm' }}
                    >
                      <Button>{words.confirm}</Button>
                    </Form>
                  </>
                )}
              </Notice>
            )}
            {report.errorCounts.some(({ code }) => code.startsWith('personal-')) && (
              <Section title={words.personal}>
                <p>{words.personalWhy}</p>
                <PersonalGroups {...errors} report={report} />
              </Section>
            )}
            {report.errorCounts.some(({ code }) => !code.startsWith('personal-')) && (
              <Section title={own.errors}>
                <ErrorGroups {...errors} report={report} />
              </Section>
            )}
            {report.errors.length > 0 && (
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
                        cell: (repair) => versionText(at.language).rules[repair.rule] ?? repair.rule,
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
                  <Form action={at.href(`/desk/load/${found.id}/say`)} csrf={csrf} hidden={{ act: 'accept' }}>
                    <p>{words.acceptWhy}</p>
                    <Button look="secondary">{words.accept}</Button>
                  </Form>
                </>
              )}
            </Section>
            {report.columns && (
              <Section title={words.columns}>
                <p>{words.columnsLead}</p>
                <Table
                  caption={words.columns}
                  quietCaption
                  columns={[
                    { key: 'column', title: words.column, header: true, cell: (column) => column.id },
                    {
                      key: 'type',
                      title: words.type,
                      cell: ({ plan }) => (
                        <>
                          {words.types[plan.type]}
                          {plan.question && (
                            <>
                              {' '}
                              <Badge tone="warning">{words.questions[plan.question]}</Badge>
                            </>
                          )}
                        </>
                      ),
                    },
                    {
                      key: 'change',
                      title: words.change,
                      cell: ({ header }) => (
                        <a
                          href={at.href(`${place}/fix`, { column: header })}
                          aria-label={words.changeColumn(header)}
                        >
                          {words.change}
                        </a>
                      ),
                    },
                  ]}
                  rows={report.columns.slice(0, shownColumns)}
                  rowKey={(column) => column.id}
                />
                <Actions>
                  <LinkButton look="secondary" href={at.href(`${place}/table`)}>
                    {checkTableTitle(at.language)}
                  </LinkButton>
                  <LinkButton look="secondary" href={at.href(`${place}/columns`)}>
                    {columnTextsTitle(at.language)}
                  </LinkButton>
                </Actions>
              </Section>
            )}
            <OtherSheets
              words={words}
              report={report}
              csrf={csrf}
              action={at.href(`/desk/load/${found.id}/say`)}
            />
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

/** Columns of a table that the page draws. */
const shownColumns = 200;

/** Fixes that were remembered, and those among them that found nothing to do. */
function Applied(props: { at: Here; words: FixText; report: LoadReport; href: string }) {
  const { at, words, report } = props;
  if (report.rules.length === 0) return null;
  const idle = report.rules.filter(({ matched }) => matched === 0);
  return (
    <Notice title={words.applied(at.number(report.rules.length - idle.length))}>
      {idle.length > 0 && (
        <ul>
          {idle.map(({ id, fix }) => (
            <li key={id}>
              {words.does(fix)}: <strong>{words.matchedNothing}</strong>
            </li>
          ))}
        </ul>
      )}
      <p>
        <a href={props.href}>{words.remembered}</a>
      </p>
    </Notice>
  );
}

/** The other sheets of a workbook, each to be made a resource of its own. */
function OtherSheets(props: { words: FixText; report: LoadReport; csrf: string; action: string }) {
  const { words } = props;
  const names = props.report.notices.find(({ code }) => code === 'other-sheets')?.names ?? [];
  if (names.length === 0) return null;
  return (
    <Section title={words.otherSheets}>
      <p>{words.otherSheetsWhy}</p>
      <Form action={props.action} csrf={props.csrf} hidden={{ act: 'sheet' }} label={words.otherSheets}>
        <Actions>
          {names.slice(0, 20).map((name) => (
            <Button key={name} look="secondary" name="sheet" value={name}>
              {words.sheetResource(name)}
            </Button>
          ))}
        </Actions>
      </Form>
    </Section>
  );
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
