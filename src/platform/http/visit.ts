import type { Language } from '../i18n/index.ts';
import type { Actor } from '../work.ts';

/** What is known of one request: who, in which language, and what its page may need. Set before any handler runs. */
export interface Visit {
  readonly language: Language;
  readonly actor: Actor;
  /** Ties the page, the log lines and the audit entries together. */
  readonly requestId: string;
  /** Absolute origin as the visitor sees it, no trailing slash. */
  readonly origin: string;
  /** Path without the language prefix, with the query. */
  readonly path: string;
  /** Nonce for the page's inline scripts and styles, if it has any. */
  readonly nonce: string;
  /** Chosen look; `system` follows the device. */
  readonly theme: 'light' | 'dark' | 'system';
  /**
   * Token for the hidden field of a writing form. Asking for it makes the answer private and sets a pre-session cookie
   * where there is no session.
   */
  csrfToken(): string;
  /** Address of the client, or /64 network for IPv6: the key of anonymous limits. */
  readonly network: string;
  /** The signed-in session behind the actor; none for visitors. */
  readonly session?: VisitSession;
}

/** What pages may know of the session; its token stays in the cookie. */
export interface VisitSession {
  readonly id: string;
  readonly personId: string;
  /** Shown in the header to its owner only. */
  readonly personName: string;
  readonly kind: 'person' | 'staff';
  readonly startedAt: Date;
  /** When it ends unless something is asked for before. */
  readonly idleUntil: Date;
  /** When the person last proved who they are, and by what. */
  readonly provedAt: Date;
  readonly proofMethod: string;
}
