import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { FieldFault } from '../errors.ts';
import { localPath } from '../i18n/index.ts';
import type { MistoEnv } from '../system.ts';
import { httpText } from './messages.ts';

export interface PageOptions {
  readonly title: string;
  readonly description?: string;
  /** Whose menu the page shows. */
  readonly area?: 'site' | 'cabinet' | 'desk';
  readonly status?: number;
  /** Faults of the form on the page: the title begins with «Помилка:», the status is 422. */
  readonly faults?: readonly FieldFault[];
  /** Only what needs no database: for the page that says the database is away. */
  readonly plain?: boolean;
}

/** Answers with a whole page around the body. */
export function page(c: Context<MistoEnv>, options: PageOptions, body: ComponentChildren): Response {
  const { visit } = c.var;
  const text = httpText(visit.language);
  const hasFaults = (options.faults?.length ?? 0) > 0;
  const title = hasFaults ? `${text.error}: ${options.title}` : options.title;
  const html = renderToString(
    <html lang={visit.language} data-theme={visit.theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} — ${text.siteName}`}</title>
      </head>
      <body>
        <header>
          <a href={localPath(visit.language, '/')}>{text.siteName}</a>
        </header>
        <main id="main">{body}</main>
      </body>
    </html>,
  );
  return c.html(
    `<!doctype html>${html}`,
    (options.status ?? (hasFaults ? 422 : 200)) as ContentfulStatusCode,
  );
}
