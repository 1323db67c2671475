import { Hono } from 'hono';
import { setCookie } from 'hono/cookie';
import { emergencyPages } from '../access/emergency-pages.tsx';
import { peoplePages } from '../access/people-pages.tsx';
import { recusalPages } from '../access/recusal-pages.tsx';
import { auditHeadsRoute } from '../audit/heads.ts';
import { lawPages } from '../calendar/law-pages.tsx';
import { refreshCity } from '../city.ts';
import { failurePages } from '../failures/pages.tsx';
import { homePages } from '../home/pages.tsx';
import { localPath } from '../i18n/index.ts';
import { ownPasswordPages } from '../identity/own-password.tsx';
import { identityPages } from '../identity/pages.tsx';
import { letterPages } from '../notify/letters-pages.tsx';
import type { Mailer } from '../notify/mailer.ts';
import { messagePages, unsubscribePages } from '../notify/pages.tsx';
import { erasurePages } from '../personal-data/erasure-pages.tsx';
import { officerPages } from '../personal-data/officer-pages.tsx';
import { dataPages } from '../personal-data/pages.tsx';
import { purposePages } from '../personal-data/purpose-pages.tsx';
import type { MistoEnv, Platform } from '../system.ts';
import { apiDocs } from './api-docs.tsx';
import { limitPrograms } from './api-limits.ts';
import { assets } from './assets.ts';
import { bodyLimits } from './body-limits.ts';
import { anonymousCache } from './cache.ts';
import { isSecure, type OpenVisit, themeOf, visitReader } from './context.ts';
import { csrf } from './csrf.ts';
import { designPage } from './design-page.tsx';
import { errorAnswer, notFound } from './errors.tsx';
import { idempotency } from './idempotency.ts';
import { keptFormPage } from './kept-form.ts';
import { routePath, withoutUkrainian } from './language.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import { createLimiter, limits } from './limits.ts';
import { type Log, standardLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import { rememberPlatform } from './page.tsx';
import { readinessOf } from './readiness.ts';
import { localTarget } from './redirect.ts';
import { secretLinks } from './secret-links.ts';
import { contentSecurityPolicy, securityHeaders } from './security.ts';
import { session } from './session.ts';

export interface AppOptions {
  readonly lifecycle?: Lifecycle;
  readonly log?: Log;
  readonly metrics?: Metrics;
  /** Keeping public pages for two seconds, and limits; both are on except in test mode, where clocks stand still. */
  readonly cache?: boolean;
  readonly limits?: boolean;
  /** Carries sign-in codes; without one, sign-in by e-mail says that it is not available. */
  readonly mailer?: Mailer;
  /** Folder of the client build; found beside the program unless given. */
  readonly assetsDirectory?: string;
}

/** The whole site as one fetch handler. */
export function createApp(platform: Platform, options: AppOptions = {}): Hono<MistoEnv> {
  const { config } = platform;
  const lifecycle = options.lifecycle ?? createLifecycle();
  const log = options.log ?? standardLog;
  const readVisit = visitReader(config);
  const fixedHeaders = securityHeaders(config);
  const policy = contentSecurityPolicy(config);

  const app = new Hono<MistoEnv>({ getPath: routePath });
  app.onError(errorAnswer(log, platform));
  app.notFound(notFound(platform));

  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const { problem, warnings } = await readinessOf(platform, lifecycle);
    if (problem) return c.json({ status: 'unready', problem }, 503);
    return c.json({ status: 'ready', ...(warnings.length > 0 ? { warnings } : {}) });
  });
  for (const path of ['/uk', '/uk/*']) app.get(path, (c) => c.redirect(withoutUkrainian(c.req.url), 301));
  app.use(assets(options.assetsDirectory));

  app.use(async (c, next) => {
    const visit = readVisit(c);
    c.set('visit', visit);
    rememberPlatform(visit, platform);
    await refreshCity(platform);
    await next();
  });
  if (options.metrics) app.use(options.metrics.measure);
  // Outside of what sets headers: a page from memory has them all.
  if (options.cache ?? config.mode !== 'test') app.use(anonymousCache());
  app.use(async (c, next) => {
    const visit = c.var.visit as OpenVisit;
    await next();
    // Not `c.header`: on a finished answer it copies the body through a stream.
    const { headers } = c.res;
    for (const [name, value] of fixedHeaders) headers.set(name, value);
    headers.set('x-request-id', visit.requestId);
    if (!headers.has('content-security-policy'))
      headers.set('content-security-policy', policy(visit.usedNonce));
    visit.saidCaching = headers.has('cache-control');
    if (!visit.saidCaching) headers.set('cache-control', 'private, no-store');
  });
  const limiter = (options.limits ?? config.mode !== 'test') ? createLimiter(platform) : null;
  if (limiter) limitPrograms(platform, limiter);
  for (const system of platform.systems) {
    const programs = system.programs?.(platform);
    if (programs) app.route('/', programs);
  }
  app.use(session(platform));
  if (limiter) app.use(limits(platform, limiter));
  app.use(bodyLimits());
  const guarded = secretLinks(platform);
  for (const path of ['/unsubscribe/*', '/privacy/erasure/*']) app.use(path, guarded);
  // Mail programs answer an unsubscribe link without any token of ours.
  app.route('/', unsubscribePages(platform));
  app.use(csrf());
  app.use(idempotency(platform));
  app.route('/', keptFormPage(platform));
  app.route('/', identityPages(platform, options));
  app.route('/', homePages(platform));
  app.route('/desk/people', peoplePages(platform));
  app.route('/desk/failures', failurePages(platform));
  app.route('/desk/letters', letterPages(platform));
  app.route('/desk/password', ownPasswordPages(platform));
  app.route('/', messagePages(platform));
  app.route('/', dataPages(platform));
  app.route('/', erasurePages(platform));
  app.route('/', purposePages(platform));
  app.route('/desk/privacy', officerPages(platform));
  app.route('/desk/emergency', emergencyPages(platform));
  app.route('/desk/recusals', recusalPages(platform));
  app.route('/desk/law', lawPages(platform));
  app.route('/', auditHeadsRoute(platform));
  app.route('/', designPage());

  app.post('/preferences', async (c) => {
    const { visit } = c.var;
    const form = await c.req.formData();
    setCookie(c, 'theme', themeOf(form.get('theme')), {
      path: '/',
      sameSite: 'Lax',
      httpOnly: true,
      secure: isSecure(visit.origin),
      maxAge: 365 * 86_400,
    });
    return c.redirect(localTarget(form.get('return')) ?? localPath(visit.language, '/'), 303);
  });

  const apis: Hono<MistoEnv>[] = [];
  for (const system of platform.systems) {
    if (system.pages) app.route(`/${system.name}`, system.pages(platform));
    const api = system.api?.(platform);
    if (!api) continue;
    apis.push(api);
    app.route('/', api);
  }
  app.route('/', apiDocs(platform, apis));
  return app;
}
