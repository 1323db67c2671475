import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { ComponentChildren } from 'preact';
import { z } from 'zod';
import { readForm } from '#platform/http/forms.ts';
import type { PageOptions } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { type Fault, Form, type Link } from '#ui/index.ts';
import type { Flat } from '../../../city-editing/kind.ts';
import { type DeskFrame, frameOf, framePage } from '../frame.tsx';
import { cityText } from './text.ts';

/** What every page of the administrator has at hand. */
export type CityDesk = DeskFrame<ReturnType<typeof cityText>>;

const path = '/desk/administrator';

/** @throws Forbidden for staff who may not write the city's data. */
export const cityDesk = (platform: Platform, c: Context<MistoEnv>): CityDesk =>
  frameOf(platform, c, { path, act: 'data_write', words: cityText });

/** A page of the desk with the way back to everything that is edited. */
export const cityPage = (
  desk: CityDesk,
  options: PageOptions & { readonly trail?: readonly Link[] },
  body: ComponentChildren,
): Response => framePage(desk, { path, ...options }, body);

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
