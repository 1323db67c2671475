import { Section } from '#ui/index.ts';
import { titleOf } from './dataset.tsx';
import { type Here, instantOf, type ServedDataset, type ServedResource } from './kit.tsx';
import { viewText } from './view-text.ts';

/** How a text refers to these data: to the very version that is served now. */
export function Cite(props: { at: Here; dataset: ServedDataset; resource: ServedResource; now: Date }) {
  const { at, dataset, resource } = props;
  const words = viewText(at.language);
  const made = at.date(instantOf(resource.last_modified ?? resource.created));
  const by = dataset.organization?.title || dataset.organization?.name || at.text.portal;
  const address = `${at.site}/dataset/${dataset.name}/resource/${resource.id}${resource.version === null ? '' : `@v${resource.version}`}`;
  const version = resource.version === null ? '' : `, ${words.version(resource.version)}`;
  return (
    <Section title={words.cite}>
      {resource.version !== null && <p>{words.citeLead}</p>}
      <blockquote>
        {by}. {dataset.title}: {titleOf(resource)}
        {version}, {made}. {dataset.license_title && `${dataset.license_title}. `}
        <a href={address}>{address}</a> ({words.accessed(at.date(props.now))})
      </blockquote>
    </Section>
  );
}
