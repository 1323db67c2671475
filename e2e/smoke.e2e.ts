import { expect, inject, it } from 'vitest';

it('a started city answers', async () => {
  const answer = await fetch(`${inject('origin')}/healthz`);
  expect(answer.status).toBe(200);
});
