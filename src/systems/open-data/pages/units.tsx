import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Actions, Breadcrumbs, Empty, Grid, LinkButton, PageHead, SummaryList, Tile } from '#ui/index.ts';
import { feedsAt } from '../dcat/alternates.ts';
import { formerName } from '../former-names.ts';
import { searchOf, type Wanted } from '../search/search.ts';
import { DatasetCards, dueOf } from './catalogue.tsx';
import { answeringOf } from './coverage/answering.tsx';
import { FollowSection } from './follow.tsx';
import { datasetOf, here } from './kit.tsx';
import { Alternates } from './other-forms.tsx';

type Kind = 'organization' | 'group';
const tables = { organization: sql`od_organisation`, group: sql`od_group` };
const shown = 20;

function wanted(fq: readonly string[], rows: number, facets: readonly string[]): Wanted {
  return {
    q: '*:*',
    fq,
    sort: 'metadata_modified desc',
    rows,
    start: 0,
    facets,
    facetLimit: -1,
    facetMinCount: 1,
    includeDrafts: false,
    includePrivate: false,
    includeDeleted: false,
  };
}

const fieldOf = (kind: Kind) => (kind === 'organization' ? 'organization' : 'groups');

/** `/open-data/organization`, `/open-data/group`: who publishes, and about what, with counts. */
export function units(platform: Platform, kind: Kind) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const [{ rows }, found] = await Promise.all([
      platform.db.execute<{ name: string; title: string; description: string }>(
        sql`select name, title, description from ${tables[kind]} where state = 'active' order by title collate "uk-UA-x-icu", name`,
      ),
      searchOf(platform).find(c.var.visit.actor, wanted([], 0, [fieldOf(kind)])),
    ]);
    const counts = new Map(found.facets.get(fieldOf(kind))?.map((item) => [item.name, item.count]));
    const title = kind === 'organization' ? at.text.organisations : at.text.groups;
    return page(
      c,
      { title, width: 'wide' },
      <>
        <Breadcrumbs items={[{ title: at.text.portal, href: at.href('') }]} />
        <PageHead title={title} />
        {rows.length === 0 ? (
          <Empty title={at.text.none} icon="list" />
        ) : (
          <Grid>
            {rows.map((row) => {
              const count = counts.get(row.name) ?? 0;
              return (
                <Tile
                  key={row.name}
                  level={2}
                  title={row.title || row.name}
                  href={at.href(`/${kind}/${row.name}`)}
                  note={`${at.number(count)} ${at.text.datasets(count)}`}
                />
              );
            })}
          </Grid>
        )}
      </>,
    );
  };
}

/** `/open-data/organization/{name}`, `/open-data/group/{name}`: one of them with its newest datasets. */
export function unit(platform: Platform, kind: Kind) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const asked = c.req.param('name')!;
    const { rows } = await platform.db.execute<{
      id: string;
      name: string;
      title: string;
      description: string;
    }>(
      sql`select id, name, title, description from ${tables[kind]} where state = 'active'
        and (name = ${asked} or id::text = ${asked} or id = (${formerName(kind, asked)})) order by name = ${asked} desc limit 1`,
    );
    const [row] = rows;
    if (!row) throw new NotFound(kind);
    if (row.name !== asked) return c.redirect(at.href(`/${kind}/${row.name}`), 301);
    const found = await searchOf(platform).find(
      c.var.visit.actor,
      wanted([`${fieldOf(kind)}:"${row.name}"`], shown, []),
    );
    const datasets = found.packages.map((kept) => datasetOf(kept, at));
    return page(
      c,
      {
        title: row.title || row.name,
        description: row.description,
        width: 'wide',
        head: <Alternates list={feedsAt(`${at.site}/feeds/${kind}/${row.id}`)} />,
      },
      <>
        <Breadcrumbs
          items={[
            { title: at.text.portal, href: at.href('') },
            {
              title: kind === 'organization' ? at.text.organisations : at.text.groups,
              href: at.href(`/${kind}`),
            },
          ]}
        />
        <PageHead title={row.title || row.name} lead={row.description || undefined} />
        {kind === 'organization' && <SummaryList rows={await answeringOf(platform, at, row)} />}
        {datasets.length === 0 ? (
          <Empty title={at.text.noFiles} icon="data" />
        ) : (
          <>
            <DatasetCards
              at={at}
              datasets={datasets}
              due={await dueOf(platform.db, datasets)}
              now={platform.clock.now()}
            />
            <Actions>
              <LinkButton look="secondary" href={at.href('', { [fieldOf(kind)]: row.name })}>
                {kind === 'organization' ? at.text.answers : at.text.inGroup} ({at.number(found.count)})
              </LinkButton>
            </Actions>
          </>
        )}
        {await FollowSection({ platform, c, kind, object: row })}
      </>,
    );
  };
}
