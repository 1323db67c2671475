import type { Context } from 'hono';
import { page } from '#platform/http/page.tsx';
import { localPath } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Badge,
  Breadcrumbs,
  Card,
  Empty,
  LinkButton,
  Notice,
  PageHead,
  Section,
  Split,
  SummaryList,
} from '#ui/index.ts';
import { may } from '../rights.ts';
import { FollowSection } from './follow.tsx';
import {
  extraOf,
  FreshnessBadge,
  type Here,
  here,
  instantOf,
  type ServedDataset,
  type ServedResource,
  sizeOf,
} from './kit.tsx';
import { OtherForms, toldOf, Verdict } from './other-forms.tsx';
import { tellHrefs } from './passport-file.ts';
import { passportRows } from './passport-rows.ts';
import { QualitySection, qualityFor, RatingBadge } from './quality.tsx';
import { datasetFor, onlyAddress } from './reads.ts';

/** `/open-data/dataset/{name}`: what the data are, and each file of them. An id or an old spelling leads to the one address. */
export function dataset(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const { row, dataset: found } = await datasetFor(platform, c, at, c.req.param('dataset')!);
    const moved = onlyAddress(c, found);
    if (moved) return moved;
    const isPublic = !row.private && (row.state === 'published' || row.state === 'archived');
    const { actor } = c.var.visit;
    const [told, quality, mayWrite] = await Promise.all([
      toldOf(platform, at, found),
      qualityFor(platform, at, found, row.due_at),
      actor.id !== null && may(platform.db, actor, 'write', row),
    ]);
    return page(
      c,
      {
        title: found.title,
        ...(isPublic ? { head: told.head } : {}),
        description: (found.notes ?? found.title).slice(0, 300),
        width: 'wide',
        private: !isPublic,
      },
      <>
        <Breadcrumbs
          items={[
            { title: at.text.portal, href: at.href('') },
            ...(found.organization
              ? [
                  {
                    title: found.organization.title || found.organization.name,
                    href: at.href(`/organization/${found.organization.name}`),
                  },
                ]
              : []),
          ]}
        />
        <PageHead
          title={found.title}
          lead={found.notes ?? undefined}
          kicker={
            <>
              <FreshnessBadge
                at={at}
                due={row.due_at}
                frequency={extraOf(found, 'update_frequency')}
                now={platform.clock.now()}
              />{' '}
              <RatingBadge at={at} rating={quality.rating} />{' '}
              {row.private && <Badge tone="warning">{at.text.hidden}</Badge>}
              {row.state === 'draft' && <Badge tone="warning">{at.text.draft}</Badge>}
              {row.state === 'archived' && <Badge>{at.text.archived}</Badge>}
            </>
          }
        />
        {!isPublic && (
          <Notice tone="warning">
            <p>{at.text.privateNote}</p>
          </Notice>
        )}
        <Split
          aside={
            <>
              {isPublic && (await FollowSection({ platform, c, kind: 'dataset', object: found }))}
              <Aside at={at} found={found} faults={told.faults} />
            </>
          }
        >
          <Section title={at.text.files}>
            {found.resources.length === 0 ? (
              <Empty title={at.text.noFiles} icon="data">
                <p>{at.text.noFilesWhy}</p>
              </Empty>
            ) : (
              found.resources.map((resource) => (
                <ResourceCard key={resource.id} at={at} dataset={found} resource={resource} />
              ))
            )}
          </Section>
          <Section title={at.text.passport}>
            <Passport at={at} found={found} due={row.due_at} />
            <p class="muted">
              <Tell at={at} address={at.href(`/dataset/${found.name}/passport`)} />
            </p>
          </Section>
          <QualitySection
            at={at}
            quality={quality}
            mendHref={mayWrite ? at.href(`/desk/dataset/${found.name}/quality`) : null}
          />
        </Split>
      </>,
    );
  };
}

/** «Паспорт» or «Структура» as a file. @param address without its ending */
export function Tell(props: { at: Here; address: string }) {
  return (
    <>
      {props.at.text.download}:{' '}
      {tellHrefs(props.address).map(([title, href], n) => (
        <>
          {n > 0 && ' · '}
          <a href={href}>{title}</a>
        </>
      ))}
    </>
  );
}

/** What a resource is called where it has no name of its own. */
export function titleOf(resource: Pick<ServedResource, 'name' | 'format' | 'id' | 'url'>): string {
  return resource.name || resource.url.split('/').at(-1) || resource.format || resource.id;
}

function ResourceCard(props: { at: Here; dataset: ServedDataset; resource: ServedResource }) {
  const { at, resource } = props;
  const href = at.href(`/dataset/${props.dataset.name}/resource/${resource.id}`);
  const facts = [
    resource.rows !== null ? `${at.number(resource.rows)} ${at.text.rows(resource.rows)}` : null,
    resource.size !== null ? sizeOf(at, resource.size) : null,
    resource.last_modified
      ? `${at.text.updated.toLowerCase()} ${at.date(instantOf(resource.last_modified))}`
      : null,
  ].filter(Boolean);
  return (
    <Card
      title={titleOf(resource)}
      href={href}
      aside={
        <span>
          {resource.format && <Badge tone="info">{resource.format}</Badge>}{' '}
          {resource.datastore_active && <Badge tone="good">API</Badge>}
        </span>
      }
      footer={facts.length > 0 && <span class="muted">{facts.join(' · ')}</span>}
    >
      {resource.description && <p>{resource.description}</p>}
      <Actions>
        {resource.datastore_active && (
          <LinkButton look="secondary" href={href}>
            {at.text.look}
          </LinkButton>
        )}
        <LinkButton look={resource.datastore_active ? 'quiet' : 'secondary'} href={resource.url}>
          {at.text.download}
          {resource.format && ` ${resource.format}`}
        </LinkButton>
      </Actions>
    </Card>
  );
}

/** Fields that stand elsewhere on the page. */
const elsewhere: ReadonlySet<string> = new Set(['title', 'notes', 'tags', 'maintainer_email']);

/** Паспорт: every field that the law names, the ones that were filled in. */
export function Passport(props: { at: Here; found: ServedDataset; due?: string | null }) {
  const { at, found } = props;
  const { maintainer_email: email, license_url: licence } = found;
  const rows = passportRows(at, found, props.due ?? null).filter(({ key }) => !elsewhere.has(key));
  const shown = (key: string, value: string) => {
    if (key === 'identifier') return <span class="mono">{value}</span>;
    if (key === 'license_id' && licence) return <a href={licence}>{value}</a>;
    if (key === 'maintainer' && email)
      return (
        <>
          {value} · <a href={`mailto:${email}`}>{email}</a>
        </>
      );
    return value;
  };
  return (
    <SummaryList rows={rows.map(({ key, label, value }) => ({ name: label, value: shown(key, value) }))} />
  );
}

function Aside(props: { at: Here; found: ServedDataset; faults: readonly string[] }) {
  const { at, found } = props;
  return (
    <>
      {found.groups.length > 0 && (
        <Section title={at.text.groups}>
          <ul class="tags">
            {found.groups.map((group) => (
              <li key={group.name}>
                <a href={at.href(`/group/${group.name}`)}>{group.display_name}</a>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {found.tags.length > 0 && (
        <Section title={at.text.keywords}>
          <ul class="tags">
            {found.tags.map((tag) => (
              <li key={tag.name}>
                <a href={at.href('', { tags: tag.name })}>{tag.name}</a>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={at.text.forPrograms}>
        <ul>
          <li>
            <a href={`${at.site}/api/3/action/package_show?id=${found.name}`}>CKAN API</a>
          </li>
          <li>
            <a href={localPath('uk', '/api')}>OpenAPI</a>
          </li>
          <OtherForms at={at} found={found} />
        </ul>
        <Verdict at={at} faults={props.faults} />
      </Section>
    </>
  );
}
