import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Language } from '#platform/i18n/index.ts';
import { readCity } from '../city.ts';
import type { LeafData, QuestionData } from '../city-data.ts';
import type { Answer, Call } from './call.ts';
import { absent } from './errors.ts';
import type { Value } from './format.ts';

/** A service that can be requested: a leaf of the category tree with its branch. */
export interface Service {
  readonly leaf: LeafData;
  readonly group: string;
  /** Codes of the branches above it, the nearest first. */
  readonly branches: readonly string[];
}

/** What can be requested now, in the order of the tree. */
export async function readServices(reader: Reader, language: Language): Promise<Service[]> {
  const { leaves, branches } = await readCity(reader);
  return [...leaves.values()]
    .filter(({ leaf }) => isRequestable(leaf))
    .map(({ leaf, branches: above }) => ({
      leaf,
      group: branches.get(leaf.parent ?? '')?.name[language] ?? '',
      branches: above,
    }));
}

// A stopper or foreign competence tells whom to call instead; statutory appeals have their own way; retired ones a successor.
function isRequestable(leaf: LeafData): boolean {
  return !leaf.stopper && !leaf.competence && leaf.regime !== 'statutory' && leaf.successor === undefined;
}

/** @throws ApiError 404, naming the successor of a retired service. */
export async function readService(reader: Reader, code: string, language: Language): Promise<Service> {
  const service = (await readServices(reader, language)).find((one) => one.leaf.code === code);
  if (service) return service;
  const { rows } = await reader.execute<{ successor: string | null }>(
    sql`select body->>'successor' as successor from cc_category where code = ${code} order by version desc limit 1`,
  );
  const successor = rows[0]?.successor;
  throw absent(
    'service_code',
    successor ? `"${code}" is retired; use "${successor}"` : `there is no service "${code.slice(0, 60)}"`,
  );
}

/** `GET /services` */
export async function listServices(call: Call): Promise<Answer> {
  const services = await readServices(call.platform.db, call.language);
  return {
    document: {
      root: 'services',
      item: 'service',
      value: services.map(({ leaf, group }) => ({
        service_code: leaf.code,
        service_name: leaf.name[call.language],
        description: leaf.description?.[call.language] ?? null,
        metadata: (leaf.questions ?? []).length > 0,
        type: leaf.type ?? 'realtime',
        keywords: leaf.keywords.length > 0 ? leaf.keywords.join(',') : null,
        group,
      })),
    },
  };
}

/** `GET /services/{service_code}` */
export async function defineService(call: Call): Promise<Answer> {
  const { leaf } = await readService(call.platform.db, call.id, call.language);
  return {
    document: {
      root: 'service_definition',
      value: {
        service_code: leaf.code,
        attributes: (leaf.questions ?? []).map((question, place) =>
          attribute(question, place + 1, call.language),
        ),
      },
    },
  };
}

function attribute(question: QuestionData, order: number, language: Language): Value {
  const variable = question.datatype !== 'information';
  return {
    variable,
    code: question.code,
    // The standard knows no words that ask nothing: they are a text that is not variable.
    datatype: variable ? question.datatype : 'text',
    // What is asked only after a certain answer cannot be demanded of every client.
    required: variable && question.required === true && !question.showIf,
    datatype_description: question.hint?.[language] ?? null,
    order,
    description: question.description[language],
    values: (question.values ?? []).map((value) => ({ key: value.key, name: value.name[language] })),
  };
}
