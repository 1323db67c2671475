import { useEffect, useState } from 'preact/hooks';

export interface QueueNewsProps {
  /** Tells `{ changed }`: how many requests have changed since the page was drawn. */
  readonly source: string;
  /** The same queue, drawn anew. */
  readonly href: string;
  readonly words: string;
}

const pause = 20_000;

/** Says that the queue has changed, and leaves it as it is under the hands until somebody asks for the new one. */
export default function QueueNews(props: QueueNewsProps) {
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
    const timer = setInterval(ask, pause);
    return () => clearInterval(timer);
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
