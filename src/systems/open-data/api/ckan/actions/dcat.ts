import { catalogueDocument, datasetDocument } from '../../../dcat/documents.ts';
import { type Syntax, syntaxOf } from '../../../dcat/syntaxes.ts';
import { faulty } from '../../../faults.ts';
import { type Actions, reading } from '../action.ts';
import { list, needed, text } from '../parameters.ts';

const profiles = list({ comma: true });

/** Datasets and the catalogue as linked data, in one string. */
export const dcatActions: Actions = {
  dcat_dataset_show: reading({
    about: 'A dataset in DCAT-AP: RDF/XML unless another format is named.',
    parameters: { id: needed, format: text, profiles },
    async run(call, given) {
      const { body } = await datasetDocument(
        call,
        given.id,
        syntaxFor(given.format),
        given.profiles?.join(','),
      );
      return body;
    },
  }),
  dcat_catalog_show: reading({
    about: 'A page of the catalogue in DCAT-AP: RDF/XML unless another format is named.',
    parameters: { format: text, profiles, page: text, modified_since: text, q: text, fq: text },
    run: (call, { format, profiles: wanted, ...query }) =>
      catalogueDocument(call, syntaxFor(format), { ...query, profiles: wanted?.join(',') }),
  }),
};

/** @throws Faulty for a format that is none */
function syntaxFor(format: string | undefined): Syntax {
  const syntax = syntaxOf(format ?? 'rdf');
  if (!syntax) throw faulty('format', `Value must be one of ['rdf', 'xml', 'ttl', 'n3', 'jsonld']`);
  return syntax;
}
