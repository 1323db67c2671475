import { describe, expect, it } from 'vitest';
import { negotiate } from './negotiation.ts';

const answer = (accept: string | null) => {
  const wanted = negotiate(accept);
  return wanted === 'page' ? 'page' : wanted.ending;
};

describe('an Accept header is answered with', () => {
  const cases: readonly (readonly [string | null, string])[] = [
    [null, 'page'],
    ['', 'page'],
    ['*/*', 'page'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', 'page'],
    ['text/turtle', 'ttl'],
    ['application/rdf+xml', 'rdf'],
    ['text/n3', 'n3'],
    ['application/ld+json', 'jsonld'],
    ['text/html;q=0.5, text/turtle', 'ttl'],
    ['text/turtle;q=0.5, text/html', 'page'],
    ['application/ld+json;q=0.9, text/turtle;q=0.4, */*;q=0.1', 'jsonld'],
    ['text/turtle;q=0.3, application/rdf+xml;q=0.7', 'rdf'],
    ['text/turtle;q=0, */*', 'page'],
    ['text/html;q=0, text/*', 'ttl'],
    ['application/*', 'page'],
    ['application/json', 'page'],
    ['TEXT/TURTLE; charset=utf-8', 'ttl'],
    ['text/turtle;q=nonsense, text/n3;q=0.1', 'n3'],
  ];
  for (const [accept, wanted] of cases)
    it(`${wanted} for ${accept ?? 'none'}`, () => expect(answer(accept)).toBe(wanted));
});
