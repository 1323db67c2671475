import type { System } from '#platform/system.ts';

/** The systems of this city, in the order of the menu. */
export const systems: readonly System[] = [];
