import type { System } from '#platform/system.ts';
import { contactCentre } from './contact-centre/index.ts';
import { openData } from './open-data/index.ts';

/** The systems of this city, in the order of the menu. */
export const systems: readonly System[] = [contactCentre, openData];
