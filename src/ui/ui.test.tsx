import { readFileSync } from 'node:fs';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import {
  BarChart,
  Checkboxes,
  DateInput,
  ErrorSummary,
  FilterBar,
  Form,
  Island,
  LineChart,
  MapTiles,
  niceCeiling,
  type PageProps,
  Pagination,
  pageNumbers,
  positionInView,
  Radios,
  renderPage,
  Search,
  Steps,
  Table,
  TextArea,
  TextInput,
} from './index.ts';

const base: PageProps = {
  language: 'uk',
  city: 'Дніпро',
  title: 'Звернення',
  path: '/contact-centre/report?step=2',
};

describe('a page', () => {
  it('is a whole document in its language with a way past the header', () => {
    const html = renderPage(base, <p>Вміст</p>);
    expect(html).toMatch(/^<!doctype html><html lang="uk" data-theme="system" data-shell="site">/);
    expect(html).toContain('<title>Звернення · Дніпро</title>');
    expect(html).toContain('<a class="skip" href="#content">Перейти до змісту</a>');
    expect(html).toMatch(/<main id="content"[^>]*><p>Вміст<\/p><\/main>/);
  });

  it('says first in its title that the form has faults', () => {
    expect(renderPage({ ...base, faulty: true })).toContain('<title>Помилка: Звернення · Дніпро</title>');
  });

  it('leads to the same page in the other language', () => {
    expect(renderPage(base)).toContain('href="/en/contact-centre/report?step=2" hreflang="en"');
    expect(renderPage({ ...base, language: 'en' })).toContain(
      'href="/contact-centre/report?step=2" hreflang="uk"',
    );
  });

  it('ships no script unless an island is on it', () => {
    expect(renderPage(base, <p>Вміст</p>)).not.toContain('<script');
    const html = renderPage(base, <Island name="tracker" props={{ n: '</script><i>' }} />);
    expect(html).toContain('data-island="tracker"');
    expect(html).not.toContain('<i>');
  });

  it('has no inline style, which the security policy would refuse', () => {
    expect(renderPage({ ...base, demo: true, user: { name: 'Олена' } })).not.toMatch(/\sstyle=/);
  });

  it('changes its look by a plain form that comes back to it', () => {
    const html = renderPage({ ...base, language: 'en', theme: 'dark' });
    expect(html).toContain('action="/preferences" method="post"');
    expect(html).toContain('name="return" value="/en/contact-centre/report?step=2"');
    expect(html).toMatch(/name="theme" value="dark" aria-pressed="true"/);
  });

  it('marks the menu entry it belongs to, the longest path first', () => {
    const menu = [
      { title: 'Центр', href: '/contact-centre' },
      { title: 'Повідомити', href: '/contact-centre/report' },
    ];
    const html = renderPage({ ...base, menu });
    expect(html.match(/aria-current="page"/g)).toHaveLength(2);
    expect(html).toMatch(/href="\/contact-centre\/report" aria-current="page"/);
  });

  it('says that a demo is one', () => {
    expect(renderPage({ ...base, demo: true })).toContain('Демонстрація');
    expect(renderPage(base)).not.toContain('Демонстрація');
  });
});

describe('a form with faults', () => {
  const faults = [
    { field: 'address', message: 'Укажіть адресу' },
    { field: 'scope', message: 'Виберіть, де немає тепла' },
  ];
  const html = renderToString(
    <>
      <ErrorSummary faults={faults} />
      <Form action="/report" csrf="t" idempotencyKey="k" faults={faults}>
        <TextInput name="address" label="Адреса" hint="Вулиця й будинок" required />
        <Radios
          name="scope"
          label="Де?"
          options={[
            { value: 'flat', label: 'Квартира' },
            { value: 'house', label: 'Будинок' },
          ]}
        />
      </Form>
    </>,
  );

  it('lists all of them on top and leads to each field', () => {
    expect(html).toContain('role="alert"');
    expect(html).toContain('<a href="#field-address">Укажіть адресу</a>');
    expect(html).toMatch(/<input[^>]*id="field-address"/);
    expect(html).toMatch(/<input type="radio" id="field-scope"/);
  });

  it('ties each message to its control', () => {
    expect(html).toMatch(
      /<input[^>]*name="address"[^>]*aria-describedby="field-address-hint field-address-error"[^>]*aria-invalid="true"/,
    );
    expect(html).toContain('id="field-address-error"');
    expect(html).toMatch(/<fieldset[^>]*aria-describedby="field-scope-error"/);
  });

  it('carries the token and the submission key, and leaves checking to the server', () => {
    expect(html).toContain('<input type="hidden" name="_csrf" value="t"/>');
    expect(html).toContain('<input type="hidden" name="_key" value="k"/>');
    expect(html).toContain('novalidate');
    expect(html).not.toContain('disabled');
  });

  it('draws no summary where nothing is wrong', () => {
    expect(renderToString(<ErrorSummary faults={[]} />)).toBe('');
  });
});

describe('fields', () => {
  it('tell what is optional, not what is required', () => {
    expect(renderToString(<TextInput name="a" label="Імʼя" />)).not.toContain('необовʼязково');
    expect(renderToString(<TextInput name="a" label="Імʼя" required={false} />)).toContain('(необовʼязково)');
  });

  it('keep what was typed, escaped', () => {
    expect(renderToString(<TextArea name="t" label="Текст" value={'<b>"так"</b>'} />)).toContain(
      '&lt;b>&quot;так&quot;&lt;/b>',
    );
  });

  it('keep every tick', () => {
    const html = renderToString(
      <Checkboxes
        name="c"
        label="Як"
        values={['sms']}
        options={[
          { value: 'mail', label: 'Пошта' },
          { value: 'sms', label: 'SMS' },
        ]}
      />,
    );
    expect(html).toMatch(/value="sms" checked/);
    expect(html).not.toMatch(/value="mail" checked/);
  });

  it('ask for a memorable date in three parts, and keep impossible ones as typed', () => {
    const html = renderToString(
      <DateInput
        kind="memorable"
        name="born"
        label="Дата"
        value={{ day: '31', month: '02', year: '0026' }}
        birthday
      />,
    );
    expect(html).toMatch(/id="field-born" name="born-day" value="31"/);
    expect(html).toContain('value="0026"');
    expect(html).toContain('autocomplete="bday-year"');
  });

  it('name the search for those who do not see the glass', () => {
    expect(renderToString(<Search action="/search" label="Пошук у місті" />)).toMatch(
      /<label class="visually-hidden" for="field-q">Пошук у місті<\/label>/,
    );
  });
});

describe('a table', () => {
  const columns = [
    { key: 'due', title: 'Строк', sortable: true, cell: (row: { due: string }) => row.due },
    { key: 'n', title: 'Людей', numeric: true, cell: () => '3' },
  ];

  it('says how it is sorted and links to the opposite order', () => {
    const html = renderToString(
      <Table
        caption="Список"
        columns={columns}
        rows={[{ due: '25.11' }]}
        sort={{ by: 'due', direction: 'asc' }}
        sortHref={(s) => `?sort=${s.by}.${s.direction}`}
      />,
    );
    expect(html).toContain('aria-sort="ascending"');
    expect(html).toContain('href="?sort=due.desc"');
    expect(html).toContain('data-label="Людей"');
  });

  it('shows why it is empty', () => {
    expect(
      renderToString(<Table caption="Список" columns={columns} rows={[]} empty={<p>Порожньо</p>} />),
    ).toBe('<p>Порожньо</p>');
  });

  it('shows the first, the last and the neighbours among its pages', () => {
    expect(pageNumbers(1, 1)).toEqual([1]);
    expect(pageNumbers(4, 25)).toEqual([1, 2, 3, 4, 5, null, 25]);
    expect(pageNumbers(12, 25)).toEqual([1, null, 11, 12, 13, null, 25]);
    expect(renderToString(<Pagination page={1} pages={1} href={String} />)).toBe('');
  });

  it('lets each filter be dropped by its own link', () => {
    const html = renderToString(
      <FilterBar action="/list" active={[{ label: 'Прострочені', removeHref: '/list?a=1' }]}>
        <input name="q" aria-label="q" />
      </FilterBar>,
    );
    expect(html).toMatch(/href="\/list\?a=1"><span class="visually-hidden">Прибрати: Прострочені/);
  });

  it('folds its fields where asked, and never what is chosen', () => {
    const html = renderToString(
      <FilterBar action="/list" folded active={[{ label: 'Прострочені', removeHref: '/list?a=1' }]}>
        <input name="q" aria-label="q" />
      </FilterBar>,
    );
    expect(html).toMatch(
      /<details[^>]*><summary>Фільтри \(1\)<\/summary><form.*name="q".*<\/form><\/details><ul/,
    );
    expect(html).not.toMatch(/<details[^>]*\bopen/);
  });
});

describe('a chart', () => {
  it('says every value in text, not in colour or length alone', () => {
    const html = renderToString(
      <BarChart
        title="За видами"
        data={[
          { label: 'Тепло', value: 1200 },
          { label: 'Вода', value: 300 },
        ]}
      />,
    );
    expect(html).toMatch(/<th scope="row">Тепло<\/th>/);
    expect(html).toContain('1\u00a0200');
    expect(html).toContain('width="25%"');
  });

  it('has the same numbers as a table under its lines', () => {
    const html = renderToString(
      <LineChart title="Рік" labels={['січ', 'лют']} series={[{ label: 'Отримано', values: [5, 7] }]} />,
    );
    expect(html).toContain('Показати таблицею');
    expect(html).toMatch(/<td class="numeric">7<\/td>/);
  });

  it('survives no data and zeroes', () => {
    expect(renderToString(<BarChart title="Нема" data={[{ label: 'а', value: 0 }]} />)).not.toContain('NaN');
    expect(renderToString(<LineChart title="Нема" labels={[]} series={[]} />)).not.toContain('NaN');
    expect(niceCeiling(1010)).toBe(1500);
    expect(niceCeiling(0)).toBe(1);
  });
});

describe('a map without scripts', () => {
  const centre = { z: 13, x: 4893, y: 2833 };
  const tileUrl = (z: number, x: number, y: number) => `/tiles/${z}/${x}/${y}.png`;

  it('sends the clicked pixel by its nine image buttons', () => {
    const html = renderToString(<MapTiles label="Місце" centre={centre} tileUrl={tileUrl} pick />);
    expect(html.match(/type="image"/g)).toHaveLength(9);
    expect(html).toContain('name="tile_13_4892_2832"');
    expect(html).toContain('name="tile_centre" value="14/9786/5666"');
    expect(html).toContain('alt="Позначити місце: північний захід мапи"');
  });

  it('puts a pin where the pixel formula says, and in the list for those who do not see it', () => {
    const lon = ((4893 + 0.5) / 2 ** 13) * 360 - 180;
    const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * (2833 + 0.25)) / 2 ** 13))) * 180) / Math.PI;
    const at = positionInView(centre, lat, lon);
    expect(at.x).toBeCloseTo(384, 3);
    expect(at.y).toBeCloseTo(320, 3);
    const html = renderToString(
      <MapTiles
        label="Мапа"
        centre={centre}
        tileUrl={tileUrl}
        pins={[{ lat, lon, label: 'Яма', href: '/requests/1' }]}
        href={(c) => `?map=${c.z}/${c.x}/${c.y}`}
      />,
    );
    expect(html).toContain('translate(384.0 320.0)');
    expect(html).toContain('<a href="/requests/1">Яма</a>');
    expect(html).toContain('href="?map=13/4893/2832"');
  });
});

describe('steps', () => {
  it('tell where one is in words', () => {
    const html = renderToString(
      h(Steps, { current: 2, steps: [{ title: 'Місце', href: '/1' }, { title: 'Опис' }] }),
    );
    expect(html).toContain('Крок 2 з 2');
    expect(html).toContain('aria-current="step"');
    expect(html).toContain('<a href="/1">Місце</a>');
  });
});

describe('the catalogue', () => {
  it('shows every component that pages are made of', () => {
    const source = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
    const shown = ['catalogue.tsx', 'pages.tsx', 'samples.tsx']
      .map((name) => source(`./design/${name}`))
      .join('');
    const made = ['chart', 'content', 'fields', 'form', 'home', 'map', 'table'].flatMap((name) =>
      [...source(`./${name}.tsx`).matchAll(/^export function ([A-Z]\w+)/gm)].map(
        ([, component]) => component!,
      ),
    );
    // Parts of others: every field is a Field, a figure draws its own Sparkline.
    const parts = new Set(['Field', 'Sparkline']);
    expect(made.length).toBeGreaterThan(30);
    for (const component of made.filter((one) => !parts.has(one)))
      expect(shown, component).toMatch(new RegExp(`<${component}\\b`));
  });
});
