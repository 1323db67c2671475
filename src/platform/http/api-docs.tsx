import { Hono } from 'hono';
import { Empty, PageHead } from '#ui/index.ts';
import { messages } from '../i18n/index.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { page } from './page.tsx';

/** The parts of an OpenAPI 3.1 document that the docs page reads. */
interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
  }[];
  readonly responses?: Readonly<Record<string, { readonly description?: string }>>;
}

const text = messages(
  {
    title: 'API',
    lead: 'Інтерфейси для програм. Усе, що бачать люди, можуть читати програми.',
    document: 'Опис у форматі OpenAPI 3.1',
    empty: 'Системи цього міста ще не мають описаних інтерфейсів',
    parameter: 'Параметр',
    where: 'Де',
    meaning: 'Зміст',
    answers: 'Відповіді',
    required: 'обовʼязковий',
  },
  {
    en: {
      title: 'API',
      lead: 'Interfaces for programs. What people see, programs can read.',
      document: 'Description as OpenAPI 3.1',
      empty: 'The systems of this city have no described interfaces yet',
      parameter: 'Parameter',
      where: 'In',
      meaning: 'Meaning',
      answers: 'Answers',
      required: 'required',
    },
  },
);

/** `/openapi.json`, made from the schemas that check the requests, and `/api`, the same for people without scripts. */
export function apiDocs(platform: Platform, apis: readonly Hono<MistoEnv>[]): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  let made: Promise<OpenApi> | undefined;
  const whole = () => {
    made ??= merge(apis);
    return made;
  };
  pages.get('/openapi.json', async (c) => {
    c.header('access-control-allow-origin', '*');
    c.header('cache-control', 'public, max-age=60');
    return c.json({
      ...(await whole()),
      servers: [{ url: platform.config.publicUrl ?? c.var.visit.origin }],
    });
  });
  pages.get('/api', async (c) => {
    const words = text(c.var.visit.language);
    const paths = Object.entries((await whole()).paths ?? {});
    return page(c, { title: words.title, description: words.lead, width: 'wide' }, [
      <PageHead title={words.title} lead={words.lead} />,
      <p>
        <a href="/openapi.json">{words.document}</a>
      </p>,
      paths.length === 0 ? <Empty title={words.empty} /> : null,
      ...paths.flatMap(([path, operations]) =>
        Object.entries(operations).map(([method, operation]) => (
          <section>
            <h2>
              <code>
                {method.toUpperCase()} {path}
              </code>
            </h2>
            <p>{operation.summary ?? operation.description}</p>
            {operation.parameters?.length ? (
              <table class="table">
                <thead>
                  <tr>
                    <th scope="col">{words.parameter}</th>
                    <th scope="col">{words.where}</th>
                    <th scope="col">{words.meaning}</th>
                  </tr>
                </thead>
                <tbody>
                  {operation.parameters.map((parameter) => (
                    <tr>
                      <th scope="row">
                        <code>{parameter.name}</code>
                      </th>
                      <td>
                        {parameter.in}
                        {parameter.required ? `, ${words.required}` : ''}
                      </td>
                      <td>{parameter.description}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            ) : null}
            <p>
              {words.answers}: {Object.keys(operation.responses ?? {}).join(', ')}
            </p>
          </section>
        )),
      ),
    ]);
  });
  return pages;
}

/** Each API describes itself at an address that ends with `/openapi.json`. */
async function merge(apis: readonly Hono<MistoEnv>[]): Promise<OpenApi> {
  const documents: OpenApi[] = [];
  for (const api of apis)
    for (const { method, path } of api.routes)
      if (method === 'GET' && path.endsWith('/openapi.json'))
        documents.push((await (await api.request(path)).json()) as OpenApi);
  const components: Record<string, Record<string, unknown>> = {};
  for (const document of documents)
    for (const [kind, named] of Object.entries(document.components ?? {}))
      components[kind] = { ...components[kind], ...named };
  return {
    openapi: '3.1.0',
    info: { title: 'misto', version: '1' },
    paths: Object.assign({}, ...documents.map((document) => document.paths ?? {})),
    components,
  };
}
