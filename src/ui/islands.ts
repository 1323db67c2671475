/**
 * The one script a page may load: finds the islands on it and loads just those. An island is a component that takes over
 * what the server drew alike, or an `enhance(element, props)` that adds something to it.
 */
const loaders = import.meta.glob<Island>('../**/islands/*.{ts,tsx}');
type Island =
  | { readonly default: (props: never) => unknown; readonly enhance?: undefined }
  | { readonly enhance: (element: HTMLElement, props: never) => void };

for (const element of document.querySelectorAll<HTMLElement>('[data-island]')) {
  const name = element.dataset.island;
  const found = Object.keys(loaders).find((path) => path.replace(/\.tsx?$/, '').endsWith(`/islands/${name}`));
  if (!found) continue;
  const module = await loaders[found]!();
  const props = JSON.parse(element.dataset.props ?? '{}') as never;
  if (module.enhance) module.enhance(element, props);
  else {
    const { h, hydrate } = await import('preact');
    hydrate(h(module.default as never, props), element);
  }
}
