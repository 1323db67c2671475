import { type Syntax, syntaxes } from './syntaxes.ts';

/** What an address without ending answers: the page for people, or the graph in a syntax. */
export type Wanted = 'page' | Syntax;

interface Range {
  readonly type: string;
  readonly quality: number;
}

/**
 * What an Accept header asks for (RFC 9110 section 12.5.1): the type of the highest quality; between equals the page, then the
 * syntaxes in their order. The page for a reader who takes anything, and for one who takes nothing that there is.
 */
export function negotiate(accept: string | null | undefined): Wanted {
  const ranges = readAccept(accept ?? '');
  if (ranges.length === 0) return 'page';
  const offers: readonly { wanted: Wanted; types: readonly string[] }[] = [
    { wanted: 'page', types: ['text/html', 'application/xhtml+xml'] },
    ...syntaxes.map((syntax) => ({ wanted: syntax, types: [syntax.mediaType] })),
  ];
  let best: { wanted: Wanted; quality: number } = { wanted: 'page', quality: 0 };
  for (const { wanted, types } of offers) {
    const quality = Math.max(...types.map((type) => qualityOf(type, ranges)));
    if (quality > best.quality) best = { wanted, quality };
  }
  return best.wanted;
}

/** The most exact range that covers a type decides. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  for (const cover of [type, `${type.slice(0, type.indexOf('/'))}/*`, '*/*']) {
    const found = ranges.find((range) => range.type === cover);
    if (found) return found.quality;
  }
  return 0;
}

function readAccept(header: string): Range[] {
  return header.split(',').flatMap((part): Range[] => {
    const [type = '', ...settings] = part.split(';').map((piece) => piece.trim().toLowerCase());
    if (!/^[^\s/]+\/[^\s/]+$/.test(type)) return [];
    const given = settings.find((setting) => setting.startsWith('q='));
    const quality = given === undefined ? 1 : Number(given.slice(2));
    return [{ type, quality: quality >= 0 && quality <= 1 ? quality : 0 }];
  });
}
