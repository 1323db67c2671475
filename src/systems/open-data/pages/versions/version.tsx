import type { Context } from 'hono';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { LinkButton, Notice, PageHead, Pagination, Section, SummaryList, Table } from '#ui/index.ts';
import { placesOf } from '../../columnar/places.ts';
import { keptProfile } from '../../columnar/profile.ts';
import { reportOf } from '../../columnar/reports.ts';
import { searchColumns } from '../../columnar/search.ts';
import { columnsOf } from '../../columnar/source.ts';
import { readVersion } from '../../read-version.ts';
import { findVersion, type Version } from '../../versions.ts';
import { titleOf } from '../dataset.tsx';
import { Value } from '../grid.tsx';
import { pageOf } from '../kit.tsx';
import { onlyAddress } from '../reads.ts';
import { VersionBadges, VersionDownloads, type VersionPage, versionPage } from './kit.tsx';
import { VersionCrumbs } from './list.tsx';
import { ColumnProfiles } from './profile.tsx';
import { RepairReport, ValidationReport } from './reports.tsx';

const perPage = 50;

/**
 * `/open-data/dataset/{name}/resource/{id}@v3`: a version at an address that never changes: to cite, to download, with what was found
 * in its file. Of what was taken down stays a stone with its name.
 */
export function version(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const [id, n] = c.req.param('version')!.split('@v') as [string, string];
    const found = await versionPage(platform, c, id);
    const moved = onlyAddress(c, found.dataset);
    if (moved) return moved;
    const { at, own, resource, path, served } = found;
    const version = await readVersion(platform.db, resource.id, Number(n), found.seesAll);
    const head = (
      <>
        <VersionCrumbs found={found} toList />
        <PageHead
          title={`${titleOf(resource)}: ${own.version(version.n).toLowerCase()}`}
          kicker={<VersionBadges own={own} version={version} served={served} />}
          lead={version.takenDownAt ? undefined : version.note || undefined}
        />
      </>
    );
    const title = `${titleOf(resource)}, ${own.version(version.n).toLowerCase()}`;
    if (version.takenDownAt)
      return page(
        c,
        { title, status: 410, width: 'wide', private: !found.isPublic },
        <>
          {head}
          <Notice tone="warning" title={own.takenDown}>
            <p>{own.takenDownWhy}</p>
          </Notice>
          <SummaryList
            rows={[
              { name: own.when, value: at.time(version.madeAt) },
              { name: own.takenDown, value: at.time(version.takenDownAt) },
              ...(version.takedownReason ? [{ name: own.why, value: version.takedownReason }] : []),
              { name: own.rawHash, value: <span class="mono">{version.rawSha256}</span> },
            ]}
          />
        </>,
      );
    const report = await reportOf(platform.db, version);
    return page(
      c,
      { title, description: title, width: 'wide', private: !found.isPublic },
      <>
        {head}
        {served && version.n !== served.n && (
          <Notice tone="info">
            <p>
              {own.old(at.number(version.n), at.date(version.madeAt))}{' '}
              <a href={at.href(path)}>{own.toCurrent}</a>
            </p>
          </Notice>
        )}
        <VersionDownloads at={at} own={own} version={version} isMap={placesOf(version.fields) !== null} />
        <About found={found} version={version} />
        <Cite found={found} version={version} origin={c.var.visit.origin} />
        {version.parquetSha256 && (
          <>
            <Rows
              found={found}
              version={version}
              page={pageOf(c)}
              records={await recordsOf(platform, version, pageOf(c))}
            />
            <ColumnProfiles at={at} own={own} profile={await keptProfile(platform, version)} />
          </>
        )}
        <ValidationReport at={at} own={own} version={version} report={report} />
        <RepairReport at={at} own={own} version={version} report={report} />
        {version.n > 1 && (await isReadable(platform, found, version.n - 1)) && (
          <p>
            <LinkButton look="secondary" href={at.href(`${path}/diff`, { to: version.n })}>
              {own.compareWith}
            </LinkButton>
          </p>
        )}
      </>,
    );
  };
}

async function isReadable(
  platform: Platform,
  { resource, seesAll }: VersionPage,
  n: number,
): Promise<boolean> {
  const before = await findVersion(platform.db, resource.id, n);
  return before.takenDownAt === null && (seesAll || before.openedAt !== null);
}

async function recordsOf(platform: Platform, version: Version, asked: number): Promise<unknown[][]> {
  const { records } = await searchColumns(platform, await columnsOf(platform, version), {
    limit: perPage,
    offset: (asked - 1) * perPage,
    format: 'lists',
    withTotal: false,
  });
  return JSON.parse(records) as unknown[][];
}

function About(props: { found: VersionPage; version: Version }) {
  const { version } = props;
  const { at, own } = props.found;
  return (
    <Section title={own.about}>
      <SummaryList
        rows={[
          {
            name: own.when,
            value: <time dateTime={version.madeAt.toISOString()}>{at.time(version.madeAt)}</time>,
          },
          { name: own.who, value: version.authorName },
          { name: own.source, value: own.sources[version.source] ?? version.source },
          { name: own.rows, value: at.number(version.rows) },
          ...(version.refused > 0 ? [{ name: own.refused, value: at.number(version.refused) }] : []),
          ...(version.key.length > 0 ? [{ name: own.key, value: version.key.join(', ') }] : []),
          ...(version.rawClosed
            ? []
            : [{ name: own.rawHash, value: <span class="mono">{version.rawSha256}</span> }]),
          { name: own.dataHash, value: <span class="mono">{version.dataSha256}</span> },
        ]}
      />
    </Section>
  );
}

/** Words to put into a text, with the address that stays. */
function Cite(props: { found: VersionPage; version: Version; origin: string }) {
  const { at, own, dataset, resource, path } = props.found;
  const { version } = props;
  const publisher = dataset.organization?.title || dataset.organization?.name;
  const address = `${at.site}${path}@v${version.n}`;
  const words = [
    publisher,
    `${dataset.title}: ${titleOf(resource)}, ${own.version(version.n).toLowerCase()}`,
    at.date(version.madeAt),
    dataset.license_title,
  ].filter(Boolean);
  return (
    <Section title={own.cite}>
      <blockquote>
        <p>
          {words.join('. ')}. <a href={address}>{address}</a>
        </p>
      </blockquote>
    </Section>
  );
}

function Rows(props: {
  found: VersionPage;
  version: Version;
  page: number;
  records: readonly (readonly unknown[])[];
}) {
  const { version, page: asked, records } = props;
  const { at, own, path } = props.found;
  const columns = [
    { id: '_id', type: 'int8', label: '№' },
    ...version.fields.map((field) => ({ ...field, label: String(field.info?.label || field.id) })),
  ];
  const first = (asked - 1) * perPage + 1;
  return (
    <Section title={own.data}>
      <Table
        caption={own.data}
        quietCaption
        columns={columns.map((column, n) => ({
          key: column.id,
          title: column.label,
          header: n === 0,
          numeric: ['int4', 'int8', 'float8', 'numeric'].includes(column.type),
          cell: (cells: readonly unknown[]) => <Value at={at} value={cells[n]} type={column.type} />,
        }))}
        rows={records}
        rowKey={(cells) => String(cells[0])}
        empty={<p>{at.text.noRows}</p>}
      />
      <Pagination
        page={asked}
        pages={Math.ceil(version.rows / perPage)}
        href={(target) => at.href(`${path}@v${version.n}`, { page: target })}
        summary={
          records.length > 0
            ? at.text.shown(at.number(first), at.number(first + records.length - 1), at.number(version.rows))
            : ''
        }
      />
    </Section>
  );
}
