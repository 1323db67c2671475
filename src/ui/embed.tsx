import { type ComponentChildren, h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { assetPaths } from './assets.ts';
import { RenderingContext } from './context.ts';
import type { Theme } from './page.tsx';
import type { Language } from './types.ts';

interface EmbedProps {
  readonly language: Language;
  readonly theme: Theme;
  readonly title: string;
  /** Absolute address of the whole page, and the words of the link to it. */
  readonly href: string;
  readonly open: string;
  /** Source and licence. */
  readonly note: string;
}

/**
 * A document for a frame on another site: what it shows, where it comes from, and the way to the whole page; no menus, no scripts.
 *
 * @example c.html(renderEmbed({ language, theme: 'system', title, href, open, note }, <Table … />))
 */
export function renderEmbed(props: EmbedProps, body: ComponentChildren): string {
  return `<!doctype html>${renderToString(h(Embed, { ...props, children: body }))}`;
}

function Embed(props: EmbedProps & { children?: ComponentChildren }) {
  return (
    <RenderingContext.Provider value={{ language: props.language, islands: new Set() }}>
      <html lang={props.language} data-theme={props.theme} data-shell="embed">
        <head>
          <meta charset="utf-8" />
          <title>{props.title}</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content={props.theme === 'system' ? 'light dark' : props.theme} />
          <meta name="robots" content="noindex" />
          <link rel="canonical" href={props.href} />
          {assetPaths().styles.map((href) => (
            <link key={href} rel="stylesheet" href={href} />
          ))}
        </head>
        <body class="embed">
          <main>
            <h1>{props.title}</h1>
            {props.children}
          </main>
          <footer>
            <p>
              {props.note && <>{props.note} · </>}
              <a href={props.href} target="_blank" rel="noopener">
                {props.open}
              </a>
            </p>
          </footer>
        </body>
      </html>
    </RenderingContext.Provider>
  );
}
