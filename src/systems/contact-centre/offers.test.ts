import { describe, expect, it } from 'vitest';
import { offersFor, sightOf } from './offers.ts';
import { inPost } from './posts.ts';

const request = (state: Parameters<typeof offersFor>[1]['state']) => ({
  regime: 'service' as const,
  state,
  organisation: 'teplo',
  district: 'samara',
  branches: ['heating'],
});

describe('what may be done now', () => {
  it('begins with the usual next step and names nothing that the move table forbids', () => {
    expect(offersFor(inPost('dispatcher', 'teplo'), request('assigned'))).toEqual([
      'accept',
      'return',
      'ask',
    ]);
    expect(offersFor(inPost('dispatcher', 'teplo'), request('accepted'))[0]).toBe('dispatch');
    expect(offersFor(inPost('crew', 'teplo'), request('in_progress'))).toEqual(['claim', 'arrive']);
    expect(offersFor(inPost('operator'), request('triage'))).toEqual([
      'assign',
      'refuse',
      'transfer',
      'link',
    ]);
  });

  it('is nothing for another enterprise', () => {
    expect(offersFor(inPost('dispatcher', 'voda'), request('assigned'))).toEqual([]);
  });

  it('is no verdict for people of the enterprise that is judged', () => {
    expect(offersFor(inPost('controller'), request('claimed'))).toContain('confirm');
    expect(offersFor({ ...inPost('controller'), organisation: 'teplo' }, request('claimed'))).toEqual([
      'link',
    ]);
  });

  it('needs the permission of the move besides the post', () => {
    const actor = inPost('dispatcher', 'teplo');
    const [grant] = actor.grants;
    const less = new Set([...grant!.permissions].filter((one) => one !== 'contact-centre:return'));
    expect(
      offersFor({ ...actor, grants: [{ ...grant!, permissions: less }] }, request('assigned')),
    ).not.toContain('return');
  });
});

describe('who lives there', () => {
  it('is told to the executor only where the executor must get in', () => {
    expect(sightOf(inPost('dispatcher', 'teplo'), request('accepted'), false).contacts).toBe(false);
    expect(sightOf(inPost('dispatcher', 'teplo'), request('accepted'), true).contacts).toBe(true);
  });

  it('is known to the contact centre, and not to a moderator', () => {
    expect(sightOf(inPost('operator'), request('accepted'), false).contacts).toBe(true);
    expect(sightOf(inPost('moderator'), request('accepted'), true)).toEqual({
      words: true,
      contacts: false,
      notes: false,
    });
  });
});
