import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { cityPhones } from '../city.ts';
import { NotFound } from '../errors.ts';
import { localPath } from '../i18n/index.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { isApiPath } from './api-path.ts';
import { targetOf } from './form-again.tsx';
import { signInPath } from './guard.ts';
import { keepForm, keptFormPath } from './kept-form.ts';
import { type Log, placeOf } from './log.ts';
import { httpText, type ProblemName } from './messages.ts';
import { page, platformOf } from './page.tsx';
import { Phones } from './phones.tsx';
import { type Problem, problemJson, problemOf } from './problems.ts';

/** Answers an error: a page for browsers, `application/problem+json` for programs. */
export function errorAnswer(
  log: Log,
  platform: Platform,
): (error: Error, c: Context<MistoEnv>) => Promise<Response> {
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
    if (problem.status === 401 && !wantsJson(c)) {
      const goOn = await goOnAfter(c, platform, problem);
      if (goOn) return c.redirect(goOn, 303);
    }
    if (wantsJson(c))
      return c.body(JSON.stringify(problemJson(problem, visit.requestId)), status, {
        'content-type': 'application/problem+json; charset=utf-8',
      });
    return errorPage(c, problem);
  };
}

/**
 * Where a browser signs in or proves who it is, to go on from there: with the page it asked for, or with what was typed. null:
 * there is nothing to go on with.
 */
async function goOnAfter(
  c: Context<MistoEnv>,
  platform: Platform,
  { code, extra }: Problem,
): Promise<string | null> {
  const { language } = c.var.visit;
  const isProof = code === 'proof-needed';
  const isKept = c.req.method !== 'GET' && (await keepForm(c, platform, isProof).catch(() => false));
  if (c.req.method !== 'GET' && !isKept) return null;
  const back = isKept ? localPath(language, keptFormPath) : targetOf(c);
  if (!isProof) return signInPath(c, back);
  const query = new URLSearchParams({ back, level: String(extra?.level ?? 1) });
  return `${localPath(language, '/prove')}?${query}`;
}

export function notFound(platform: Platform): (c: Context<MistoEnv>) => Promise<Response> {
  return (c) => errorAnswer(() => {}, platform)(new NotFound('page'), c);
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
