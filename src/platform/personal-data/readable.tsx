import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { formatDateTime, type Language, messages, type Text } from '../i18n/index.ts';
import type { System } from '../system.ts';

/** How the parts of an export are called by people. Keys of JSON → words. */
export type ExportWords = Readonly<Record<string, Text>>;

const platformWords: ExportWords = {
  exportedAt: { uk: 'Вивантажено', en: 'Exported' },
  person: { uk: 'Особа', en: 'Person' },
  id: { uk: 'Номер', en: 'Id' },
  language: { uk: 'Мова', en: 'Language' },
  name: { uk: 'Імʼя або назва', en: 'Name' },
  createdAt: { uk: 'Створено', en: 'Created' },
  contacts: { uk: 'Контакти', en: 'Contacts' },
  kind: { uk: 'Вид', en: 'Kind' },
  value: { uk: 'Значення', en: 'Value' },
  messages: { uk: 'Повідомлення', en: 'Messages' },
  subject: { uk: 'Тема', en: 'Subject' },
  lines: { uk: 'Текст', en: 'Text' },
  href: { uk: 'Сторінка', en: 'Page' },
  weight: { uk: 'Вага', en: 'Weight' },
  at: { uk: 'Коли', en: 'When' },
  readAt: { uk: 'Прочитано', en: 'Read' },
  files: { uk: 'Файли', en: 'Files' },
  file: { uk: 'Номер файла', en: 'Id of the file' },
  type: { uk: 'Тип', en: 'Type' },
  bytes: { uk: 'Байтів', en: 'Bytes' },
  filesNotIncluded: { uk: 'Файли, яких немає в архіві', en: 'Files that are not in the archive' },
  why: { uk: 'Чому', en: 'Why' },
  sessions: { uk: 'Сеанси', en: 'Sessions' },
  device: { uk: 'Пристрій', en: 'Device' },
  startedAt: { uk: 'Початок', en: 'Started' },
  seenAt: { uk: 'Остання дія', en: 'Last used' },
  wishes: { uk: 'Вибір щодо листів', en: 'Wishes about letters' },
  channel: { uk: 'Канал', en: 'Channel' },
  wanted: { uk: 'Надсилати', en: 'Send' },
  changedAt: { uk: 'Змінено', en: 'Changed' },
  whoReadMyData: { uk: 'Хто переглядав мої дані', en: 'Who looked at my data' },
  number: { uk: 'Номер', en: 'Number' },
  who: { uk: 'Хто', en: 'Who' },
  organisation: { uk: 'Організація', en: 'Organisation' },
  purpose: { uk: 'Навіщо', en: 'What for' },
  resource: { uk: 'Що саме', en: 'What' },
  case: { uk: 'Справа', en: 'Case' },
  categories: { uk: 'Категорії', en: 'Categories' },
  breakGlass: { uk: 'Екстрений доступ', en: 'Emergency access' },
};

const text = messages(
  { title: 'Мої дані', nothing: 'нічого', yes: 'так', no: 'ні' },
  { en: { title: 'My data', nothing: 'nothing', yes: 'yes', no: 'no' } },
);

/** The words of the platform and of every system; the key of a system's part is the system's own title. */
export function wordsOf(systems: readonly System[]): ExportWords {
  return Object.assign(
    {},
    ...systems.map(({ name, title, exportWords }) => ({ ...exportWords, [name]: title })),
    platformWords,
  );
}

/** Keys of an export for which nobody has given a word. */
export function unworded(systems: readonly System[], value: unknown): string[] {
  const words = wordsOf(systems);
  const keys = (part: unknown): string[] => {
    if (Array.isArray(part)) return part.flatMap(keys);
    if (part === null || typeof part !== 'object' || part instanceof Date) return [];
    return Object.entries(part).flatMap(([key, one]) => [key, ...keys(one)]);
  };
  return [...new Set(keys(value))].filter((key) => !words[key]);
}

/** An export as one page to be read without anything else: no script, no style sheet of ours, no address outside. */
export function readable(
  systems: readonly System[],
  whole: Readonly<Record<string, unknown>>,
  language: Language,
): string {
  const words = wordsOf(systems);
  const { title } = text(language);
  const body = (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <style>
          {
            'body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}dl{margin:0 0 1rem;padding-left:1rem;border-left:3px solid #bbb}dt{font-weight:600}dd{margin:0 0 .4rem}li{margin-bottom:1rem}'
          }
        </style>
      </head>
      <body>
        <h1>{title}</h1>
        {Object.entries(JSON.parse(JSON.stringify(whole)) as Record<string, unknown>).map(([key, value]) => (
          <section>
            <h2>{words[key]?.[language] ?? key}</h2>
            <Value value={value} words={words} language={language} />
          </section>
        ))}
      </body>
    </html>
  );
  return `<!doctype html>${renderToString(body)}`;
}

function Value(props: { value: unknown; words: ExportWords; language: Language }): ComponentChildren {
  const { value, words, language } = props;
  const say = text(language);
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0))
    return <p>{say.nothing}</p>;
  if (typeof value === 'boolean') return value ? say.yes : say.no;
  if (Array.isArray(value))
    return (
      <ul>
        {value.map((one) => (
          <li>
            <Value {...props} value={one} />
          </li>
        ))}
      </ul>
    );
  if (typeof value === 'object')
    return (
      <dl>
        {Object.entries(value).map(([key, one]) => (
          <>
            <dt>{words[key]?.[language] ?? key}</dt>
            <dd>
              <Value {...props} value={one} />
            </dd>
          </>
        ))}
      </dl>
    );
  const plain = String(value);
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/.test(plain) ? formatDateTime(language, new Date(plain)) : plain;
}
