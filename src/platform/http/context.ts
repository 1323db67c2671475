import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Config } from '../config/index.ts';
import type { Language } from '../i18n/index.ts';
import type { MistoEnv } from '../system.ts';
import { type Actor, anonymous } from '../work.ts';
import { languageOf, withoutLanguage } from './language.ts';
import { clientAddress, networkOf, trustedProxies } from './network.ts';
import type { Visit, VisitSession } from './visit.ts';

/** A visit and what its answer turned out to need: the middleware reads the second half when the page is done. */
export class OpenVisit implements Visit {
  readonly language: Language;
  readonly requestId: string;
  readonly origin: string;
  readonly path: string;
  readonly theme: Visit['theme'];
  readonly network: string;
  actor: Actor = anonymous;
  session?: VisitSession;
  /** The token of a session that is over, as the browser still sent it. */
  lostToken?: string;
  /** The answer itself has said who may keep it. */
  saidCaching = false;
  /** The answer is for this visitor alone. */
  isPrivate = false;
  /** The page as it was drawn, for whoever keeps it: reading it back from the answer costs as much as drawing it. */
  drawn: string | undefined;
  /** What forms are bound to: the session's token or the pre-session secret of the cookie. */
  csrfSecret: string | undefined;
  /** Set when this answer begins a pre-session: its secret goes into a cookie. */
  startedPreSession: string | undefined;
  #nonce: string | null = null;

  constructor(facts: Pick<Visit, 'language' | 'requestId' | 'origin' | 'path' | 'theme' | 'network'>) {
    this.language = facts.language;
    this.requestId = facts.requestId;
    this.origin = facts.origin;
    this.path = facts.path;
    this.theme = facts.theme;
    this.network = facts.network;
  }

  get nonce(): string {
    this.#nonce ??= randomBytes(16).toString('base64');
    return this.#nonce;
  }

  /** The nonce if the page has asked for it. */
  get usedNonce(): string | null {
    return this.#nonce;
  }

  csrfToken(): string {
    this.isPrivate = true;
    this.startedPreSession ??= this.csrfSecret ? undefined : randomBytes(32).toString('base64url');
    this.csrfSecret ??= this.startedPreSession;
    return formToken(this.csrfSecret!);
  }
}

/** Reads from a request what does not need the database. */
export function visitReader(config: Config): (c: Context<MistoEnv>) => OpenVisit {
  const trusted = trustedProxies(config.trustedProxies);
  return (c) => {
    const url = new URL(c.req.url);
    const address = clientAddress(peerOf(c), c.req.header('x-forwarded-for'), trusted);
    return new OpenVisit({
      language: languageOf(url.pathname),
      requestId: randomUUID(),
      origin: config.publicUrl ?? url.origin,
      path: withoutLanguage(url.pathname) + url.search,
      theme: themeOf(getCookie(c, 'theme')),
      network: networkOf(address),
    });
  };
}

export function themeOf(value: unknown): Visit['theme'] {
  return value === 'light' || value === 'dark' ? value : 'system';
}

/** The other end of the connection, as the Node adapter hands it over; none in tests that give no connection. */
export function peerOf(c: Context): string | undefined {
  const bindings = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined;
  return bindings?.incoming?.socket?.remoteAddress;
}

/** Whether cookies may carry the `__Host-` prefix: only browsers on https accept it. */
export function isSecure(origin: string): boolean {
  return origin.startsWith('https:');
}

/** The token of forms for a session or pre-session secret. It tells nothing of the secret. */
export function formToken(secret: string): string {
  return createHmac('sha256', secret).update('misto form').digest('base64url');
}
