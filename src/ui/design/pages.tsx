import {
  Actions,
  Badge,
  BarChart,
  Button,
  Card,
  Empty,
  FigureStrip,
  FilterBar,
  Grid,
  Hero,
  type Language,
  LinkButton,
  NewsList,
  Notice,
  PageHead,
  Pagination,
  Section,
  Select,
  StatFigure,
  TextInput,
  Tile,
  Timeline,
} from '../index.ts';
import { RequestTable, sampler } from './samples.tsx';

/** How a home page looks when its parts stand together. */
export function SampleHome({ language }: { language: Language }) {
  const say = sampler(language);
  return (
    <>
      <Hero
        title={say('Місто, яке відповідає', 'A city that answers')}
        lead={say(
          'Скажіть, що не так, запишіться на прийом, перевірте, як працює громада.',
          'Say what is wrong, book a visit, see how the council works.',
        )}
        search={{
          action: '/search',
          label: say('Пошук у місті', 'Search the city'),
          placeholder: say('Наприклад: немає тепла', 'For example: no heating'),
        }}
        popular={[
          { title: say('Вимкнення води', 'Water cuts'), href: '/design/home?1' },
          { title: say('Черга до садка', 'Kindergarten queue'), href: '/design/home?2' },
          { title: say('Стан звернення', 'Track a request'), href: '/design/home?3' },
        ]}
      />
      <FigureStrip
        figures={[
          {
            value: say('1 284', '1,284'),
            label: say('відкриті звернення', 'open requests'),
            href: '/design',
          },
          {
            value: say('87,4 %', '87.4 %'),
            label: say('виконано вчасно цього місяця', 'done on time this month'),
            href: '/design',
            tone: 'good',
          },
          {
            value: '7',
            label: say('відключень просто зараз', 'outages right now'),
            href: '/design',
            tone: 'warning',
          },
          {
            value: say('312', '312'),
            label: say('наборів відкритих даних', 'open datasets'),
            href: '/design',
          },
        ]}
        note={say(
          'Демонстраційні дані станом на 24.11.2026, 09:40',
          'Demonstration data as of 24 Nov 2026, 09:40',
        )}
      />
      <Section
        title={say('Послуги', 'Services')}
        more={{ title: say('Усі послуги', 'All services'), href: '/design' }}
      >
        <Grid>
          <Tile
            title={say('Повідомити про проблему', 'Report a problem')}
            href="/design?a"
            icon="speech"
            summary={say(
              'Тепло, вода, дороги, двір: без черги й дзвінків',
              'Heating, water, roads, yards: no queue, no calls',
            )}
          />
          <Tile
            title={say('Відключення', 'Outages')}
            href="/design?b"
            icon="power"
            summary={say('Де, чому і до котрої години', 'Where, why and until when')}
            note={say('7 просто зараз', '7 right now')}
          />
          <Tile
            title={say('Електронна черга', 'Queue ticket')}
            href="/design?c"
            icon="ticket"
            summary={say('Запис до центру послуг', 'A visit to the service centre')}
          />
          <Tile
            title={say('Лікарні й поліклініки', 'Clinics')}
            href="/design?d"
            icon="clinic"
            summary={say('Вільний час лікарів на два тижні', 'Free times of doctors for two weeks')}
          />
          <Tile
            title={say('Садки та школи', 'Kindergartens and schools')}
            href="/design?e"
            icon="school"
            summary={say('Заява, місце в черзі, запрошення', 'Application, place in line, offer')}
          />
          <Tile
            title={say('Відкриті дані', 'Open data')}
            href="/design?f"
            icon="data"
            summary={say('Набори, мапи, API', 'Datasets, maps, APIs')}
          />
        </Grid>
      </Section>
      <Section title={say('Новини', 'News')} more={{ title: say('Усі новини', 'All news'), href: '/design' }}>
        <NewsList
          items={[
            {
              title: say('Опалення подано в 94 % будинків', 'Heating is on in 94 % of houses'),
              href: '/design?n1',
              date: say('24.11.2026', '24 Nov 2026'),
              kind: say('Житло', 'Housing'),
              summary: say(
                'Решту підключать до пʼятниці; адреси й причини у списку.',
                'The rest by Friday; addresses and reasons are listed.',
              ),
            },
            {
              title: say(
                'Набережну закриють для ремонту на три дні',
                'The embankment closes for repair for three days',
              ),
              href: '/design?n2',
              date: say('23.11.2026', '23 Nov 2026'),
              kind: say('Дороги', 'Roads'),
              summary: say('Обʼїзд вулицею Січеславською.', 'Detour by Sicheslavska Street.'),
            },
            {
              title: say(
                'Бюджет на 2027 рік: проєкт і ваші пропозиції',
                'Budget 2027: the draft and your proposals',
              ),
              href: '/design?n3',
              date: say('20.11.2026', '20 Nov 2026'),
              kind: say('Рішення', 'Decisions'),
            },
          ]}
        />
      </Section>
      <Notice tone="neutral">
        <p>
          {say('Зразок сторінки: новини й цифри вигадані.', 'A sample page: news and figures are invented.')}
        </p>
      </Notice>
    </>
  );
}

/** The cabinet: what a resident sees of their own affairs. */
export function SampleCabinet({ language }: { language: Language }) {
  const say = sampler(language);
  return (
    <>
      <PageHead
        title={say('Добрий день, Олено', 'Good day, Olena')}
        lead={say('Одна справа чекає на вашу відповідь.', 'One matter is waiting for your answer.')}
        actions={
          <LinkButton href="/design" icon="plus">
            {say('Нове звернення', 'New request')}
          </LinkButton>
        }
      />
      <Card
        level={2}
        tone="warning"
        title={say('Тепло відновлено?', 'Is the heating back?')}
        href="/design"
        aside={<Badge tone="warning">{say('Відповідь до 1 грудня', 'Answer by 1 December')}</Badge>}
        footer={say(
          'Звернення № 1-26-004812 · вулиця Короленка, 12',
          'Request No. 1-26-004812 · 12 Korolenka Street',
        )}
      >
        <p>
          {say(
            'Виконавець повідомив, що роботу зроблено. Підтвердьте або поверніть на доопрацювання.',
            'The crew says the work is done. Confirm it or send it back.',
          )}
        </p>
        <Actions>
          <Button>{say('Так, тепло є', 'Yes, it is warm')}</Button>
          <Button look="secondary">{say('Ні, досі холодно', 'No, still cold')}</Button>
        </Actions>
      </Card>
      <Section title={say('Мої звернення', 'My requests')}>
        <RequestTable language={language} />
      </Section>
      <Section title={say('Хто дивився мої дані', 'Who looked at my data')}>
        <Timeline
          items={[
            {
              title: say(
                'Оператор контакт-центру: звернення № 1-26-004812',
                'Contact-centre operator: request No. 1-26-004812',
              ),
              when: say('24.11.2026, 09:12', '24 Nov 2026, 09:12'),
              who: say('Департамент звернень', 'Department of requests'),
            },
            {
              title: say('Диспетчер: адреса звернення', 'Dispatcher: address of the request'),
              when: say('23.11.2026, 21:05', '23 Nov 2026, 21:05'),
              who: say('КП «Зразкове тепло»', 'Sample Heat enterprise'),
            },
          ]}
        />
      </Section>
    </>
  );
}

/** The staff desk: many rows, few words, everything at hand. */
export function SampleDesk({ language }: { language: Language }) {
  const say = sampler(language);
  return (
    <>
      <PageHead
        title={say('Черга диспетчера', 'Dispatcher’s queue')}
        actions={
          <>
            <Button look="secondary" icon="download">
              CSV
            </Button>
            <Button icon="plus">{say('Зареєструвати', 'Register')}</Button>
          </>
        }
      />
      <Grid min="narrow">
        <StatFigure label={say('У черзі', 'In the queue')} value="42" />
        <StatFigure label={say('Строк за 24 год', 'Due in 24 h')} value="11" tone="warning" />
        <StatFigure label={say('Прострочено', 'Overdue')} value="3" tone="danger" href="/design/desk" />
        <StatFigure label={say('Повернено мешканцями', 'Returned by residents')} value="2" />
      </Grid>
      <FilterBar
        action="/design/desk"
        active={[{ label: say('Індустріальний', 'Industrialnyi'), removeHref: '/design/desk' }]}
        clearHref="/design/desk"
      >
        <TextInput name="q" label={say('Слово або номер', 'Word or number')} />
        <Select
          name="category"
          label={say('Категорія', 'Category')}
          empty={say('Усі', 'All')}
          options={[{ value: 'heating', label: say('Опалення', 'Heating') }]}
        />
        <Select
          name="district"
          label={say('Район', 'District')}
          empty={say('Усі', 'All')}
          options={[{ value: 'ind', label: say('Індустріальний', 'Industrialnyi') }]}
        />
      </FilterBar>
      <RequestTable language={language} select />
      <Pagination
        page={1}
        pages={3}
        href={(page) => `?page=${page}`}
        summary={say('1–20 з 42', '1–20 of 42')}
      />
      <Grid min="wide">
        <BarChart
          title={say('Навантаження бригад', 'Load of the crews')}
          note={say('Вигадані цифри', 'Invented figures')}
          data={[
            { label: say('Бригада 1', 'Crew 1'), value: 9 },
            { label: say('Бригада 2', 'Crew 2'), value: 14, tone: 'warning' },
            { label: say('Бригада 3', 'Crew 3'), value: 6 },
          ]}
        />
        <Empty title={say('Аварійних пропозицій немає', 'No outage proposals')} icon="bell" />
      </Grid>
    </>
  );
}
