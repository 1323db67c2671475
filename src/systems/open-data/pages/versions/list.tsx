import type { Context } from 'hono';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Breadcrumbs, Button, Empty, PageHead, Pagination, Section, Select } from '#ui/index.ts';
import { countVersions, versionsOf } from '../../versions.ts';
import { titleOf } from '../dataset.tsx';
import { pageOf } from '../kit.tsx';
import { onlyAddress } from '../reads.ts';
import { apiOf, type VersionPage, VersionTable, versionPage } from './kit.tsx';

const perPage = 50;

/** Ways up from a page about versions. */
export function VersionCrumbs(props: { found: VersionPage; toList?: boolean }) {
  const { at, own, dataset, resource, path } = props.found;
  return (
    <Breadcrumbs
      items={[
        { title: at.text.portal, href: at.href('') },
        { title: dataset.title, href: at.href(`/dataset/${dataset.name}`) },
        { title: titleOf(resource), href: at.href(path) },
        ...(props.toList ? [{ title: own.versions, href: at.href(`${path}/versions`) }] : []),
      ]}
    />
  );
}

/** `/open-data/dataset/{name}/resource/{id}/versions`: every state of the data that people may still read, and a way to compare two. */
export function versionList(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const found = await versionPage(platform, c, c.req.param('resource')!);
    const moved = onlyAddress(c, found.dataset);
    if (moved) return moved;
    const { at, own, resource, path, seesAll } = found;
    const which = { open: !seesAll };
    const asked = pageOf(c);
    const [total, versions] = await Promise.all([
      countVersions(platform.db, resource.id, which),
      versionsOf(platform.db, resource.id, { ...which, limit: perPage, offset: (asked - 1) * perPage }),
    ]);
    return page(
      c,
      { title: `${own.versions}: ${titleOf(resource)}`, width: 'wide', private: !found.isPublic },
      <>
        <VersionCrumbs found={found} />
        <PageHead title={own.versions} kicker={titleOf(resource)} lead={own.versionsLead} />
        {versions.length === 0 ? (
          <Empty title={own.none} icon="data">
            <p>{own.noneWhy}</p>
          </Empty>
        ) : (
          <>
            {total > 1 && (
              <Compare
                found={found}
                versions={versions.filter((one) => !one.takenDownAt).map(({ n }) => n)}
              />
            )}
            <VersionTable at={at} own={own} path={path} versions={versions} served={found.served} />
            <Pagination
              page={asked}
              pages={Math.ceil(total / perPage)}
              href={(target) => at.href(`${path}/versions`, { page: target })}
            />
          </>
        )}
        <p>
          <a href={apiOf(at, resource.id, '/versions')}>{own.api}</a>
        </p>
      </>,
    );
  };
}

/** A form that leads to the difference of two versions. */
export function Compare(props: {
  found: Pick<VersionPage, 'at' | 'own' | 'path'>;
  versions: readonly number[];
  from?: number;
  to?: number;
}) {
  const { at, own, path } = props.found;
  const options = props.versions.map((n) => ({ value: String(n), label: own.version(n) }));
  return (
    <Section title={own.compare}>
      <div class="filter-bar">
        <form action={at.href(`${path}/diff`)} method="get">
          <Select
            name="from"
            label={own.from}
            options={options}
            value={String(props.from ?? props.versions[1] ?? '')}
          />
          <Select
            name="to"
            label={own.to}
            options={options}
            value={String(props.to ?? props.versions[0] ?? '')}
          />
          <Button look="secondary">{own.compare}</Button>
        </form>
      </div>
    </Section>
  );
}
