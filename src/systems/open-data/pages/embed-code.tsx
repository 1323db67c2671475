import { Section } from '#ui/index.ts';
import { type Asked, askedQuery } from './asked.ts';
import { titleOf } from './dataset.tsx';
import type { Here, ServedResource } from './kit.tsx';
import { viewText } from './view-text.ts';

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The frame that shows on another site what the page shows now. */
export function EmbedCode(props: { at: Here; resource: ServedResource; asked: Asked }) {
  const { at, resource, asked } = props;
  const words = viewText(at.language);
  const path = at.href(`/embed/${resource.id}`, askedQuery(asked, { view: asked.view }));
  const src = attribute(new URL(at.site).origin + path);
  const height = { grid: 560, chart: 640, map: 720 }[asked.view];
  return (
    <Section title={words.embed}>
      <p>
        {words.embedLead} <a href={path}>{words.views[asked.view]}</a>
      </p>
      <pre>
        <code>{`<iframe src="${src}" title="${attribute(titleOf(resource))}" width="100%" height="${height}" loading="lazy"></iframe>`}</code>
      </pre>
    </Section>
  );
}
