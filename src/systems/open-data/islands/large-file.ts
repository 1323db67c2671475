interface Words {
  /** `{percent}` stands for how much has come. */
  readonly sending: string;
  readonly waiting: string;
  readonly failed: string;
}

interface Props {
  /** Where pieces go. */
  readonly action: string;
  /** Name of the file field, and of the hidden field that takes its place. */
  readonly field: string;
  readonly stored: string;
  readonly words: Words;
}

interface Told {
  readonly id: string;
  readonly at: number;
  readonly ticket?: string;
}

/** Smaller files go with the form. */
const smallest = 8 * 1024 * 1024;
const piece = 8 * 1024 * 1024;
/** Pauses between tries of one piece, in milliseconds; after the last the sender is told. */
const pauses = [1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000];

/** Sends a large file in pieces before its form, shows how far it is, and goes on where a broken connection has left it. */
export function enhance(element: HTMLElement, { action, field, stored, words }: Props): void {
  const form = element.closest('form');
  const input = element.querySelector<HTMLInputElement>(`input[type="file"][name="${field}"]`);
  if (!form || !input) return;
  const bar = document.createElement('progress');
  const said = document.createElement('p');
  said.setAttribute('role', 'status');
  bar.max = 100;
  bar.hidden = true;
  element.append(bar, said);
  let isBusy = false;

  form.addEventListener('submit', (event) => {
    const file = input.files?.[0];
    if (!file || file.size <= smallest) return;
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    bar.hidden = false;
    bar.setAttribute('aria-label', file.name);
    send(file)
      .then((ticket) => {
        const hidden = document.createElement('input');
        hidden.type = 'hidden';
        hidden.name = stored;
        hidden.value = ticket;
        form.append(hidden);
        input.disabled = true;
        form.submit();
      })
      .catch(() => {
        said.textContent = words.failed;
      })
      .finally(() => {
        isBusy = false;
      });
  });

  async function send(file: File): Promise<string> {
    const key = `misto upload ${file.name} ${file.size} ${file.lastModified}`;
    const begun = sessionStorage.getItem(key);
    let told = begun ? await ask(`${action}/${begun}`).catch(() => null) : null;
    told ??= await patiently(() => ask(action, { name: file.name, bytes: String(file.size) }));
    sessionStorage.setItem(key, told.id);
    while (told.ticket === undefined) {
      const { id, at }: Told = told;
      show(at, file.size);
      told = await patiently(() =>
        ask(`${action}/${id}`, { at: String(at), piece: file.slice(at, at + piece) }),
      );
    }
    show(file.size, file.size);
    sessionStorage.removeItem(key);
    return told.ticket;
  }

  function show(at: number, size: number): void {
    const percent = Math.floor((100 * at) / size);
    bar.value = percent;
    said.textContent = words.sending.replace('{percent}', String(percent));
  }

  async function ask(to: string, fields?: Record<string, string | Blob>): Promise<Told> {
    const body = fields && new FormData();
    if (body) {
      body.append('_csrf', form!.querySelector<HTMLInputElement>('input[name="_csrf"]')!.value);
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
    }
    const answer = await fetch(to, { method: body ? 'POST' : 'GET', body: body ?? null });
    if (answer.status >= 400 && answer.status < 500) throw new Refused();
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()) as Told;
  }

  async function patiently(act: () => Promise<Told>): Promise<Told> {
    for (const pause of pauses)
      try {
        return await act();
      } catch (error) {
        if (error instanceof Refused) throw error;
        said.textContent = words.waiting;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    return act();
  }
}

/** The server does not want it: another try would change nothing. */
class Refused extends Error {}
