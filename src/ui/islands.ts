/** The one script a page may load: finds the islands on it and loads just those. */
const loaders = import.meta.glob<{ default: (props: never) => unknown }>('../**/islands/*.tsx');

for (const element of document.querySelectorAll<HTMLElement>('[data-island]')) {
  const name = element.dataset.island;
  const found = Object.keys(loaders).find((path) => path.endsWith(`/islands/${name}.tsx`));
  if (!found) continue;
  const [module, { h, hydrate }] = await Promise.all([loaders[found]!(), import('preact')]);
  hydrate(h(module.default as never, JSON.parse(element.dataset.props ?? '{}') as never), element);
}
