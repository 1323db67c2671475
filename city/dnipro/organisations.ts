import type { Names } from './categories.ts';

export interface UnitData {
  readonly code: string;
  readonly names: Names;
  /** District the unit serves; none: the whole city. */
  readonly district?: string;
  readonly crews: readonly string[];
}

/** An invented enterprise of the demo city; the names only sound like real ones. */
export interface OrganisationData {
  readonly code: string;
  readonly names: Names;
  /** Number of the round-the-clock duty desk, from a range kept for examples. */
  readonly dutyPhone: string;
  readonly units: readonly UnitData[];
  readonly demo: true;
}

const crews = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);

const wholeCity = (code: string, uk: string, en: string, phone: string, teams = 4): OrganisationData => ({
  code,
  names: { uk: `${uk} (демо)`, en: `${en} (demo)` },
  dutyPhone: phone,
  units: [
    {
      code: `${code}-main`,
      names: { uk: 'Аварійно-диспетчерська служба', en: 'Emergency dispatch service' },
      crews: crews(code, teams),
    },
    {
      code: `${code}-repair`,
      names: { uk: 'Ремонтна дільниця', en: 'Repair section' },
      crews: crews(`${code}-r`, 2),
    },
  ],
  demo: true,
});

const housing = (
  code: string,
  name: string,
  nameEn: string,
  phone: string,
  ...served: string[]
): OrganisationData => ({
  code,
  names: { uk: `КП «Житлосервіс ${name}» (демо)`, en: `Zhytloservis ${nameEn} (demo)` },
  dutyPhone: phone,
  units: served.map((district, index) => ({
    code: `${code}-${district}`,
    names: { uk: `Дільниця № ${index + 1}`, en: `Section ${index + 1}` },
    district,
    crews: crews(`${code}-${index + 1}`, 2),
  })),
  demo: true,
});

export const organisations: readonly OrganisationData[] = [
  wholeCity('teplo', 'КП «Міські тепломережі»', 'City Heating Networks', '+380 56 000 01 01', 6),
  wholeCity('voda', 'КП «Дніпровські водомережі»', 'Dnipro Water Networks', '+380 56 000 01 02', 6),
  wholeCity('energo', 'ТОВ «Місцеві електромережі»', 'Local Power Grids', '+380 56 000 01 03', 5),
  wholeCity('gaz', 'ТОВ «Міськгазмережі»', 'City Gas Networks', '+380 56 000 01 04', 3),
  wholeCity('lift', 'КП «Ліфтсервіс»', 'Lift Service', '+380 56 000 01 05', 4),
  housing(
    'zhytlo-pravyi',
    'Правий берег',
    'Right Bank',
    '+380 56 000 01 06',
    'tsentralnyi',
    'sobornyi',
    'shevchenkivskyi',
  ),
  housing('zhytlo-zakhid', 'Захід', 'West', '+380 56 000 01 07', 'chechelivskyi', 'novokodatskyi'),
  housing(
    'zhytlo-livyi',
    'Лівий берег',
    'Left Bank',
    '+380 56 000 01 08',
    'amur-nyzhnodniprovskyi',
    'industrialnyi',
    'samarskyi',
  ),
  wholeCity('ecovyviz', 'КП «Чисте довкілля»', 'Clean Surroundings', '+380 56 000 01 09', 5),
  wholeCity('dorohy', 'КП «Міські дороги»', 'City Roads', '+380 56 000 01 10', 6),
  wholeCity('svitlo', 'КП «Міське світло»', 'City Lights', '+380 56 000 01 11', 4),
  wholeCity('transport', 'КП «Електротранспорт міста»', 'City Electric Transport', '+380 56 000 01 12', 2),
  wholeCity('zelenbud', 'КП «Зелений Дніпро»', 'Green Dnipro', '+380 56 000 01 13', 3),
  wholeCity('zoo', 'КП «Турбота про тварин»', 'Animal Care', '+380 56 000 01 14', 2),
  wholeCity('blahoustrii', 'КП «Інспекція благоустрою»', 'Public Order Inspection', '+380 56 000 01 15', 2),
  wholeCity('rozrakhunok', 'КП «Єдиний розрахунок»', 'Single Billing', '+380 56 000 01 16', 1),
  {
    code: 'osbb-sonechko',
    names: { uk: 'ОСББ «Сонечко на Науки» (демо)', en: 'Sonechko Condominium (demo)' },
    dutyPhone: '+380 56 000 01 17',
    units: [{ code: 'osbb-sonechko-board', names: { uk: 'Правління', en: 'Board' }, crews: ['osbb-1'] }],
    demo: true,
  },
  {
    code: 'contact-centre',
    names: { uk: 'Єдиний контакт-центр (демо)', en: 'City contact centre (demo)' },
    dutyPhone: '+380 56 000 15 45',
    units: [{ code: 'contact-centre-line', names: { uk: 'Лінія 1545', en: 'Line 1545' }, crews: [] }],
    demo: true,
  },
];
