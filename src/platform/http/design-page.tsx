import { type Context, Hono } from 'hono';
import type { ComponentChildren } from 'preact';
import { Catalogue } from '#ui/design/catalogue.tsx';
import { SampleCabinet, SampleDesk, SampleHome } from '#ui/design/pages.tsx';
import { type MenuItem, renderPage, type Shell } from '#ui/index.ts';
import type { MistoEnv } from '../system.ts';

/** `/design`: every component in every state, and sample pages of the three shells. Mounted at the root. */
export function designPage(): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  pages.get('/design', (c) =>
    show(c, 'site', ['Система дизайну', 'Design system'], <Catalogue language={c.var.visit.language} />),
  );
  pages.get('/design/home', (c) =>
    show(c, 'site', ['Головна', 'Home'], <SampleHome language={c.var.visit.language} />),
  );
  pages.get('/design/cabinet', (c) =>
    show(c, 'cabinet', ['Кабінет', 'Account'], <SampleCabinet language={c.var.visit.language} />),
  );
  pages.get('/design/desk', (c) =>
    show(
      c,
      'desk',
      ['Черга диспетчера', 'Dispatcher’s queue'],
      <SampleDesk language={c.var.visit.language} />,
    ),
  );
  return pages;
}

function show(
  c: Context<MistoEnv>,
  shell: Shell,
  [uk, en]: readonly [string, string],
  body: ComponentChildren,
): Response {
  const { language, path, theme, origin } = c.var.visit;
  const pick = (texts: readonly [string, string]) => texts[language === 'uk' ? 0 : 1];
  const menu: MenuItem[] = [
    { title: pick(['Складники', 'Components']), href: '/design', icon: 'list' },
    { title: pick(['Головна', 'Home']), href: '/design/home', icon: 'house' },
    { title: pick(['Кабінет', 'Account']), href: '/design/cabinet', icon: 'person' },
    { title: pick(['Черга', 'Queue']), href: '/design/desk', icon: 'list', count: 42 },
  ];
  const user =
    shell === 'site' ? null : { name: pick(['Олена Зразкова', 'Olena Zrazkova']), desk: shell === 'desk' };
  return c.html(
    renderPage(
      {
        language,
        title: pick([uk, en]),
        shell,
        path,
        theme,
        origin,
        menu,
        user,
        demo: true,
        index: false,
        width: 'wide',
      },
      body,
    ),
  );
}
