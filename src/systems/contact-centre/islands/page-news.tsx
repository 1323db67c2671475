import { useEffect, useState } from 'preact/hooks';

export interface PageNewsProps {
  /**
   * Tells `{ changed }`: how much has changed since the page was drawn; as a stream, that it is worth asking.
   */
  readonly source: string;
  /** The same page, drawn anew. */
  readonly href: string;
  readonly words: string;
}

/** Between two looks while there is no stream: no script of the city's, an old proxy, too many open pages. */
const pause = 20_000;

/** Says that the page has changed, and leaves it as it is under the hands until somebody asks for the new one. */
export default function PageNews(props: PageNewsProps) {
  const [changed, setChanged] = useState(false);
  useEffect(() => {
    if (changed) return undefined;
    const ask = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(props.source, { headers: { accept: 'application/json' } });
        const news = answer.ok ? ((await answer.json()) as { changed: number }) : { changed: 0 };
        if (news.changed > 0) setChanged(true);
      } catch {
        // Without the network there is no news; the next look may have some.
      }
    };
    const stream = new EventSource(props.source);
    const timer = setInterval(() => {
      if (stream.readyState !== EventSource.OPEN) void ask();
    }, pause);
    stream.onmessage = ask;
    // What came while the page was in the background is asked for when it comes to the front.
    document.addEventListener('visibilitychange', ask);
    return () => {
      stream.close();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [changed, props.source]);
  return (
    <div role="status">
      {changed && (
        <p class="notice info">
          <a href={props.href}>{props.words}</a>
        </p>
      )}
    </div>
  );
}
