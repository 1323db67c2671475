import type { Here } from './kit.tsx';

/** Longest text that a cell shows whole. */
const longest = 300;

/** One value of a table as people read it. */
export function Value(props: { at: Here; value: unknown; type: string }) {
  const { at, value, type } = props;
  if (value === null || value === undefined) return <span class="muted">{at.text.blankCell}</span>;
  if (typeof value === 'boolean') return <>{value ? at.text.yes : at.text.no}</>;
  if (typeof value === 'number')
    return <>{Number.isSafeInteger(value) && type !== '_id' ? at.number(value) : String(value)}</>;
  if (Array.isArray(value)) return <>{value.join('; ')}</>;
  if (typeof value === 'object') return <code>{cut(JSON.stringify(value))}</code>;
  const text = String(value);
  if (type === 'date') return <>{at.date(new Date(`${text}T12:00:00Z`))}</>;
  if (type === 'timestamp')
    return (
      <span class="nowrap">
        {text.replace('T', ' ').replace(/ 00:00:00(\.000)?$|:00(\.000)?$|\.000$/, '')}
      </span>
    );
  if (/^https?:\/\/\S+$/.test(text))
    return (
      <a href={text} rel="nofollow noopener">
        {cut(text)}
      </a>
    );
  return <>{cut(text)}</>;
}

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);
