import { expect, it } from 'vitest';
import { mayImport, roomOf } from './boundaries.ts';

it('a system imports the platform and the design system, and no other system', () => {
  expect(mayImport('systems/contact-centre', 'platform')).toBe(true);
  expect(mayImport('systems/contact-centre', 'ui')).toBe(true);
  expect(mayImport('systems/contact-centre', 'systems/open-data')).toBe(false);
});

it('the platform knows no system and the design system knows no data', () => {
  expect(mayImport('platform', 'systems/contact-centre')).toBe(false);
  expect(mayImport('ui', 'platform')).toBe(false);
  expect(roomOf('systems/index.ts')).toBe('top');
  expect(mayImport('top', 'systems/contact-centre')).toBe(true);
});
