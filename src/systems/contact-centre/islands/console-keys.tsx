import { useEffect, useRef } from 'preact/hooks';

export interface ConsoleKeysProps {
  readonly title: string;
  /** How the list of keys itself is opened. */
  readonly help: string;
  readonly rows: readonly { readonly key: string; readonly what: string }[];
}

/**
 * The list of keys. With scripts the keys also work in the Ukrainian layout and in every browser with the same Alt, and
 * `?` opens the list; without scripts they are plain access keys and the list is unfolded by hand.
 */
export default function ConsoleKeys(props: ConsoleKeysProps) {
  const list = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const found = new Map<string, HTMLElement>();
    for (const element of document.querySelectorAll<HTMLElement>('[accesskey]')) {
      const key = element.accessKey.toUpperCase();
      if (!found.has(key)) found.set(key, element);
      // The browser's own handling would press a second time.
      element.removeAttribute('accesskey');
      element.setAttribute('aria-keyshortcuts', `Alt+${key}`);
    }
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey) return;
      const typing =
        event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (event.key === '?' && !typing && list.current) {
        event.preventDefault();
        list.current.open = !list.current.open;
        list.current.querySelector('summary')?.focus();
        return;
      }
      const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
      const element = event.altKey && !event.shiftKey && letter ? found.get(letter) : undefined;
      if (!element) return;
      event.preventDefault();
      if (element instanceof HTMLButtonElement) element.click();
      else element.focus();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  return (
    <details class="details" ref={list}>
      <summary>
        {props.title} <kbd>?</kbd>
      </summary>
      <div>
        <p class="muted">{props.help}</p>
        <ul>
          {props.rows.map((row) => (
            <li key={row.key}>
              <kbd>{row.key}</kbd> {row.what}
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
