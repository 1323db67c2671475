import { Badge, type Language, Table, type Tone } from '../index.ts';

/** Picks the wording of a sample in the language of the page. */
export function sampler(language: Language): (uk: string, en: string) => string {
  return (uk, en) => (language === 'uk' ? uk : en);
}

/** A drawn piece of an imaginary plan, so that the sample map needs no server. */
export function sampleTile(_z: number, x: number, y: number): string {
  const river =
    x === 4893 ? '<path d="M70 0C30 90 110 170 70 256H210C250 170 170 90 210 0Z" fill="#9fcdd6"/>' : '';
  const park = (x * 7 + y) % 3 === 1 ? '<path d="M28 30h84v70H28z" fill="#cfe0bd"/>' : '';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><path fill="#e9ece8" d="M0 0h256v256H0z"/>${park}<path d="M0 120h256M128 0v256M0 30h256M40 0v256M206 0v256M0 214h256" stroke="#fff" stroke-width="9"/>${river}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

interface SampleRequest {
  readonly number: string;
  readonly what: string;
  readonly where: string;
  readonly due: string;
  readonly state: string;
  readonly tone: Tone;
  readonly row?: 'warning' | 'danger';
  readonly people: number;
}

export function sampleRequests(language: Language): SampleRequest[] {
  const say = sampler(language);
  return [
    {
      number: '1-26-004812',
      what: say('Немає тепла в будинку', 'No heating in the house'),
      where: say('вулиця Короленка, 12', '12 Korolenka Street'),
      due: '25.11, 21:02',
      state: say('Виконується', 'In progress'),
      tone: 'info',
      people: 14,
    },
    {
      number: '1-26-004809',
      what: say('Тече стояк холодної води', 'A cold-water riser leaks'),
      where: say('проспект Богдана Хмельницького, 31', '31 Bohdana Khmelnytskoho Avenue'),
      due: '24.11, 14:00',
      state: say('Строк сьогодні', 'Due today'),
      tone: 'warning',
      row: 'warning',
      people: 3,
    },
    {
      number: '1-26-004777',
      what: say('Яма на проїзній частині', 'A pothole in the road'),
      where: say('набережна Заводська, 5', '5 Zavodska Embankment'),
      due: '22.11, 18:00',
      state: say('Прострочено', 'Overdue'),
      tone: 'danger',
      row: 'danger',
      people: 8,
    },
    {
      number: '1-26-004701',
      what: say('Не горить ліхтар', 'A street lamp is out'),
      where: say('площа Героїв Майдану', 'Heroiv Maidanu Square'),
      due: '27.11, 12:00',
      state: say('Підтверджено', 'Confirmed'),
      tone: 'good',
      people: 1,
    },
  ];
}

export function RequestTable({ language, select }: { language: Language; select?: boolean }) {
  const say = sampler(language);
  return (
    <Table
      caption={say('Звернення району', 'Requests of the district')}
      rows={sampleRequests(language)}
      rowKey={(row) => row.number}
      rowTone={(row) => row.row}
      sort={{ by: 'due', direction: 'asc' }}
      sortHref={({ by, direction }) => `?sort=${by}&direction=${direction}`}
      {...(select ? { select: { name: 'request', label: (row: SampleRequest) => row.number } } : {})}
      columns={[
        {
          key: 'what',
          title: say('Що сталося', 'What'),
          header: true,
          cell: (row) => <a href="#content">{row.what}</a>,
        },
        { key: 'number', title: say('Номер', 'Number'), nowrap: true, cell: (row) => row.number },
        { key: 'where', title: say('Де', 'Where'), cell: (row) => row.where },
        {
          key: 'people',
          title: say('Людей', 'People'),
          numeric: true,
          sortable: true,
          cell: (row) => row.people,
        },
        { key: 'due', title: say('Строк', 'Due'), sortable: true, nowrap: true, cell: (row) => row.due },
        {
          key: 'state',
          title: say('Стан', 'State'),
          cell: (row) => <Badge tone={row.tone}>{row.state}</Badge>,
        },
      ]}
    />
  );
}
