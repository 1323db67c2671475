import { NotFound } from '#platform/errors.ts';
import { Actions, Empty, LinkButton, PageHead, Section, Table } from '#ui/index.ts';
import { readCity } from '../../../city.ts';
import { difference } from '../../../city-editing/edit.ts';
import { dataKinds } from '../../../city-editing/index.ts';
import type { Body } from '../../../city-editing/kind.ts';
import { fromFiles } from '../../../city-editing/versions.ts';
import { kindIn } from './item.tsx';
import { type CityDesk, cityPage } from './kit.tsx';
import { labelsOf, shownValue, specs } from './specs/index.ts';

interface Changed {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** `/desk/administrator/{kind}/versions?id=&of=&against=`: every version, and what two of them differ in. */
export async function versionsPage(desk: CityDesk): Promise<Response> {
  const { words, at, c } = desk;
  const kind = kindIn(desk);
  const id = c.req.query('id') ?? '';
  const versions = await dataKinds[kind].versions(desk.platform.db, id);
  const newest = versions[0];
  if (!newest) throw new NotFound('data');
  const chosen = (name: string, other: number) => {
    const asked = c.req.query(name);
    const wanted = asked === undefined ? other : Number(asked);
    return versions.find(({ version }) => version === wanted);
  };
  const after = chosen('of', newest.version);
  if (!after) throw new NotFound('version');
  const before = chosen('against', after.version - 1) ?? null;
  const city = await readCity(desk.platform.db);
  const empty: Body | null = before?.body ?? null;
  const flat = dataKinds[kind].flat(after.body);
  const groups = specs[kind].groups(desk, city, { ...(empty ? dataKinds[kind].flat(empty) : {}), ...flat });
  const labels = labelsOf(groups);
  const rows = empty
    ? difference(dataKinds[kind], empty, after.body)
    : Object.entries(flat)
        .filter(([, value]) => value !== '')
        .map(([field, value]) => ({ field, before: '', after: value }));
  const title = specs[kind].nameOf(after.body, desk);
  return cityPage(
    desk,
    {
      title: `${words.versions}: ${title}`,
      trail: [
        { title: words.kinds[kind], href: desk.href(`/${kind}`) },
        { title, href: desk.href(`/${kind}/edit`, { id }) },
      ],
    },
    <>
      <PageHead title={title} kicker={words.versions} />
      <Section title={words.all}>
        <Table
          caption={words.versions}
          quietCaption
          rows={versions}
          rowKey={(row) => String(row.version)}
          columns={[
            {
              key: 'version',
              title: words.versionColumn,
              header: true,
              cell: (row) => (
                <a
                  href={desk.href(`/${kind}/versions`, { id, of: row.version })}
                  aria-current={row.version === after.version ? 'true' : undefined}
                >
                  {words.version(row.version)}
                </a>
              ),
            },
            {
              key: 'author',
              title: words.author,
              cell: (row) => (row.author === fromFiles ? words.cityFiles : row.author),
            },
            { key: 'at', title: words.when, cell: (row) => (row.at ? at.time(row.at) : '–') },
            {
              key: 'against',
              title: words.compare,
              cell: (row) =>
                row.version === after.version ? (
                  '–'
                ) : (
                  <a href={desk.href(`/${kind}/versions`, { id, of: after.version, against: row.version })}>
                    {words.compareWith(after.version, row.version)}
                  </a>
                ),
            },
          ]}
        />
      </Section>
      <Section title={before ? words.between(before.version, after.version) : words.version(after.version)}>
        <Table
          caption={words.difference}
          quietCaption
          rows={rows}
          rowKey={(row) => row.field}
          empty={<Empty title={words.noDifference} />}
          columns={[
            {
              key: 'field',
              title: words.field,
              header: true,
              cell: (row) => labels.get(row.field) ?? row.field,
            },
            ...(before
              ? [
                  {
                    key: 'before',
                    title: words.version(before.version),
                    cell: (row: Changed) => shownValue(groups, row.field, row.before),
                  },
                ]
              : []),
            {
              key: 'after',
              title: words.version(after.version),
              cell: (row: Changed) => shownValue(groups, row.field, row.after),
            },
          ]}
        />
      </Section>
      <Actions>
        <LinkButton href={desk.href(`/${kind}/edit`, { id })} look="secondary">
          {words.toForm}
        </LinkButton>
      </Actions>
    </>,
  );
}
