import type { ComponentChildren } from 'preact';
import {
  Actions,
  BackLink,
  Badge,
  BarChart,
  Breadcrumbs,
  Button,
  Card,
  Checkbox,
  Checkboxes,
  Confirmation,
  DateInput,
  Details,
  Dialog,
  Empty,
  ErrorSummary,
  Failure,
  FileInput,
  FilterBar,
  Form,
  Grid,
  Icon,
  iconNames,
  type Language,
  LineChart,
  LinkButton,
  Loading,
  MapTiles,
  Notice,
  PageHead,
  Pagination,
  QrCode,
  Radios,
  Search,
  Section,
  Select,
  Split,
  StackedBar,
  StatFigure,
  Steps,
  SummaryList,
  Tabs,
  TextArea,
  TextInput,
  Tile,
  Timeline,
} from '../index.ts';
import { RequestTable, sampler, sampleTile } from './samples.tsx';

/** Every component once, in its states: the place to look before making a new one. */
export function Catalogue({ language }: { language: Language }) {
  const say = sampler(language);
  return (
    <>
      <PageHead
        kicker={say('Система дизайну', 'Design system')}
        title={say('З чого складається місто', 'What the city is made of')}
        lead={say(
          'Усі складники сторінок у всіх станах. Працюють без скриптів, у світлому й темному вигляді, на екрані від 320 пікселів і на папері.',
          'Every part of our pages in every state. They work without scripts, in light and dark, from 320 pixels wide, and on paper.',
        )}
      />
      <Tabs
        label={say('Зразки сторінок', 'Sample pages')}
        items={[
          { title: say('Складники', 'Components'), href: '/design', current: true },
          { title: say('Головна', 'Home'), href: '/design/home' },
          { title: say('Кабінет', 'Account'), href: '/design/cabinet' },
          { title: say('Робоче місце', 'Desk'), href: '/design/desk', count: 42 },
        ]}
      />
      <Colours language={language} />
      <Words language={language} />
      <Controls language={language} />
      <Lists language={language} />
      <Figures language={language} />
      <States language={language} />
    </>
  );
}

type Part = { language: Language };

const colours = ['deep', 'river', 'wheat', 'ink', 'muted', 'paper', 'good', 'warning', 'danger'] as const;

function Colours({ language }: Part) {
  const say = sampler(language);
  const names: Record<(typeof colours)[number], string> = {
    deep: say('Глибина', 'Deep water'),
    river: say('Дніпро', 'Dnipro'),
    wheat: say('Пшениця', 'Wheat'),
    ink: say('Чорнило', 'Ink'),
    muted: say('Камінь', 'Stone'),
    paper: say('Бетон', 'Concrete'),
    good: say('Лист', 'Leaf'),
    warning: say('Мед', 'Honey'),
    danger: say('Цегла', 'Brick'),
  };
  return (
    <Section title={say('Барви й знаки', 'Colours and icons')}>
      <ul class="swatches">
        {colours.map((name) => (
          <li key={name}>
            <svg aria-hidden="true">
              <rect class={`paint-${name}`} width="100%" height="100%" />
            </svg>
            {names[name]}
          </li>
        ))}
      </ul>
      <ul class="icon-sheet" aria-label={say('Знаки', 'Icons')}>
        {iconNames.map((name) => (
          <li key={name}>
            <Icon name={name} />
            <span>{name}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Words({ language }: Part) {
  const say = sampler(language);
  return (
    <Section title={say('Слова', 'Words')}>
      <Grid min="wide">
        <div class="stack-y">
          <p class="kicker">{say('Звернення № 1-26-004812', 'Request No. 1-26-004812')}</p>
          <h3>
            {say('Ґанок підʼїзду: як ця їжа щойно зʼявилася?', 'A porch, a fox and quick brown letters')}
          </h3>
          <p>
            {say(
              'Ґречний їжак Євген за 1 250,50 ₴ придбав щітку й цвях, № 7 із фіксацією, бʼючи рекорд площі Шевченка.',
              'Sphinx of black quartz, judge my vow: 1,250.50 ₴, No. 7, and a line of text that is long enough to wrap.',
            )}{' '}
            <a href="#content">{say('Посилання всередині речення', 'A link inside a sentence')}</a>.
          </p>
          <p class="muted">
            {say('Тихий рядок: дата, джерело, пояснення.', 'A quiet line: date, source, note.')}
          </p>
        </div>
        <div class="stack-y">
          <p class="badges">
            <Badge>{say('Чернетка', 'Draft')}</Badge>{' '}
            <Badge tone="info">{say('Виконується', 'In progress')}</Badge>{' '}
            <Badge tone="good" icon="check">
              {say('Підтверджено', 'Confirmed')}
            </Badge>{' '}
            <Badge tone="warning">{say('Строк сьогодні', 'Due today')}</Badge>{' '}
            <Badge tone="danger" icon="alert">
              {say('Прострочено', 'Overdue')}
            </Badge>
          </p>
          <Actions>
            <Button forward>{say('Далі', 'Continue')}</Button>
            <Button look="secondary" icon="print">
              {say('Друкувати', 'Print')}
            </Button>
            <Button look="quiet">{say('Зберегти на потім', 'Save for later')}</Button>
            <Button look="danger">{say('Відкликати', 'Withdraw')}</Button>
            <LinkButton href="#content" look="secondary" size="small" icon="download">
              CSV
            </LinkButton>
          </Actions>
          <Notice
            tone="warning"
            title={say('Планове вимкнення води 25 листопада', 'Planned water cut on 25 November')}
          >
            <p>
              {say(
                'Вулиця Короленка, 9:00–16:00. Підвезення води біля будинку 12.',
                'Korolenka Street, 9:00–16:00. A water truck will stand by house 12.',
              )}
            </p>
          </Notice>
          <Notice tone="good" title={say('Збережено', 'Saved')} live />
        </div>
      </Grid>
    </Section>
  );
}

function Controls({ language }: Part) {
  const say = sampler(language);
  const faults = [
    {
      field: 'address',
      message: say(
        'Укажіть вулицю й будинок, наприклад: Короленка, 12',
        'Give a street and a house, such as Korolenka, 12',
      ),
    },
    { field: 'scope', message: say('Виберіть, де немає тепла', 'Choose where there is no heating') },
  ];
  return (
    <Section title={say('Форми', 'Forms')}>
      <ErrorSummary faults={faults} />
      <Form action="/design" method="get" faults={faults} label={say('Зразок форми', 'Sample form')}>
        <Grid min="wide">
          <div class="form">
            <TextInput
              name="address"
              label={say('Адреса', 'Address')}
              hint={say(
                'Вулиця й будинок. Квартиру запитаємо згодом',
                'Street and house. We will ask for the flat later',
              )}
              autocomplete="street-address"
              value={say('Короленка', 'Korolenka')}
            />
            <Radios
              name="scope"
              label={say('Де немає тепла?', 'Where is there no heating?')}
              options={[
                { value: 'flat', label: say('У квартирі', 'In the flat') },
                {
                  value: 'riser',
                  label: say('По стояку', 'Along the riser'),
                  hint: say(
                    'У сусідів над вами чи під вами так само',
                    'It is the same for neighbours above or below',
                  ),
                },
                { value: 'house', label: say('В усьому будинку', 'In the whole house') },
              ]}
            />
            <Checkboxes
              name="notify"
              label={say('Як повідомити про зміни', 'How to tell you of changes')}
              required={false}
              values={['mail']}
              options={[
                { value: 'mail', label: say('Електронною поштою', 'By e-mail') },
                { value: 'sms', label: 'SMS' },
              ]}
            />
            <Checkbox name="private" label={say('Не показувати всім', 'Not for everybody')} />
            <Actions>
              <Button forward>{say('Далі', 'Continue')}</Button>
            </Actions>
          </div>
          <div class="form">
            <Select
              name="category"
              label={say('Категорія', 'Category')}
              empty={say('Виберіть', 'Choose')}
              options={[
                { value: 'heating', label: say('Опалення', 'Heating') },
                { value: 'water', label: say('Водопостачання', 'Water') },
              ]}
            />
            <TextArea
              name="text"
              label={say('Що сталося?', 'What has happened?')}
              maxlength={4000}
              rows={3}
            />
            <DateInput
              kind="memorable"
              name="since"
              label={say('Відколи?', 'Since when?')}
              hint={say('Наприклад: 21 11 2026', 'For example: 21 11 2026')}
            />
            <DateInput name="visit" label={say('Зручний день', 'A convenient day')} required={false} />
            <TextInput name="amount" label={say('Сума', 'Amount')} suffix="₴" width="s" inputmode="decimal" />
            <FileInput
              name="photos"
              label={say('Світлини', 'Photos')}
              hint={say('До 10 файлів по 15 МБ', 'Up to 10 files of 15 MB')}
              required={false}
              multiple
              accept="image/*"
            />
          </div>
        </Grid>
      </Form>
      <Search action="/design" name="query" label={say('Пошук у місті', 'Search the city')} />
    </Section>
  );
}

function Lists({ language }: Part) {
  const say = sampler(language);
  return (
    <Section title={say('Списки', 'Lists')}>
      <div class="stack-y">
        <Breadcrumbs items={[{ title: say('Контакт-центр', 'Contact centre'), href: '/design' }]} />
        <BackLink href="/design">{say('До черги', 'To the queue')}</BackLink>
        <Split
          aside={
            <Card title={say('Поруч', 'Nearby')}>
              <p>{say('Що допомагає в роботі.', 'What helps with the work.')}</p>
            </Card>
          }
        >
          <p>{say('Сама робота.', 'The work itself.')}</p>
        </Split>
        <FilterBar
          action="/design"
          active={[
            { label: say('Індустріальний район', 'Industrialnyi district'), removeHref: '/design' },
            { label: say('Прострочені', 'Overdue'), removeHref: '/design?late' },
          ]}
          clearHref="/design"
        >
          <TextInput name="text-filter" label={say('Слово або номер', 'Word or number')} />
          <Select
            name="state"
            label={say('Стан', 'State')}
            empty={say('Будь-який', 'Any')}
            options={[{ value: 'open', label: say('Відкриті', 'Open') }]}
          />
        </FilterBar>
        <RequestTable language={language} />
        <Pagination
          page={4}
          pages={25}
          href={(page) => `/design?page=${page}`}
          summary={say('151–200 з 1 240', '151–200 of 1,240')}
        />
        <Grid min="wide">
          <Card title={say('Перебіг', 'History')}>
            <Timeline
              items={[
                {
                  title: say('Виконавець повідомив: тепло відновлено', 'The crew reports: heating restored'),
                  when: say('24.11.2026, 09:40', '24 Nov 2026, 09:40'),
                  dateTime: '2026-11-24T09:40+02:00',
                  who: say('КП «Зразкове тепло»', 'Sample Heat enterprise'),
                  tone: 'good',
                },
                {
                  title: say('Бригада на місці', 'The crew is on site'),
                  when: say('24.11.2026, 08:15', '24 Nov 2026, 08:15'),
                  tone: 'info',
                },
                {
                  title: say('Зареєстровано', 'Registered'),
                  when: say('23.11.2026, 21:02', '23 Nov 2026, 21:02'),
                },
              ]}
            />
          </Card>
          <Card title={say('Перевірте відповіді', 'Check your answers')}>
            <SummaryList
              rows={[
                {
                  name: say('Адреса', 'Address'),
                  value: say('вулиця Короленка, 12', '12 Korolenka Street'),
                  change: '#field-address',
                },
                {
                  name: say('Що сталося', 'What has happened'),
                  value: say('Холодні батареї з вечора', 'Cold radiators since the evening'),
                  change: '#field-text',
                },
                { name: say('Контакт', 'Contact'), value: 'olena@example.com', change: '#field-notify' },
              ]}
            />
          </Card>
        </Grid>
        <Steps
          current={3}
          steps={[
            { title: say('Місце', 'Place'), href: '/design' },
            { title: say('Поруч', 'Nearby'), href: '/design' },
            { title: say('Категорія', 'Category') },
            { title: say('Опис', 'Description') },
            { title: say('Контакт', 'Contact') },
          ]}
        />
        <Grid>
          <Tile
            title={say('Повідомити про проблему', 'Report a problem')}
            href="/design/home"
            icon="speech"
            summary={say('Тепло, вода, дороги, двір', 'Heating, water, roads, yards')}
          />
          <Tile
            title={say('Відкриті дані', 'Open data')}
            href="/design/home#data"
            icon="data"
            summary={say('Набори даних і API', 'Datasets and APIs')}
            note={say('12 нових', '12 new')}
          />
          <Tile
            title={say('Записатися до лікаря', 'See a doctor')}
            href="/design/home#doctor"
            icon="clinic"
            summary={say('Вільний час на два тижні', 'Free times for two weeks')}
          />
        </Grid>
      </div>
    </Section>
  );
}

const months: Record<Language, string[]> = {
  uk: ['січ', 'лют', 'бер', 'кві', 'тра', 'чер', 'лип', 'сер', 'вер', 'жов', 'лис', 'гру'],
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
};

function Figures({ language }: Part) {
  const say = sampler(language);
  const note = say('Вигадані цифри для зразка', 'Invented figures, a sample');
  return (
    <Section title={say('Цифри й мапи', 'Figures and maps')}>
      <div class="stack-y">
        <Grid min="narrow">
          <StatFigure
            label={say('Відкриті звернення', 'Open requests')}
            value={say('1 284', '1,284')}
            change={{ text: say('−6 % за тиждень', '−6 % in a week'), tone: 'good' }}
            spark={{
              values: [30, 34, 31, 28, 29, 24, 22],
              label: say('За тиждень зменшилося з 30 до 22', 'From 30 to 22 in a week'),
            }}
          />
          <StatFigure label={say('Вчасно', 'On time')} value={say('87,4 %', '87.4 %')} tone="good" />
          <StatFigure
            label={say('Прострочено', 'Overdue')}
            value="96"
            tone="danger"
            href="/design"
            change={{ text: say('+12 за добу', '+12 in a day'), tone: 'danger' }}
          />
        </Grid>
        <Grid min="wide">
          <LineChart
            title={say('Звернення за місяцями', 'Requests by month')}
            note={note}
            labels={months[language]}
            series={[
              {
                label: say('Отримано', 'Received'),
                values: [812, 790, 640, 520, 480, 450, 470, 510, 590, 760, 940, 1010],
              },
              {
                label: say('Закрито', 'Closed'),
                values: [760, 801, 690, 540, 470, 455, 460, 500, 560, 700, 860, 990],
              },
            ]}
          />
          <BarChart
            title={say('За категоріями', 'By category')}
            note={note}
            data={[
              { label: say('Опалення', 'Heating'), value: 412 },
              { label: say('Водопостачання', 'Water supply'), value: 268 },
              { label: say('Дороги й тротуари', 'Roads and pavements'), value: 191 },
              { label: say('Ліфти', 'Lifts'), value: 84 },
              { label: say('Освітлення', 'Lighting'), value: 51 },
            ]}
          />
        </Grid>
        <StackedBar
          title={say('Чим закінчилося', 'How it ended')}
          note={note}
          data={[
            { label: say('Підтверджено', 'Confirmed'), value: 640, tone: 'good' },
            { label: say('Без відповіді', 'No answer'), value: 210, tone: 'neutral' },
            { label: say('Доопрацювання', 'Rework'), value: 92, tone: 'warning' },
            { label: say('Відхилено', 'Refused'), value: 31, tone: 'danger' },
          ]}
        />
        <MapTiles
          label={say('Зразок мапи', 'Sample map')}
          centre={{ z: 13, x: 4893, y: 2831 }}
          tileUrl={sampleTile}
          href={({ z, x, y }) => `/design?map=${z}/${x}/${y}`}
          pins={[
            {
              lat: 48.4647,
              lon: 35.0462,
              label: say('Набережна: не горить ліхтар', 'Embankment: a street lamp is out'),
              href: '/design?pin=1',
              tone: 'warning',
            },
            {
              lat: 48.47,
              lon: 35.02,
              label: say('Яма на проїзній частині', 'A pothole'),
              href: '/design?pin=2',
              tone: 'danger',
            },
          ]}
          attribution={say('Схема для зразка', 'A sample scheme')}
        />
      </div>
    </Section>
  );
}

function States({ language }: Part) {
  const say = sampler(language);
  const close: ComponentChildren = (
    <LinkButton href="/design" look="secondary">
      {say('На головну', 'Home')}
    </LinkButton>
  );
  return (
    <Section title={say('Стани', 'States')}>
      <div class="stack-y">
        <Grid>
          <Empty
            title={say('Звернень ще немає', 'No requests yet')}
            icon="speech"
            action={<LinkButton href="/design">{say('Повідомити', 'Report')}</LinkButton>}
          >
            <p>
              {say('Тут зʼявиться все, про що ви повідомите.', 'Everything you report will appear here.')}
            </p>
          </Empty>
          <Failure
            title={say('Не вдалося показати мапу', 'The map could not be shown')}
            requestId="019a-5c1e"
            action={close}
          >
            <p>
              {say(
                'Список нижче працює. Спробуйте за хвилину.',
                'The list below works. Try again in a minute.',
              )}
            </p>
          </Failure>
          <Loading />
        </Grid>
        <Actions>
          <Dialog
            id="withdraw"
            open={say('Відкликати звернення…', 'Withdraw the request…')}
            title={say('Відкликати звернення?', 'Withdraw the request?')}
          >
            <p>
              {say(
                'Виконавець припинить роботу. Історія залишиться у вашому кабінеті.',
                'The crew will stop. The history stays in your account.',
              )}
            </p>
            <Actions>
              <Button look="danger">{say('Відкликати', 'Withdraw')}</Button>
            </Actions>
          </Dialog>
        </Actions>
        <Details summary={say('Як обчислено строк', 'How the term was computed')}>
          <p>
            {say(
              'Пʼять робочих днів від наступного дня після реєстрації.',
              'Five working days from the day after registration.',
            )}
          </p>
        </Details>
        <Confirmation
          title={say('Звернення зареєстровано', 'Your request is registered')}
          label={say('Номер', 'Number')}
          number="1-26-004812"
        >
          <p>
            {say(
              'Виконає КП «Зразкове тепло» до 25.11.2026, 21:02.',
              'Sample Heat will act by 25 Nov 2026, 21:02.',
            )}
          </p>
        </Confirmation>
        <figure class="proof">
          <QrCode
            text="https://misto.example"
            label={say('Код адреси міста', 'Code of the city’s address')}
          />
          <figcaption>
            {say('Наведіть камеру, щоб перевірити лист.', 'Point a camera to check the letter.')}
          </figcaption>
        </figure>
      </div>
    </Section>
  );
}
