export interface SessionEndProps {
  /** Milliseconds until the session ends, when the page was drawn. */
  readonly left: number;
  /** Address that prolongs it and tells `{ until, left }`, an instant and milliseconds. */
  readonly keep: string;
  readonly soon: string;
  readonly go: string;
  readonly over: string;
  readonly language: string;
}

/** Two minutes: enough to finish a sentence and press a button. */
const warning = 120_000;

/** Warns two minutes before the session ends, and prolongs it on a press without leaving the form. */
export function enhance(element: HTMLElement, props: SessionEndProps): void {
  const state = document.createElement('p');
  state.setAttribute('role', 'alert');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button small';
  button.textContent = props.go;
  let timers: number[] = [];
  const watch = (left: number) => {
    for (const timer of timers) clearTimeout(timer);
    element.classList.remove('soon');
    state.textContent = '';
    button.remove();
    timers = [
      window.setTimeout(() => {
        element.classList.add('soon');
        element.append(state, button);
        state.textContent = props.soon;
      }, left - warning),
      window.setTimeout(() => {
        button.remove();
        state.textContent = props.over;
      }, left),
    ];
  };
  button.addEventListener('click', async () => {
    const answer = await fetch(props.keep, { headers: { accept: 'application/json' } }).catch(() => null);
    if (!answer?.ok) {
      state.textContent = props.over;
      return;
    }
    const told = (await answer.json()) as { until: string; left: number };
    const until = new Date(told.until);
    const time = element.querySelector('time');
    if (time) {
      time.dateTime = until.toISOString();
      time.textContent = new Intl.DateTimeFormat(props.language, {
        timeStyle: 'short',
        hourCycle: 'h23',
        timeZone: 'Europe/Kyiv',
      }).format(until);
    }
    // The clock of the device may be wrong: how long it is, the server says.
    watch(told.left);
  });
  watch(props.left);
}
