import type { Hono } from 'hono';
import type { MistoEnv } from '../system.ts';

/** A browser without scripts, for tests: keeps cookies, follows redirects after forms, and fills in the forms it was shown. */
export class TestBrowser {
  readonly #app: Pick<Hono<MistoEnv>, 'request'>;
  readonly cookies = new Map<string, string>();
  /** The last page. */
  html = '';
  path = '/';
  status = 0;
  headers = new Headers();

  constructor(app: Pick<Hono<MistoEnv>, 'request'>) {
    this.#app = app;
  }

  async get(path: string): Promise<this> {
    await this.#send(path, { method: 'GET' });
    return this;
  }

  /** Sends the form of the last page whose action is this path; hidden fields come along as they stand. With files it is multipart. */
  async submit(
    action: string,
    fields: Record<string, string | readonly (string | File)[]> = {},
  ): Promise<this> {
    const form = [...this.html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].find(
      ([, attributes]) => plain(/action="([^"]*)"/.exec(attributes!)?.[1] ?? '') === action,
    );
    if (!form) throw new Error(`the page ${this.path} has no form that goes to ${action}`);
    const hidden = [...form[2]!.matchAll(/<input\b(?=[^>]*type="hidden")(?:"[^"]*"|[^>"])*>/g)].map(
      ([tag]) =>
        [
          plain(/name="([^"]*)"/.exec(tag)?.[1] ?? ''),
          plain(/value="([^"]*)"/.exec(tag)?.[1] ?? ''),
        ] as const,
    );
    return this.post(action, { ...Object.fromEntries(hidden), ...fields });
  }

  async post(
    path: string,
    fields: Record<string, string | readonly (string | File)[]>,
    headers: Record<string, string> = {},
  ): Promise<this> {
    await this.#send(path, { method: 'POST', body: bodyOf(fields), headers });
    return this;
  }

  async #send(
    path: string,
    init: RequestInit & { headers?: Record<string, string> },
    hops = 0,
  ): Promise<void> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.#app.request(path, {
      ...init,
      headers: { accept: 'text/html', ...(cookie ? { cookie } : {}), ...init.headers },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const at = pair.indexOf('=');
      if (attributes.some((attribute) => /^max-age=0$/i.test(attribute)))
        this.cookies.delete(pair.slice(0, at));
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = answer.headers.get('location');
    if (answer.status === 303 && location && hops < 5)
      return this.#send(location, { method: 'GET' }, hops + 1);
    this.html = await answer.text();
    this.path = path;
    this.status = answer.status;
    this.headers = answer.headers;
  }
}

function bodyOf(fields: Record<string, string | readonly (string | File)[]>): URLSearchParams | FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    if (typeof value === 'string') form.append(name, value);
    else for (const one of value) form.append(name, one);
  const texts = [...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return texts.length < [...form].length ? form : new URLSearchParams(texts);
}

function plain(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}
