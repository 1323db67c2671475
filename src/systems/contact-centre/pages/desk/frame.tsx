import type { Context } from 'hono';
import type { ComponentChildren } from 'preact';
import { mustBeAble } from '#platform/access/index.ts';
import type { FieldFault } from '#platform/errors.ts';
import { type PageOptions, page } from '#platform/http/page.tsx';
import type { Language } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import { BackLink, Breadcrumbs, ErrorSummary, type Link, Notice, PageHead } from '#ui/index.ts';
import { permission } from '../../permissions.ts';
import { type Here, here } from '../kit.tsx';
import { shownNumber } from '../text.ts';
import { Done } from './kit.tsx';

/** What every page of one desk has at hand. */
export interface DeskFrame<Words> {
  readonly platform: Platform;
  readonly c: Context<MistoEnv>;
  readonly at: Here;
  readonly words: Words;
  href(path: string, query?: Parameters<Here['href']>[1]): string;
  /** Runs a domain act as the person who asked. */
  run<T>(act: (work: Work) => Promise<T>): Promise<T>;
}

/**
 * @param desk.path of its pages below /contact-centre. @param desk.act that lets somebody in.
 * @throws Forbidden for staff who may not do that act anywhere.
 */
export function frameOf<Words>(
  platform: Platform,
  c: Context<MistoEnv>,
  desk: { readonly path: string; readonly act: string; readonly words: (language: Language) => Words },
): DeskFrame<Words> {
  const { actor, requestId } = c.var.visit;
  mustBeAble(actor, permission(desk.act));
  const at = here(c);
  return {
    platform,
    c,
    at,
    words: desk.words(at.language),
    href: (path, query) => at.href(desk.path + path, query),
    run: (act) => platform.work(actor, act, { requestId }),
  };
}

/** A page of the desk with the way back to its first one. */
export function framePage(
  frame: DeskFrame<{ readonly title: string }>,
  options: PageOptions & { readonly path: string; readonly trail?: readonly Link[] },
  body: ComponentChildren,
): Response {
  const { trail, path, ...rest } = options;
  return page(
    frame.c,
    {
      shell: 'desk',
      width: 'full',
      current: `/contact-centre${path}`,
      ...(trail
        ? { before: <Breadcrumbs items={[{ title: frame.words.title, href: frame.href('') }, ...trail]} /> }
        : {}),
      ...rest,
    },
    body,
  );
}

/** The head of a desk's page about one request: what an act left to tell, the way back, what the request is. */
export function RequestHead(props: {
  number: string;
  title: string;
  faults: readonly FieldFault[];
  /** What has been done. */
  done?: string | undefined;
  /** Why nothing was done. */
  refused?: string | undefined;
  back: Link;
  badge: ComponentChildren;
}) {
  return (
    <>
      <ErrorSummary faults={props.faults} />
      {props.done && <Done>{props.done}</Done>}
      {props.refused && (
        <Notice tone="danger" live>
          <p>{props.refused}</p>
        </Notice>
      )}
      <BackLink href={props.back.href}>{props.back.title}</BackLink>
      <PageHead
        title={props.title}
        kicker={<span class="mono">{shownNumber(props.number)}</span>}
        actions={props.badge}
      />
    </>
  );
}
