import type { Platform } from '#platform/system.ts';

/** Public address of the city without a slash at its end, for what is written down while nobody asks. */
export function originOf({ config }: Pick<Platform, 'config'>): string {
  return config.publicUrl ?? `http://${config.host}:${config.port}`;
}

/** Where the portal stands there. */
export const portalOrigin = (platform: Pick<Platform, 'config'>): string => `${originOf(platform)}/open-data`;
