import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Actions, Badge, LinkButton, Table } from '#ui/index.ts';
import { may } from '../../rights.ts';
import type { DatasetRow } from '../../served.ts';
import { servedVersion, type Version } from '../../versions.ts';
import { type Here, here, type ServedDataset, type ServedResource } from '../kit.tsx';
import { datasetFor } from '../reads.ts';
import { type VersionText, versionText } from './text.ts';

/** What each page about versions of a resource stands on. */
export interface VersionPage {
  readonly at: Here;
  readonly own: VersionText;
  readonly row: DatasetRow;
  readonly dataset: ServedDataset;
  readonly resource: ServedResource;
  /** Address of the resource below the portal. */
  readonly path: string;
  readonly served: Version | null;
  /** Versions that were never public are shown too. */
  readonly seesAll: boolean;
  readonly isPublic: boolean;
}

/** Reads it for whoever may; a stranger does not learn that there is something. @throws NotFound */
export async function versionPage(
  platform: Platform,
  c: Context<MistoEnv>,
  resourceId: string,
): Promise<VersionPage> {
  const at = here(c);
  const { row, dataset } = await datasetFor(platform, c, at, c.req.param('dataset')!);
  const resource = dataset.resources.find((one) => one.id === resourceId.toLowerCase());
  if (!resource) throw new NotFound('resource');
  return {
    at,
    own: versionText(at.language),
    row,
    dataset,
    resource,
    path: `/dataset/${dataset.name}/resource/${resource.id}`,
    served: await servedVersion(platform.db, resource.id),
    seesAll: await may(platform.db, c.var.visit.actor, 'read_private', row),
    isPublic: !row.private && (row.state === 'published' || row.state === 'archived'),
  };
}

/** Address of the native API of a resource. */
export const apiOf = (at: Here, resource: string, rest: string): string =>
  `${at.site.replace(/\/open-data$/, '')}/api/v1/open-data/resources/${resource}${rest}`;

/** What is to be said of a version beside its number. */
export function VersionBadges(props: { own: VersionText; version: Version; served: Version | null }) {
  const { own, version, served } = props;
  return (
    <>
      {version.n === served?.n && <Badge tone="good">{own.current}</Badge>}
      {version.takenDownAt && <Badge tone="danger">{own.takenDown}</Badge>}
      {version.openedAt === null && <Badge tone="warning">{own.hidden}</Badge>}
    </>
  );
}

/** Versions as rows: when, who, how many, what is new, and ways on. */
export function VersionTable(props: {
  at: Here;
  own: VersionText;
  path: string;
  versions: readonly Version[];
  served: Version | null;
}) {
  const { at, own, path, versions } = props;
  return (
    <Table
      caption={own.versions}
      quietCaption
      columns={[
        {
          key: 'n',
          title: own.version(0).replace(/\s*0$/, ''),
          header: true,
          nowrap: true,
          cell: (version) => (
            <>
              <a href={at.href(`${path}@v${version.n}`)}>{version.n}</a>{' '}
              <VersionBadges own={own} version={version} served={props.served} />
            </>
          ),
        },
        { key: 'when', title: own.when, cell: (version) => at.time(version.madeAt) },
        { key: 'who', title: own.who, cell: (version) => (version.takenDownAt ? '—' : version.authorName) },
        {
          key: 'rows',
          title: own.rows,
          numeric: true,
          cell: (version) => (version.takenDownAt ? '—' : at.number(version.rows)),
        },
        {
          key: 'note',
          title: own.note,
          cell: (version) => (version.takenDownAt ? '—' : version.note || '—'),
        },
        {
          key: 'ways',
          title: own.difference,
          cell: (version) =>
            version.n > 1 && !version.takenDownAt ? (
              <a href={at.href(`${path}/diff`, { to: version.n })}>
                {own.compareWith}
                <span class="visually-hidden">: {own.version(version.n)}</span>
              </a>
            ) : (
              '—'
            ),
        },
      ]}
      rows={versions}
      rowKey={(version) => String(version.n)}
    />
  );
}

/** Downloads of one version. */
export function VersionDownloads(props: { at: Here; own: VersionText; version: Version; isMap: boolean }) {
  const { at, own, version } = props;
  const href = (rest: string) => apiOf(at, version.resource, rest);
  return (
    <Actions>
      {version.rawFile && !version.rawClosed && (
        <LinkButton look="secondary" href={href(`/versions/${version.n}/original`)}>
          {own.original}
        </LinkButton>
      )}
      {version.parquetSha256 && (
        <>
          <LinkButton look="quiet" href={href(`/export.csv?version=${version.n}`)}>
            CSV
          </LinkButton>
          <LinkButton look="quiet" href={href(`/export.csv?version=${version.n}&for=excel`)}>
            {own.excel}
          </LinkButton>
          {(['xlsx', 'json', 'parquet', ...(props.isMap ? (['geojson'] as const) : [])] as const).map(
            (format) => (
              <LinkButton key={format} look="quiet" href={href(`/export.${format}?version=${version.n}`)}>
                {format === 'geojson' ? 'GeoJSON' : format.toUpperCase()}
              </LinkButton>
            ),
          )}
        </>
      )}
    </Actions>
  );
}
