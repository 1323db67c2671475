import { toGeoJson } from '#platform/geo/index.ts';
import { Empty, Grid, LinkButton, Notice, PageHead, Pagination, Search, Table, Tile } from '#ui/index.ts';
import { readCity } from '../../../city.ts';
import { type Listed, listData } from '../../../city-editing/edit.ts';
import { importKinds } from '../../../city-editing/import.ts';
import { dataKinds, type KindName } from '../../../city-editing/index.ts';
import { pageOf } from '../../kit.tsx';
import { kindIn } from './item.tsx';
import { type CityDesk, cityPage } from './kit.tsx';
import { specs } from './specs/index.ts';

type Row = Listed['rows'][number];

/** How many things a page of a list shows. */
const perPage = 50;

/** `/desk/administrator`: everything that is data, with how much of it there is. */
export async function homePage(desk: CityDesk): Promise<Response> {
  const { words, at } = desk;
  const names = Object.keys(dataKinds) as KindName[];
  const totals = await Promise.all(
    names.map(
      async (name) => (await listData(desk.platform.db, dataKinds[name], '', { limit: 0, offset: 0 })).total,
    ),
  );
  return cityPage(
    desk,
    { title: words.title },
    <>
      <PageHead
        title={words.title}
        lead={words.lead}
        actions={
          <LinkButton href={desk.href('/imports')} look="secondary">
            {words.imports}
          </LinkButton>
        }
      />
      <Grid>
        {names.map((name, index) => (
          <Tile
            key={name}
            level={2}
            title={words.kinds[name]}
            href={name === 'settings' ? desk.href('/settings/edit') : desk.href(`/${name}`)}
            summary={words.about[name]}
            {...(name === 'settings' ? {} : { note: words.howMany(at.number(totals[index]!)) })}
          />
        ))}
        <Tile level={2} title={words.rules} href={at.href('/desk/rules')} summary={words.aboutRules} />
        <Tile level={2} title={words.keys} href={desk.href('/open311-keys')} summary={words.aboutKeys} />
      </Grid>
    </>,
  );
}

/** `/desk/administrator/{district,zone}.geojson`: areas as their import takes them. */
export async function areasFile(desk: CityDesk, kind: 'district' | 'zone'): Promise<Response> {
  const city = await readCity(desk.platform.db);
  const areas = kind === 'district' ? city.districts : city.zones;
  const names = new Map(areas.map(({ code, name }) => [code, name]));
  const document = toGeoJson(areas, ({ code }) => {
    const name = names.get(code)!;
    return { code, 'name-uk': name.uk, 'name-en': name.en };
  });
  return desk.c.body(JSON.stringify(document), 200, {
    'content-type': 'application/geo+json; charset=utf-8',
    'content-disposition': `attachment; filename="${kind}s.geojson"`,
  });
}

/** `/desk/administrator/{kind}`: the things of a kind, searched and paged. */
export async function listPage(desk: CityDesk): Promise<Response> {
  const { words, at } = desk;
  const kind = kindIn(desk);
  const typed = desk.c.req.query('q') ?? '';
  const page = pageOf(desk.c);
  const [found, city] = await Promise.all([
    listData(desk.platform.db, dataKinds[kind], typed, { limit: perPage, offset: (page - 1) * perPage }),
    readCity(desk.platform.db),
  ]);
  const spec = specs[kind];
  const first = (page - 1) * perPage + 1;
  const retired = desk.c.req.query('retired') ?? '';
  const [gone] = retired ? await dataKinds[kind].versions(desk.platform.db, retired) : [];
  const columns = spec.columns(desk, city);
  return cityPage(
    desk,
    { title: words.kinds[kind], trail: [] },
    <>
      {gone && (
        <Notice tone="good" live>
          <p>
            {words.retired(spec.nameOf(gone.body, desk))}{' '}
            <a href={desk.href(`/${kind}/versions`, { id: retired })}>{words.versions}</a>
          </p>
        </Notice>
      )}
      <PageHead
        title={words.kinds[kind]}
        lead={words.about[kind]}
        actions={
          <>
            {!('closed' in dataKinds[kind]) && (
              <LinkButton href={desk.href(`/${kind}/edit`)} icon="plus">
                {words.newOf[kind]}
              </LinkButton>
            )}
            {kind === 'category' && (
              <LinkButton href={desk.href('/category/edit', { as: 'branch' })} look="secondary">
                {words.newBranch}
              </LinkButton>
            )}
            {(kind === 'district' || kind === 'zone') && (
              <LinkButton href={desk.href(`/${kind}.geojson`)} look="secondary">
                {words.exportFile}
              </LinkButton>
            )}
            {kind === 'day' && (
              <LinkButton href={desk.href('/recount')} look="secondary">
                {words.recount}
              </LinkButton>
            )}
            {kind in importKinds && (
              <LinkButton href={desk.href('/imports', { kind })} look="secondary">
                {words.importFile}
              </LinkButton>
            )}
          </>
        }
      />
      <Search action={desk.href(`/${kind}`)} value={typed} label={words.search} />
      <Table
        caption={words.kinds[kind]}
        quietCaption
        rows={found.rows}
        rowKey={(row) => row.id}
        empty={
          <Empty title={words.nothing} icon="search">
            <p>{words.nothingWhy}</p>
          </Empty>
        }
        columns={columns.map((column, index) => ({
          key: String(index),
          title: column.title,
          header: index === 0,
          cell: (row: Row) =>
            index === 0 ? (
              <a href={desk.href(`/${kind}/edit`, { id: row.id })}>{column.cell(row.body)}</a>
            ) : (
              column.cell(row.body)
            ),
        }))}
      />
      <Pagination
        page={page}
        pages={Math.max(1, Math.ceil(found.total / perPage))}
        href={(n) => desk.href(`/${kind}`, { q: typed, page: n === 1 ? null : n })}
        summary={words.shown(
          at.number(found.rows.length ? first : 0),
          at.number(found.rows.length ? first + found.rows.length - 1 : 0),
          at.number(found.total),
        )}
      />
    </>,
  );
}
