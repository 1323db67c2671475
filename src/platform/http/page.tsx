import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ComponentChildren } from 'preact';
import { type MenuItem, type PageProps, renderPage, type Shell } from '#ui/index.ts';
import { platformDesk } from '../access/roles.ts';
import { cityName } from '../city.ts';
import type { FieldFault } from '../errors.ts';
import { formatTime } from '../i18n/index.ts';
import { platformCabinet } from '../personal-data/pages.tsx';
import type { MenuEntry, MistoEnv, Platform } from '../system.ts';
import type { Actor } from '../work.ts';
import type { OpenVisit } from './context.ts';
import { httpText } from './messages.ts';

export interface PageOptions
  extends Pick<PageProps, 'description' | 'width' | 'before' | 'head' | 'index' | 'banner' | 'current'> {
  readonly title: string;
  /** Whose menu the page shows: the public site (default), the cabinet, or the staff desk. */
  readonly shell?: Shell;
  readonly status?: number;
  /** For this visitor alone, such as what a secret link shows: kept in no cache. */
  readonly private?: boolean;
  /** Faults of the form on the page: the title begins with «Помилка:», the status is 422. */
  readonly faults?: readonly FieldFault[];
}

/** Answers with a whole page around the body. */
export function page(c: Context<MistoEnv>, options: PageOptions, body: ComponentChildren): Response {
  const visit = c.var.visit as OpenVisit;
  const { title, status, faults = [], shell = 'site', private: isPrivate, ...rest } = options;
  if (isPrivate) visit.isPrivate = true;
  const platform = platforms.get(visit);
  const { session, actor, language } = visit;
  const city = platform && cityName(platform, language);
  const html = renderPage(
    {
      ...rest,
      title,
      shell,
      language,
      ...(city ? { city } : {}),
      path: visit.path,
      theme: visit.theme,
      origin: visit.origin,
      demo: platform?.config.mode === 'demo',
      faulty: faults.length > 0,
      menu: platform ? menuOf(platform, shell, visit) : [],
      user: session
        ? {
            name: session.personName || actor.name || httpText(language).user,
            desk: session.kind === 'staff',
          }
        : null,
      sessionEnd:
        session && platform
          ? {
              time: formatTime(language, session.idleUntil),
              at: session.idleUntil.toISOString(),
              left: session.idleUntil.getTime() - platform.clock.now().getTime(),
            }
          : undefined,
      // A visitor's page without a writing form needs no token, sets no cookie and stays the same for everybody.
      ...(session || visit.csrfSecret ? { csrf: visit.csrfToken() } : {}),
    },
    body,
  );
  visit.drawn = html;
  return c.html(html, (status ?? (faults.length > 0 ? 422 : 200)) as ContentfulStatusCode);
}

const platforms = new WeakMap<object, Platform>();

/** Tells the pages of a visit which city they belong to. */
export function rememberPlatform(visit: object, platform: Platform): void {
  platforms.set(visit, platform);
}

/** The city that a visit came to. */
export const platformOf = (visit: object): Platform | undefined => platforms.get(visit);

/** The entries of a shell; those with a permission are shown to who holds it anywhere. */
export function entriesOf(platform: Platform, shell: Shell, actor: Actor): MenuEntry[] {
  return [
    ...platform.systems.flatMap((system) => system.menu?.[shell] ?? []),
    ...(shell === 'cabinet' ? platformCabinet : []),
    ...(shell === 'desk' ? platformDesk : []),
  ].filter(
    ({ permission }) => !permission || actor.grants.some((grant) => grant.permissions.has(permission)),
  );
}

function menuOf(platform: Platform, shell: Shell, visit: OpenVisit): MenuItem[] {
  const { language, actor } = visit;
  const text = httpText(language);
  const own: Record<Shell, MenuItem[]> = {
    site: [],
    cabinet: [{ title: text.cabinet, href: '/cabinet' }],
    desk: [{ title: text.desk, href: '/desk' }],
  };
  const last: MenuItem[] =
    shell === 'cabinet' ? [{ title: text.sessions, href: '/cabinet/sessions', icon: 'person' }] : [];
  return [
    ...own[shell],
    ...entriesOf(platform, shell, actor).map((entry) => ({ title: entry.title[language], href: entry.href })),
    ...last,
  ];
}
