import type { ComponentChildren } from 'preact';
import { messages } from '#platform/i18n/index.ts';
import type { Platform } from '#platform/system.ts';
import { type Alternate, catalogueAlternates, datasetAlternates } from '../dcat/alternates.ts';
import { datasetFromPackage } from '../dcat/from-package.ts';
import { readPortal } from '../dcat/reading.ts';
import { webJsonLd } from '../dcat/schema-org.ts';
import { readThemes } from '../dcat/themes.ts';
import { whyInvalid } from '../dcat/validity.ts';
import type { Here, ServedDataset } from './kit.tsx';

const words = messages(
  {
    valid: 'Опис відповідає DCAT-AP 2.1.1 і 3.0.1: інші каталоги приймуть його.',
    invalid: 'Інші каталоги не приймуть цей опис:',
  },
  {
    en: {
      valid: 'The description is valid DCAT-AP 2.1.1 and 3.0.1: other catalogues will take it.',
      invalid: 'Other catalogues will not take this description:',
    },
  },
);

/** What programs are told of a dataset, and whether other catalogues would take it. */
export interface ToldToPrograms {
  /** For the head of its page. */
  readonly head: ComponentChildren;
  readonly faults: readonly string[];
}

/** Reads what the page of a dataset tells to programs. */
export async function toldOf(platform: Platform, at: Here, found: ServedDataset): Promise<ToldToPrograms> {
  const [portal, themes] = await Promise.all([readPortal(platform.db, at.site), readThemes(platform.db)]);
  const dataset = datasetFromPackage(found, themes);
  return {
    head: (
      <>
        <Alternates list={datasetAlternates(at.site, dataset)} />
        <script
          type="application/ld+json"
          // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON without any `<`
          dangerouslySetInnerHTML={{ __html: webJsonLd(portal, dataset, at.language) }}
        />
      </>
    ),
    faults: whyInvalid(portal, dataset, at.language),
  };
}

/** Links to the same dataset in other forms, as items of a list. */
export function OtherForms(props: { at: Here; found: ServedDataset }) {
  const { at, found } = props;
  const document = `${at.site}/dataset/${found.id}`;
  const forms = [
    ['Turtle', `${document}.ttl`],
    ['RDF/XML', `${document}.rdf`],
    ['JSON-LD', `${document}.jsonld`],
    ['Data Package', `${document}/datapackage.json`],
  ];
  return (
    <>
      {forms.map(([title, href]) => (
        <li key={href}>
          <a href={href}>{title}</a>
        </li>
      ))}
    </>
  );
}

/** Whether other catalogues would take the description, and what to do where they would not. */
export function Verdict(props: { at: Here; faults: readonly string[] }) {
  const own = words(props.at.language);
  if (props.faults.length === 0) return <p class="muted">{own.valid}</p>;
  return (
    <>
      <p>{own.invalid}</p>
      <ul>
        {props.faults.map((fault) => (
          <li key={fault}>{fault}</li>
        ))}
      </ul>
    </>
  );
}

/** The head of the catalogue's page. */
export function CatalogueAlternates(props: { at: Here }) {
  return <Alternates list={catalogueAlternates(props.at.site)} />;
}

/** Tells programs in the head of a page of its other forms. */
export function Alternates(props: { list: readonly Alternate[] }) {
  return (
    <>
      {props.list.map(({ type, href }) => (
        <link key={href} rel="alternate" type={type} href={href} />
      ))}
    </>
  );
}
