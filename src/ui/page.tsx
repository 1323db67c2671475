import { type ComponentChildren, h } from 'preact';
import { useContext } from 'preact/hooks';
import { renderToString } from 'preact-render-to-string';
import { assetPaths } from './assets.ts';
import { Wordmark } from './brand.tsx';
import { localHref, RenderingContext } from './context.ts';
import { Icon, type IconName } from './icon.tsx';
import { Island } from './island.tsx';
import { words } from './text.ts';
import type { Language } from './types.ts';

export type Shell = 'site' | 'cabinet' | 'desk';
export type Theme = 'light' | 'dark' | 'system';

export interface MenuItem {
  readonly title: string;
  /** Path without the language prefix. */
  readonly href: string;
  readonly icon?: IconName;
  /** How many wait there. */
  readonly count?: number | string;
}

export interface PageProps {
  readonly language: Language;
  /** What the page is, without the name of the city. */
  readonly title: string;
  readonly shell?: Shell;
  /** Name of the city in the language; none: it has not been named yet. */
  readonly city?: string;
  readonly menu?: readonly MenuItem[];
  /** `href` of the entry that this page belongs to, when it is not found by the path. */
  readonly current?: string;
  /** Who is signed in. `desk`: may work at the staff desk. */
  readonly user?: { readonly name: string; readonly desk?: boolean } | null;
  /** When the session ends unless something is done, in words and as an instant, and how far away that is in milliseconds. */
  readonly sessionEnd?: { readonly time: string; readonly at: string; readonly left: number } | undefined;
  readonly theme?: Theme;
  /** Every page of a demo installation says that it is one. */
  readonly demo?: boolean;
  /** A city-wide notice above everything: emergency mode, planned works. */
  readonly banner?: ComponentChildren;
  readonly nonce?: string;
  /** Path without the language prefix, with the query: the language link and the look come back to it. */
  readonly path: string;
  /** Token for the header's own writing forms; without it they are sent without one. */
  readonly csrf?: string;
  /** The page shows faults of a form: its title says so first. */
  readonly faulty?: boolean;
  readonly description?: string;
  /** Absolute origin, for the addresses of the other languages. */
  readonly origin?: string;
  readonly index?: boolean;
  /** Above the content, outside `main`: breadcrumbs or a back link. */
  readonly before?: ComponentChildren;
  /** Width of the content: `text` (default on the site and in the cabinet: forms and reading), `full`. */
  readonly width?: 'text' | 'wide' | 'full';
  /** More of `head`: feeds, refresh. */
  readonly head?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/**
 * The whole document.
 *
 * @example c.html(renderPage({ language, title, path }, <p>…</p>))
 */
export function renderPage(props: PageProps, body: ComponentChildren = props.children): string {
  return `<!doctype html>${renderToString(h(Page, { ...props, children: body }))}`;
}

/** The document as a component; `renderPage` is the way in. */
export function Page(props: PageProps) {
  const { language, shell = 'site', theme = 'system' } = props;
  const text = words(language);
  const city = props.city ?? '';
  const title = `${props.faulty ? `${text.error}: ` : ''}${props.title} · ${city || text.platform}`;
  return (
    <RenderingContext.Provider value={{ language, islands: new Set() }}>
      <html lang={language} data-theme={theme} data-shell={shell}>
        <head>
          <meta charset="utf-8" />
          <title>{title}</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content={theme === 'system' ? 'light dark' : theme} />
          {theme !== 'dark' && (
            <meta
              name="theme-color"
              content="#0c3b4a"
              media={theme === 'system' ? '(prefers-color-scheme: light)' : undefined}
            />
          )}
          {theme !== 'light' && (
            <meta
              name="theme-color"
              content="#0a1c23"
              media={theme === 'system' ? '(prefers-color-scheme: dark)' : undefined}
            />
          )}
          {props.description && <meta name="description" content={props.description} />}
          {props.index === false && <meta name="robots" content="noindex" />}
          <link rel="icon" href="/icon.svg" type="image/svg+xml" />
          {assetPaths().styles.map((href) => (
            <link key={href} rel="stylesheet" href={href} />
          ))}
          {(['uk', 'en'] as const).map((other) => (
            <link
              key={other}
              rel="alternate"
              hreflang={other}
              href={`${props.origin ?? ''}${localHref(other, props.path)}`}
            />
          ))}
          {assetPaths().reloading && <script type="module" src={assetPaths().reloading!} />}
          {props.head}
        </head>
        <body>
          <a class="skip" href="#content">
            {text.skip}
          </a>
          {props.demo && (
            <aside class="demo-banner" aria-label={text.demo}>
              <p>
                <strong>{text.demo}.</strong> <span>{text.demoNote}</span>
              </p>
            </aside>
          )}
          {props.banner && (
            <aside class="city-banner" aria-label={text.notification}>
              {props.banner}
            </aside>
          )}
          <Header {...props} city={city} shell={shell} />
          <div class="page-body">
            {shell !== 'site' && <SideMenu {...props} shell={shell} />}
            <div class="page-main">
              {props.before}
              <main
                id="content"
                tabindex={-1}
                class={`width-${props.width ?? (shell === 'desk' ? 'full' : 'text')}`}
              >
                {props.children}
              </main>
            </div>
          </div>
          <Footer {...props} city={city} theme={theme} shell={shell} />
          <IslandScript nonce={props.nonce} />
        </body>
      </html>
    </RenderingContext.Provider>
  );
}

/** Rendered after the content, when it is known whether the page has an island. */
function IslandScript(props: { nonce: string | undefined }) {
  const { islands } = useContext(RenderingContext);
  const script = assetPaths().islands;
  return islands.size > 0 && script ? <script type="module" src={script} nonce={props.nonce} /> : null;
}

function currentHref(props: PageProps): string | undefined {
  if (props.current) return props.current;
  const path = props.path.split('?')[0]!;
  return props.menu
    ?.map((item) => item.href)
    .filter((href) => path === href || (href !== '/' && path.startsWith(`${href}/`)))
    .sort((a, b) => b.length - a.length)[0];
}

function MenuLinks(props: PageProps) {
  const here = currentHref(props);
  return (
    <ul>
      {props.menu?.map((item) => (
        <li key={item.href}>
          <a
            href={localHref(props.language, item.href)}
            aria-current={
              item.href === here ? (props.path.split('?')[0] === here ? 'page' : 'true') : undefined
            }
          >
            {item.icon && <Icon name={item.icon} />}
            <span>{item.title}</span>
            {item.count !== undefined && <span class="count">{item.count}</span>}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Header(props: PageProps & { city: string; shell: Shell }) {
  const { language, user, shell } = props;
  const text = words(language);
  const other: Language = language === 'uk' ? 'en' : 'uk';
  return (
    <header class="site-header">
      <div class="header-bar">
        <a class="brand" href={localHref(language, '/')}>
          <Wordmark city={props.city} />
        </a>
        {shell === 'site' && (props.menu?.length ?? 0) > 0 && (
          <details class="menu">
            <summary>
              <Icon name="menu" />
              {text.menu}
            </summary>
            <nav aria-label={text.mainMenu}>
              <MenuLinks {...props} />
            </nav>
          </details>
        )}
        {shell === 'site' && (props.menu?.length ?? 0) > 0 && (
          <nav class="menu-row" aria-label={text.mainMenu}>
            <MenuLinks {...props} />
          </nav>
        )}
        {shell !== 'site' && <p class="shell-name">{shell === 'desk' ? text.desk : text.cabinet}</p>}
        <div class="header-tools">
          <a class="tool" href={localHref(other, props.path)} hreflang={other} lang={other}>
            {other === 'uk' ? 'Укр' : 'Eng'}
            <span class="visually-hidden"> {other === 'uk' ? 'Українською' : 'In English'}</span>
          </a>
          {user ? (
            <UserMenu {...props} user={user} />
          ) : (
            <a class="tool sign-in" href={localHref(language, '/sign-in')}>
              <Icon name="person" />
              {text.signIn}
            </a>
          )}
        </div>
      </div>
    </header>
  );
}

function UserMenu(props: PageProps & { user: NonNullable<PageProps['user']> }) {
  const { language, user } = props;
  const text = words(language);
  return (
    <details class="user-menu">
      <summary class="tool">
        <Icon name="person" />
        <span class="user-name">{user.name}</span>
      </summary>
      <div>
        <p>{user.name}</p>
        {user.desk && <a href={localHref(language, '/desk')}>{text.desk}</a>}
        <a href={localHref(language, '/cabinet')}>{text.cabinet}</a>
        <form action={localHref(language, '/sign-out')} method="post">
          {props.csrf && <input type="hidden" name="_csrf" value={props.csrf} />}
          <button type="submit">{text.signOut}</button>
        </form>
      </div>
    </details>
  );
}

function SideMenu(props: PageProps & { shell: Shell }) {
  const text = words(props.language);
  const title = props.shell === 'desk' ? text.desk : text.cabinet;
  if (!props.menu?.length) return null;
  return (
    <>
      <details class="menu side-small">
        <summary>
          <Icon name="menu" />
          {text.menu}
        </summary>
        <nav aria-label={title}>
          <MenuLinks {...props} />
        </nav>
      </details>
      <nav class="side-menu" aria-label={title}>
        <MenuLinks {...props} />
      </nav>
    </>
  );
}

const themes = [
  { theme: 'light', icon: 'sun' },
  { theme: 'dark', icon: 'moon' },
  { theme: 'system', icon: 'device' },
] as const;

function ThemeSwitch(props: PageProps & { theme: Theme }) {
  const text = words(props.language);
  return (
    <form class="theme-switch" action="/preferences" method="post" aria-label={text.theme}>
      {props.csrf && <input type="hidden" name="_csrf" value={props.csrf} />}
      <input type="hidden" name="return" value={localHref(props.language, props.path)} />
      {themes.map(({ theme, icon }) => (
        <button key={theme} type="submit" name="theme" value={theme} aria-pressed={theme === props.theme}>
          <Icon name={icon} />
          {text.themes[theme]}
        </button>
      ))}
    </form>
  );
}

/** Says when the session ends; the link opens beside the form that is being filled in, and scripts warn in time. */
function SessionEnd(props: PageProps & { end: NonNullable<PageProps['sessionEnd']> }) {
  const { language, end } = props;
  const text = words(language);
  const keep = localHref(language, '/sign-in/keep');
  return (
    <Island
      name="session-end"
      class="session-end"
      props={{
        left: end.left,
        keep,
        soon: text.sessionSoon,
        go: text.sessionGo,
        over: text.sessionOver,
        language,
      }}
    >
      <p>
        {text.sessionEnds} <time dateTime={end.at}>{end.time}</time>{' '}
        <a href={keep} target="_blank" rel="noopener">
          {text.sessionKeep}
        </a>
      </p>
    </Island>
  );
}

function Footer(props: PageProps & { city: string; theme: Theme; shell: Shell }) {
  const { language } = props;
  const text = words(language);
  const links = [
    { title: text.about, href: '/about' },
    { title: text.accessibility, href: '/accessibility' },
    { title: text.privacy, href: '/privacy' },
    { title: 'API', href: '/api' },
  ];
  return (
    <footer class="site-footer">
      {props.sessionEnd && <SessionEnd {...props} end={props.sessionEnd} />}
      <div class="footer-bar">
        <div class="footer-brand">
          <Wordmark city={props.city} />
          <p>{text.footerNote}</p>
        </div>
        <ul class="footer-links">
          {links.map((link) => (
            <li key={link.href}>
              <a href={localHref(language, link.href)}>{link.title}</a>
            </li>
          ))}
        </ul>
        <ThemeSwitch {...props} />
      </div>
    </footer>
  );
}
