import { useEffect, useState } from 'preact/hooks';

export interface FindPositionProps {
  /** Page that takes `lat` and `lon`. */
  readonly href: string;
  readonly words: { readonly find: string; readonly failed: string };
}

/** Some eleven metres: enough for the order of addresses, and no more than that stays in the address of the page. */
const rounded = (degrees: number) => degrees.toFixed(4);

/** A button that asks the device where it is; only devices that can tell get it. */
export default function FindPosition(props: FindPositionProps) {
  const [state, setState] = useState<'none' | 'ready' | 'asking' | 'failed'>('none');
  useEffect(() => {
    if ('geolocation' in navigator) setState('ready');
  }, []);
  const find = () => {
    setState('asking');
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const target = new URL(props.href, location.href);
        target.searchParams.set('lat', rounded(coords.latitude));
        target.searchParams.set('lon', rounded(coords.longitude));
        location.assign(target.href);
      },
      () => setState('failed'),
      { timeout: 10_000, maximumAge: 60_000 },
    );
  };
  if (state === 'none') return null;
  return (
    <div>
      <button class="button secondary" type="button" onClick={find} aria-busy={state === 'asking'}>
        {props.words.find}
      </button>
      <p role="status">{state === 'failed' && props.words.failed}</p>
    </div>
  );
}
