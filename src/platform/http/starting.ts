import { createHash } from 'node:crypto';
import { isApiPath } from './api-path.ts';
import { problemJson } from './problems.ts';

const style =
  'body{font:1.125rem/1.5 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1rem;color:#14213d;background:#fff}@media(prefers-color-scheme:dark){body{color:#e8ecf4;background:#10151f}}';
const page = `<!doctype html>
<html lang="uk"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="2"><title>Місто відкривається</title><style>${style}</style></head>
<body><main><h1>Місто відкривається</h1>
<p>Сторінка оновиться сама, щойно все буде готово.</p>
<p lang="en">The city is opening. This page looks again by itself.</p></main></body></html>
`;
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; frame-ancestors 'none'`;

/**
 * Answers for a city that is not open yet (its database starts, migrations run, the demo is made): the process lives, is not
 * ready, and people get a page that looks again by itself. It needs neither database nor build.
 */
export function starting(request: Request): Response {
  const { pathname } = new URL(request.url);
  if (pathname === '/healthz') return Response.json({ status: 'ok' });
  if (pathname === '/readyz')
    return Response.json({ status: 'unready', problem: 'starting' }, { status: 503 });
  const headers = { 'retry-after': '2', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  if (isApiPath(pathname))
    return new Response(
      JSON.stringify(
        problemJson({ status: 503, code: 'starting', detail: 'the city is opening' }, crypto.randomUUID()),
      ),
      { status: 503, headers: { ...headers, 'content-type': 'application/problem+json; charset=utf-8' } },
    );
  return new Response(page, {
    status: 503,
    headers: { ...headers, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
  });
}
