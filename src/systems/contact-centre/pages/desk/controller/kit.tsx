import type { Context } from 'hono';
import type { ComponentChildren } from 'preact';
import { mustBeAble } from '#platform/access/index.ts';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import { Badge, Notice } from '#ui/index.ts';
import type { DeskRow } from '../../../lists/index.ts';
import { permission } from '../../../permissions.ts';
import { type Here, here } from '../../kit.tsx';
import { typedNumber } from '../../text.ts';
import { type ControllerText, controllerText } from './text.ts';

/** What every page of the controller has at hand. */
export interface Controlling {
  readonly platform: Platform;
  readonly c: Context<MistoEnv>;
  readonly at: Here;
  readonly words: ControllerText;
  href(path: string, query?: Parameters<Here['href']>[1]): string;
  /** Runs a domain act as the controller. */
  run<T>(act: (work: Work) => Promise<T>): Promise<T>;
}

/** @throws Forbidden for staff who call nobody back. */
export function controlling(platform: Platform, c: Context<MistoEnv>): Controlling {
  const { actor, requestId } = c.var.visit;
  if (!actor.grants.some((grant) => grant.permissions.has(permission('call_back'))))
    mustBeAble(actor, permission('call_back'));
  const at = here(c);
  return {
    platform,
    c,
    at,
    words: controllerText(at.language),
    href: (path, query) => at.href(`/desk/controller${path}`, query),
    run: (act) => platform.work(actor, act, { requestId }),
  };
}

/** Why nothing was done; the page then shows how things stand. */
export function refusalWords(words: ControllerText, code: string): string {
  return words.refused[code] ?? words.refusedOther;
}

/** A page that shows personal data: kept in no cache, with what the last act did on top. */
export function controllerPage(
  desk: Controlling,
  options: {
    readonly title: string;
    readonly faults?: Parameters<typeof page>[1]['faults'];
    readonly refused?: string;
  },
  body: ComponentChildren,
): Response {
  const { c, words } = desk;
  const done = options.refused || options.faults?.length ? undefined : words.done[c.req.query('done') ?? ''];
  return page(
    c,
    {
      title: options.title,
      shell: 'desk',
      private: true,
      index: false,
      ...(options.faults ? { faults: options.faults } : {}),
      ...(options.refused ? { status: 409 } : {}),
    },
    <>
      {done && (
        <Notice tone="good" live>
          <p>{done}</p>
        </Notice>
      )}
      {options.refused && (
        <Notice tone="danger" live>
          <p>{refusalWords(words, options.refused)}</p>
        </Notice>
      )}
      {body}
    </>,
  );
}

/** What is wrong with the evidence, each as a mark. */
export function Marks(props: { words: ControllerText; faults: readonly string[] }) {
  return (
    <>
      {props.faults.map((fault) => (
        <Badge key={fault} tone="warning" icon="alert">
          {props.words.faults[fault] ?? fault}
        </Badge>
      ))}
    </>
  );
}

export const nameOf = (at: Here, row: DeskRow): string => row.categoryName?.[at.language] ?? row.category;

export function numberIn(c: Context<MistoEnv>): string {
  const number = typedNumber(c.req.param('number') ?? '');
  if (number.length !== 11) throw new NotFound('request');
  return number;
}
