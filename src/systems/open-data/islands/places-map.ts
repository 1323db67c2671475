/**
 * Moves and scales the map without another page: what the server draws for the new view takes the place of the old, the address
 * goes along, and the way back works.
 */
export function enhance(element: HTMLElement): void {
  element.addEventListener('click', (press) => {
    const link = (press.target as Element).closest('a');
    if (!link || press.ctrlKey || press.metaKey || press.shiftKey || press.altKey) return;
    // A pin is a link of the picture: its `href` is an object.
    const to = new URL(link.getAttribute('href')!, location.href);
    if (to.pathname !== location.pathname || to.searchParams.get('view') !== 'map') return;
    press.preventDefault();
    void show(to, [...link.classList].map((name) => `.${name}`).join('')).then((shown) => {
      if (shown) history.pushState(null, '', to);
    });
  });
  addEventListener('popstate', () => {
    if (new URL(location.href).searchParams.get('view') === 'map') void show(new URL(location.href), '');
  });

  /** @param pressed selector of what was pressed, which keeps the focus. @returns whether the map is there now; else the page goes there. */
  async function show(to: URL, pressed: string): Promise<boolean> {
    element.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(to);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const next = page.querySelector('[data-island=places-map]');
      if (!answer.ok || !next) throw new Error(String(answer.status));
      element.replaceChildren(...next.childNodes);
      if (pressed) element.querySelector<HTMLElement>(pressed)?.focus();
      return true;
    } catch {
      location.assign(to);
      return false;
    } finally {
      element.removeAttribute('aria-busy');
    }
  }
}
