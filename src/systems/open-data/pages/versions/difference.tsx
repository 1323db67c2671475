import type { Context } from 'hono';
import { Refusal } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Badge,
  Empty,
  Grid,
  LinkButton,
  Notice,
  PageHead,
  Pagination,
  Section,
  StatFigure,
  Table,
} from '#ui/index.ts';
import { changesOf, compare, type Difference, type RowChange } from '../../columnar/diff.ts';
import { columnsOf } from '../../columnar/source.ts';
import { readVersion } from '../../read-version.ts';
import { type Version, versionsOf } from '../../versions.ts';
import { titleOf } from '../dataset.tsx';
import { Value } from '../grid.tsx';
import { pageOf } from '../kit.tsx';
import { onlyAddress } from '../reads.ts';
import { apiOf, type VersionPage, versionPage } from './kit.tsx';
import { Compare, VersionCrumbs } from './list.tsx';

const perPage = 50;
/** Versions that the form offers. */
const offered = 100;

/** `/open-data/dataset/{name}/resource/{id}/diff?from&to`: what has changed between two versions, counts first, then row by row. */
export function difference(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const found = await versionPage(platform, c, c.req.param('resource')!);
    const moved = onlyAddress(c, found.dataset);
    if (moved) return moved;
    const { at, own, resource, path, seesAll } = found;
    const { db } = platform;
    const all = (await versionsOf(db, resource.id, { open: !seesAll, limit: offered })).filter(
      (version) => !version.takenDownAt,
    );
    const named = async (text: string | undefined) => {
      const n = Number(/^v?(\d{1,9})$/.exec(text ?? '')?.[1] ?? Number.NaN);
      if (!Number.isInteger(n)) return null;
      return all.find((one) => one.n === n) ?? (await readVersion(db, resource.id, n, seesAll));
    };
    const after = (await named(c.req.query('to'))) ?? all[0] ?? null;
    const before =
      (await named(c.req.query('from'))) ?? all.find((one) => after !== null && one.n < after.n) ?? null;
    const head = (
      <>
        <VersionCrumbs found={found} toList />
        <PageHead
          title={own.difference}
          kicker={titleOf(resource)}
          lead={
            before && after
              ? `${own.version(before.n)} (${at.date(before.madeAt)}) → ${own.version(after.n).toLowerCase()} (${at.date(after.madeAt)})`
              : undefined
          }
        />
      </>
    );
    const options = {
      title: `${own.difference}: ${titleOf(resource)}`,
      width: 'wide',
      private: !found.isPublic,
      index: false,
    } as const;
    if (!before || !after)
      return page(
        c,
        options,
        <>
          {head}
          <Empty
            title={own.oneVersion}
            icon="data"
            action={<LinkButton href={at.href(path)}>{own.toCurrent}</LinkButton>}
          >
            <p>{own.oneVersionWhy}</p>
          </Empty>
        </>,
      );
    const form = <Compare found={found} versions={all.map(({ n }) => n)} from={before.n} to={after.n} />;
    const made = await differenceOf(platform, before, after, pageOf(c));
    if (typeof made === 'string')
      return page(
        c,
        options,
        <>
          {head}
          {form}
          <Notice tone="warning" title={own.tooMuch}>
            <p>{made === '' ? own.noTable : made}</p>
          </Notice>
        </>,
      );
    return page(
      c,
      options,
      <>
        {head}
        <Counts found={found} difference={made.difference} />
        {form}
        <Changes found={found} before={before} after={after} made={made} page={pageOf(c)} />
      </>,
    );
  };
}

interface Made {
  readonly difference: Difference;
  readonly total: number;
  readonly changes: readonly RowChange[];
}

/** @returns why there is none, where it cannot be made. */
async function differenceOf(
  platform: Platform,
  before: Version,
  after: Version,
  asked: number,
): Promise<Made | string> {
  if (!before.parquetSha256 || !after.parquetSha256) return '';
  try {
    const [old, now] = [await columnsOf(platform, before), await columnsOf(platform, after)];
    const found = await compare(platform, old, now, { asked: null, usual: after.key });
    const { added, changed, removed } = found.counts;
    return {
      difference: found,
      total: added + changed + removed,
      changes: await changesOf(platform, found, old, now, { limit: perPage, offset: (asked - 1) * perPage }),
    };
  } catch (error) {
    if (error instanceof Refusal && (error.status === 422 || error.status === 429)) return error.message;
    throw error;
  }
}

function Counts(props: { found: VersionPage; difference: Difference }) {
  const { at, own } = props.found;
  const { counts, columns, key } = props.difference;
  const names = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).join(', ');
  const type = (text: string) => at.text.types[text] ?? text;
  return (
    <>
      <Grid min="narrow">
        <StatFigure label={own.added} value={at.number(counts.added)} />
        <StatFigure label={own.changed} value={at.number(counts.changed)} />
        <StatFigure label={own.removed} value={at.number(counts.removed)} />
        <StatFigure label={own.same} value={at.number(counts.same)} />
      </Grid>
      <p class="muted">{key.length > 0 ? own.byKey(key.join(', ')) : own.byRow}</p>
      {columns.added.length + columns.removed.length + columns.retyped.length > 0 && (
        <Notice tone="info">
          {columns.added.length > 0 && <p>{own.columnsAdded(names(columns.added))}</p>}
          {columns.removed.length > 0 && <p>{own.columnsRemoved(names(columns.removed))}</p>}
          {columns.retyped.length > 0 && (
            <p>
              {own.columnsRetyped(
                columns.retyped
                  .map(({ id, before, after }) => `${id} (${type(before)} → ${type(after)})`)
                  .join(', '),
              )}
            </p>
          )}
        </Notice>
      )}
    </>
  );
}

function Changes(props: { found: VersionPage; before: Version; after: Version; made: Made; page: number }) {
  const { before, after, made, page: asked } = props;
  const { at, own, path, resource } = props.found;
  if (made.total === 0)
    return (
      <Empty title={own.sameData} icon="check">
        <p>{own.sameDataWhy}</p>
      </Empty>
    );
  const typeOf = (id: string, which: Version) =>
    which.fields.find((field) => field.id === id)?.type ?? 'text';
  const value = (one: unknown, type: string) =>
    one === null || one === undefined ? (
      <span class="muted">{own.empty}</span>
    ) : (
      <Value at={at} value={one} type={type} />
    );
  const tones = { added: 'good', changed: 'info', removed: 'danger' } as const;
  const first = (asked - 1) * perPage + 1;
  return (
    <Section title={own.cells}>
      <Table
        caption={own.difference}
        quietCaption
        columns={[
          {
            key: 'change',
            title: own.change,
            cell: (row) => <Badge tone={tones[row.change]}>{own[row.change]}</Badge>,
          },
          {
            key: 'row',
            title: own.row,
            header: true,
            cell: (row) => {
              const cells = row.change === 'changed' ? row.key : row.row;
              const { key } = made.difference;
              return key.length > 0 ? key.map((id) => String(cells[id])).join(', ') : `№ ${row._id}`;
            },
          },
          {
            key: 'cells',
            title: own.cells,
            cell: (row) => (
              <ul>
                {row.change === 'changed'
                  ? row.cells.map((cell) => (
                      <li key={cell.column}>
                        <span class="muted">{cell.column}:</span>{' '}
                        <del>{value(cell.before, typeOf(cell.column, before))}</del> →{' '}
                        <ins>{value(cell.after, typeOf(cell.column, after))}</ins>
                      </li>
                    ))
                  : Object.entries(row.row)
                      .filter(([, one]) => one !== null)
                      .map(([id, one]) => (
                        <li key={id}>
                          <span class="muted">{id}:</span>{' '}
                          {value(one, typeOf(id, row.change === 'added' ? after : before))}
                        </li>
                      ))}
              </ul>
            ),
          },
        ]}
        rows={made.changes}
        rowKey={(row) => `${row.change} ${row._id}`}
      />
      <Pagination
        page={asked}
        pages={Math.ceil(made.total / perPage)}
        href={(target) => at.href(`${path}/diff`, { from: before.n, to: after.n, page: target })}
        summary={at.text.shown(
          at.number(first),
          at.number(Math.min(first + perPage - 1, made.total)),
          at.number(made.total),
        )}
      />
      <Actions>
        <LinkButton
          look="secondary"
          href={apiOf(at, resource.id, `/diff?from=${before.n}&to=${after.n}&format=csv`)}
        >
          {own.allAsCsv}
        </LinkButton>
      </Actions>
    </Section>
  );
}
