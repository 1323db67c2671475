import { Section } from '#ui/index.ts';
import type { Here, ServedResource } from './kit.tsx';
import { viewText } from './view-text.ts';

/** The same question for programs: it runs as it is copied. */
export function Snippets(props: {
  at: Here;
  resource: ServedResource;
  filters: Readonly<Record<string, unknown>>;
  q: string;
  sort: string;
  /** The same in SQL. */
  sql: string;
}) {
  const { at, resource } = props;
  const body: Record<string, unknown> = {
    resource_id: resource.id,
    ...(props.q ? { q: props.q } : {}),
    ...(Object.keys(props.filters).length > 0 ? { filters: props.filters } : {}),
    ...(props.sort ? { sort: props.sort } : {}),
    limit: 100,
  };
  const url = `${at.site}/api/3/action/datastore_search`;
  const json = JSON.stringify(body, null, 2);
  const examples = [
    {
      name: 'curl',
      text: `curl -s '${url}' -H 'Content-Type: application/json' -d '${json.replaceAll("'", `'\\''`)}'`,
    },
    {
      name: 'Python',
      text: `import json, urllib.request

request = urllib.request.Request(
    "${url}",
    data=json.dumps(json.loads(r'''${json.replaceAll("'''", `'''"'''"r'''`)}''')).encode(),
    headers={"Content-Type": "application/json"},
)
for row in json.load(urllib.request.urlopen(request))["result"]["records"]:
    print(row)`,
    },
    {
      name: 'R',
      text: `library(httr)

answer <- POST("${url}", body = ${rText(json)}, content_type_json())
content(answer, "parsed")$result$records`,
    },
    {
      name: 'JavaScript',
      text: `const answer = await fetch('${url}', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(${json.replaceAll('\n', '\n  ')}),
});
console.table((await answer.json()).result.records);`,
    },
  ];
  return (
    <Section title={at.text.snippets}>
      <p>{at.text.snippetsLead}</p>
      {examples.map(({ name, text }) => (
        <details key={name} class="details">
          <summary>{name}</summary>
          <pre>
            <code>{text}</code>
          </pre>
        </details>
      ))}
      <p>
        <a href={at.href('/query', { sql: props.sql })}>{viewText(at.language).sameInSql}</a>
      </p>
    </Section>
  );
}

/** A text as a raw string of R. */
const rText = (text: string): string => `r"---(${text})---"`;
