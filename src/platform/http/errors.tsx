import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { cityPhones } from '../city-name.ts';
import { NotFound } from '../errors.ts';
import type { MistoEnv } from '../system.ts';
import { signInPath } from './guard.ts';
import { type Log, placeOf } from './log.ts';
import { httpText, type ProblemName } from './messages.ts';
import { page, platformOf } from './page.tsx';
import { Phones } from './phones.tsx';
import { type Problem, problemJson, problemOf } from './problems.ts';

/** Paths of programs: they get problem+json whatever they accept, and have keys instead of form tokens. */
const apiPrefixes = ['/api', '/open311'];

export function isApiPath(path: string): boolean {
  // Programs join a base that ends with a slash and a path that begins with one.
  const tidy = path.replace(/^\/+/, '/');
  return apiPrefixes.some((prefix) => tidy === prefix || tidy.startsWith(`${prefix}/`));
}

/** Answers an error: a page for browsers, `application/problem+json` for programs. */
export function errorAnswer(log: Log): (error: Error, c: Context<MistoEnv>) => Promise<Response> {
  return async (error, c) => {
    const problem = problemOf(error);
    const { visit } = c.var;
    if (problem.status >= 500)
      log({
        level: problem.status === 503 ? 'warn' : 'error',
        event: 'request-failed',
        requestId: visit.requestId,
        method: c.req.method,
        status: problem.status,
        code: problem.code,
        at: placeOf(error),
      });
    if (problem.retryAfter !== undefined) c.header('retry-after', String(problem.retryAfter));
    c.header('cache-control', 'private, no-store');
    const status = problem.status as ContentfulStatusCode;
    if (problem.status === 401 && c.req.method === 'GET' && !wantsJson(c))
      return c.redirect(signInPath(c), 303);
    if (wantsJson(c))
      return c.body(JSON.stringify(problemJson(problem, visit.requestId)), status, {
        'content-type': 'application/problem+json; charset=utf-8',
      });
    return errorPage(c, problem);
  };
}

export function notFound(c: Context<MistoEnv>): Promise<Response> {
  return errorAnswer(() => {})(new NotFound('page'), c);
}

/** A 404 looks the same whether nothing is there or the visitor may not know of it. */
function errorPage(c: Context<MistoEnv>, problem: Problem): Promise<Response> {
  const { visit } = c.var;
  const text = httpText(visit.language);
  const words = text.problems[nameOf(problem)];
  const platform = platformOf(visit);
  const phones = platform && problem.status >= 500 ? cityPhones(platform) : [];
  return Promise.resolve(
    page(c, { title: words.title, status: problem.status }, [
      <h1>{words.title}</h1>,
      problem.faults ? (
        <ul>
          {problem.faults.map((fault) => (
            <li>{fault.message}</li>
          ))}
        </ul>
      ) : null,
      problem.status === 409 && problem.detail ? <p>{problem.detail}</p> : null,
      <p>{words.advice}</p>,
      phones.length > 0 ? (
        <section>
          <h2>{text.phones}</h2>
          <Phones phones={phones} language={visit.language} />
        </section>
      ) : null,
      <p>
        {text.requestId}: <code>{visit.requestId}</code>
      </p>,
    ]),
  );
}

function nameOf(problem: Problem): ProblemName {
  if (problem.code in httpText('uk').problems) return problem.code as ProblemName;
  if (problem.status === 404) return 'not-found';
  if (problem.status === 403) return 'forbidden';
  if (problem.status === 401) return 'sign-in-needed';
  if (problem.status === 409) return 'conflict';
  if (problem.status === 413) return 'too-large';
  if (problem.status === 429) return 'too-many';
  if (problem.status === 503) return 'database-away';
  return problem.status >= 500 ? 'internal' : 'invalid';
}

function wantsJson(c: Context): boolean {
  if (isApiPath(c.req.path)) return true;
  const accept = c.req.header('accept') ?? '';
  return accept.includes('json') && !accept.includes('text/html');
}
