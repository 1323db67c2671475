import { timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { Forbidden, Refusal } from '../errors.ts';
import { localPath, messages } from '../i18n/index.ts';
import type { MistoEnv } from '../system.ts';
import { formToken, type OpenVisit } from './context.ts';
import { isApiPath } from './errors.tsx';
import { page } from './page.tsx';

/** Name of the hidden field. */
export const csrfField = '_csrf';

const text = messages(
  {
    title: 'Підтвердьте надсилання',
    why: 'Форма була відкрита задовго або в іншому сеансі, тому ми ще нічого не зберегли. Введене збережено нижче.',
    files: 'Файли доведеться додати ще раз: поверніться до форми.',
    send: 'Надіслати',
    back: 'Повернутися до форми',
  },
  {
    en: {
      title: 'Confirm sending',
      why: 'The form was opened long ago or in another session, so nothing is stored yet. What you typed is kept below.',
      files: 'Files must be added again: go back to the form.',
      send: 'Send',
      back: 'Back to the form',
    },
  },
);

/**
 * Refuses writing requests that did not come from our own forms: those of foreign origins, and those without the token
 * bound to the visitor's secret. Programs with keys (API paths) carry no cookies and are exempt; so is the choice of
 * theme, which stands on every cached page.
 */
export function csrf(): MiddlewareHandler<MistoEnv> {
  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD' || c.req.method === 'OPTIONS') return next();
    if (isApiPath(c.req.path)) return next();
    if (!comesFromUs(c)) throw new Forbidden('foreign origin');
    if (c.req.path === '/preferences') return next();
    const secret = (c.var.visit as OpenVisit).csrfSecret;
    const type = c.req.header('content-type') ?? '';
    const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(type);
    const form = isForm ? await c.req.formData().catch(() => null) : null;
    if (isForm && !form) throw new Refusal(400, 'invalid', 'the form cannot be read');
    const given = form ? form.get(csrfField) : c.req.header('x-csrf-token');
    if (secret && typeof given === 'string' && equal(given, formToken(secret))) return next();
    if (!form) throw new Refusal(403, 'stale-form', 'the form token is missing or out of date');
    return formAgain(c, form);
  };
}

/** Both headers are sent by browsers only, and cannot be set by a page; what is not sent proves nothing. */
function comesFromUs(c: Context<MistoEnv>): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site && site !== 'same-origin' && site !== 'none') return false;
  const origin = c.req.header('origin');
  return !origin || origin === c.var.visit.origin;
}

const neverKept = /password|secret|code|token/i;

/** The same form once more with what was typed and a fresh token: a stale page loses no work. */
function formAgain(c: Context<MistoEnv>, form: FormData): Response {
  const { visit } = c.var;
  const words = text(visit.language);
  const fields: [string, string][] = [];
  let hasFiles = false;
  for (const [name, value] of form) {
    if (typeof value !== 'string') hasFiles ||= value.size > 0;
    else if (name !== csrfField && !neverKept.test(name)) fields.push([name, value]);
  }
  const shown = fields.filter(([name, value]) => value.trim() && !name.startsWith('_') && name !== 'back');
  const path = localPath(visit.language, visit.path);
  return page(c, { title: words.title, status: 403 }, [
    <h1>{words.title}</h1>,
    <p>{words.why}</p>,
    hasFiles ? <p>{words.files}</p> : null,
    <ul>
      {shown.map(([, value]) => (
        <li>{value}</li>
      ))}
    </ul>,
    <form method="post" action={path}>
      <input type="hidden" name={csrfField} value={visit.csrfToken()} />
      {fields.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit">{words.send}</button>
    </form>,
    <p>
      <a href={path}>{words.back}</a>
    </p>,
  ]);
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
