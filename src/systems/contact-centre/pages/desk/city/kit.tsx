import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { ComponentChildren } from 'preact';
import { z } from 'zod';
import { mustBeAble } from '#platform/access/index.ts';
import { readForm } from '#platform/http/forms.ts';
import { type PageOptions, page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import { Breadcrumbs, type Fault, Form, type Link } from '#ui/index.ts';
import type { Flat } from '../../../city-editing/kind.ts';
import { permission } from '../../../permissions.ts';
import { type Here, here } from '../../kit.tsx';
import { cityText } from './text.ts';

/** What every page of the administrator has at hand. */
export interface CityDesk {
  readonly platform: Platform;
  readonly c: Context<MistoEnv>;
  readonly at: Here;
  readonly words: ReturnType<typeof cityText>;
  href(path: string, query?: Parameters<Here['href']>[1]): string;
  /** Runs a domain act as the person who asked. */
  run<T>(act: (work: Work) => Promise<T>): Promise<T>;
}

/** @throws Forbidden for staff who may not write the city's data. */
export function cityDesk(platform: Platform, c: Context<MistoEnv>): CityDesk {
  const { actor, requestId } = c.var.visit;
  mustBeAble(actor, permission('data_write'));
  const at = here(c);
  return {
    platform,
    c,
    at,
    words: cityText(at.language),
    href: (path, query) => at.href(`/desk/administrator${path}`, query),
    run: (act) => platform.work(actor, act, { requestId }),
  };
}

/** A page of the desk with the way back to everything that is edited. */
export function cityPage(
  desk: CityDesk,
  options: PageOptions & { readonly trail?: readonly Link[] },
  body: ComponentChildren,
): Response {
  const { trail, ...rest } = options;
  return page(
    desk.c,
    {
      shell: 'desk',
      width: 'full',
      current: '/contact-centre/desk/administrator',
      ...(trail
        ? { before: <Breadcrumbs items={[{ title: desk.words.title, href: desk.href('') }, ...trail]} /> }
        : {}),
      ...rest,
    },
    body,
  );
}

/** A writing form of this desk. */
export function CityForm(props: {
  desk: CityDesk;
  action: string;
  hidden?: Readonly<Record<string, string | undefined>>;
  faults?: readonly Fault[];
  multipart?: boolean;
  children: ComponentChildren;
}) {
  const { desk, ...rest } = props;
  return <Form {...rest} csrf={desk.c.var.visit.csrfToken()} idempotencyKey={randomUUID()} />;
}

/** The fields of a form as plain texts; what was ticked several times is joined by commas. */
export async function sentFlat(c: Context<MistoEnv>) {
  const form = await readForm(c, z.object({}));
  const flat: Flat = Object.fromEntries(
    Object.entries(form.lists).map(([name, list]) => [name, list.filter(Boolean).join(',')]),
  );
  return { flat, faults: form.faults, files: form.files };
}
