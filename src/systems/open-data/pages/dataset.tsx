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
import { frequencyOf } from '../passport.ts';
import { may } from '../rights.ts';
import { obligationTitle } from './facets.tsx';
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
import { QualitySection, qualityFor, RatingBadge } from './quality.tsx';
import { datasetFor } from './reads.ts';

/** `/open-data/dataset/{name}`: what the data are, and each file of them. An id or an old spelling leads to the one address. */
export function dataset(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const asked = c.req.param('dataset')!;
    const { row, dataset: found } = await datasetFor(platform, c, at, asked);
    if (asked !== found.name) return c.redirect(at.href(`/dataset/${found.name}`), 301);
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
        <Split aside={<Aside at={at} found={found} faults={told.faults} />}>
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

/** The language of the data in words; data.gov.ua calls Ukrainian `ua`. */
function languageName(at: Here, code: string | undefined): string | undefined {
  if (!code) return undefined;
  const names = new Intl.DisplayNames([at.language], { type: 'language', fallback: 'code' });
  return /^[a-z]{2,3}$/.test(code) ? names.of(code === 'ua' ? 'uk' : code) : code;
}

/** Паспорт: every field that the law names, the ones that were filled in. */
export function Passport(props: { at: Here; found: ServedDataset; due?: string | null }) {
  const { at, found } = props;
  const extra = (key: string) => extraOf(found, key);
  const rows = [
    {
      name: at.text.organisation,
      value: found.organization && (found.organization.title || found.organization.name),
    },
    {
      name: at.text.maintainer,
      value: found.maintainer && (
        <>
          {found.maintainer}
          {found.maintainer_email && (
            <>
              {' '}
              · <a href={`mailto:${found.maintainer_email}`}>{found.maintainer_email}</a>
            </>
          )}
        </>
      ),
    },
    { name: at.text.frequency, value: frequencyOf(extra('update_frequency')).title[at.language] },
    { name: at.text.nextUpdate, value: props.due && at.time(new Date(props.due)) },
    { name: at.text.purpose, value: extra('purpose_of_collecting_information') },
    {
      name: at.text.licence,
      value:
        found.license_title &&
        (found.license_url ? <a href={found.license_url}>{found.license_title}</a> : found.license_title),
    },
    { name: at.text.language, value: languageName(at, extra('language')) },
    { name: at.text.obligation, value: extra('obligation') && obligationTitle(at, extra('obligation')!) },
    { name: at.text.edrpou, value: extra('publisherIdentifier') },
    { name: at.text.katottg, value: extra('katottg') },
    { name: at.text.identifier, value: <span class="mono">{extra('identifier') ?? found.id}</span> },
    { name: at.text.created, value: at.date(instantOf(found.metadata_created)) },
    { name: at.text.updated, value: at.time(instantOf(found.metadata_modified)) },
  ];
  return <SummaryList rows={rows.filter((row) => row.value)} />;
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
