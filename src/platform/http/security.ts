import type { Config } from '../config/index.ts';

/** Headers of every answer that do not depend on the request. */
export function securityHeaders(config: Config): readonly (readonly [string, string])[] {
  return [
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'strict-origin-when-cross-origin'],
    ['permissions-policy', 'camera=(), microphone=(), payment=(), usb=(), geolocation=(self)'],
    ['cross-origin-opener-policy', 'same-origin'],
    ...(config.publicUrl?.startsWith('https:')
      ? ([['strict-transport-security', 'max-age=31536000; includeSubDomains']] as const)
      : []),
  ];
}

/** The content security policy. A nonce appears only where the page asked for one. */
export function contentSecurityPolicy(config: Config): (nonce: string | null) => string {
  const tiles = config.tileUrl ? ` ${new URL(config.tileUrl.replace(/[{}]/g, '')).origin}` : '';
  const before = `default-src 'self'; script-src 'self'`;
  const after = `; style-src 'self'; img-src 'self' data: blob:${tiles}; connect-src 'self'${tiles}; worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'`;
  return (nonce) => before + (nonce ? ` 'nonce-${nonce}'` : '') + after;
}
