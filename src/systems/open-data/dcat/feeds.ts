import { legal } from './graph.ts';
import { escapeXml } from './rdf-xml.ts';

/** News of the catalogue for readers of feeds, the newest first. */
export interface Feed {
  /** Permanent address of the feed itself. */
  readonly self: string;
  readonly title: string;
  /** Whose news these are. */
  readonly author: string;
  /** The page that shows the same. */
  readonly page: string;
  readonly entries: readonly FeedEntry[];
  /** Other pages of the feed (RFC 5005), by relation. */
  readonly pages: Readonly<Partial<Record<'first' | 'last' | 'next' | 'previous', string>>>;
}

export interface FeedEntry {
  readonly id: string;
  readonly page: string;
  readonly title: string;
  readonly summary: string;
  readonly author: string | null;
  readonly tags: readonly string[];
  /** ISO 8601 with or without `Z`: UTC. */
  readonly published: string;
  readonly updated: string;
}

/** How a feed may be written, by the ending of its address. */
export const feedTypes = { atom: 'application/atom+xml', rss: 'application/rss+xml' } as const;
export type FeedType = keyof typeof feedTypes;

export function writeFeed(type: FeedType, feed: Feed): string {
  return type === 'atom' ? writeAtom(feed) : writeRss(feed);
}

/** When the newest entry changed; the beginning of time while there is none. */
export function updatedOf(feed: Feed): Date {
  return new Date(Math.max(0, ...feed.entries.map((entry) => instant(entry.updated).getTime())));
}

/** Atom (RFC 4287) with pages (RFC 5005). */
function writeAtom(feed: Feed): string {
  const links = Object.entries(feed.pages).map(([relation, address]) => link(relation, address, 'atom'));
  const entries = feed.entries.map(
    (entry) => `<entry><id>${escapeXml(entry.id)}</id><title>${text(entry.title)}</title>
<link rel="alternate" type="text/html" href="${escapeXml(entry.page)}"/>
<published>${instant(entry.published).toISOString()}</published><updated>${instant(entry.updated).toISOString()}</updated>
${entry.author ? `<author><name>${text(entry.author)}</name></author>` : ''}${entry.tags
  .map((tag) => `<category term="${text(tag)}"/>`)
  .join('')}
<summary>${text(entry.summary)}</summary></entry>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="uk"><id>${escapeXml(feed.self)}</id><title>${text(feed.title)}</title>
<author><name>${text(feed.author)}</name></author><updated>${updatedOf(feed).toISOString()}</updated>
${link('self', feed.self, 'atom')}<link rel="alternate" type="text/html" href="${escapeXml(feed.page)}"/>${links.join('')}
${entries.join('\n')}
</feed>
`;
}

/** RSS 2.0, which knows neither pages nor a stable order: its Atom links say both. */
function writeRss(feed: Feed): string {
  const links = Object.entries(feed.pages).map(([relation, address]) => atomLink(relation, address));
  const items = feed.entries.map(
    (
      entry,
    ) => `<item><guid isPermaLink="false">${escapeXml(`${entry.id}#${entry.updated}`)}</guid><title>${text(entry.title)}</title>
<link>${escapeXml(entry.page)}</link><pubDate>${instant(entry.updated).toUTCString()}</pubDate>
${entry.tags.map((tag) => `<category>${text(tag)}</category>`).join('')}<description>${text(entry.summary)}</description></item>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>${text(feed.title)}</title>
<link>${escapeXml(feed.page)}</link><description>${text(feed.title)}</description><language>uk</language>
<lastBuildDate>${updatedOf(feed).toUTCString()}</lastBuildDate>
${atomLink('self', feed.self)}${links.join('')}
${items.join('\n')}
</channel></rss>
`;
}

function link(relation: string, address: string, type: FeedType): string {
  return `<link rel="${relation}" type="${feedTypes[type]}" href="${escapeXml(address)}"/>`;
}

const atomLink = (relation: string, address: string) => `<atom:${link(relation, address, 'rss').slice(1)}`;

const instant = (given: string) => new Date(/Z$/.test(given) ? given : `${given}Z`);

const text = (given: string) => escapeXml(legal(given));
