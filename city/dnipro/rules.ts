import type { Names } from './categories.ts';

/** One routing rule; all stated conditions must hold, the first match wins. An unknown fact never matches. */
export interface RuleData {
  readonly code: string;
  readonly when: {
    readonly branches?: readonly string[];
    readonly categories?: readonly string[];
    readonly districts?: readonly string[];
    /** Follow the building's owner instead of a fixed organisation. */
    readonly owner?: string;
  };
  /** Organisation code, or the owner of the building. */
  readonly to: string;
  readonly unit?: string;
  readonly note: Names;
}

const rightBank = ['tsentralnyi', 'sobornyi', 'shevchenkivskyi'];
const west = ['chechelivskyi', 'novokodatskyi'];
const leftBank = ['amur-nyzhnodniprovskyi', 'industrialnyi', 'samarskyi'];

const branch = (code: string, name: string, to: string, uk: string, en: string): RuleData => ({
  code,
  when: { branches: [name] },
  to,
  note: { uk, en },
});

const houseRules = (districts: readonly string[], to: string, prefix: string): RuleData[] =>
  districts.map((district, index) => ({
    code: `${prefix}${index + 1}`,
    when: { branches: ['house', 'access', 'shelters'], districts: [district] },
    to,
    unit: `${to}-${district}`,
    note: { uk: 'Житлове господарство та укриття району', en: 'Housing and shelters of the district' },
  }));

export const rules: readonly RuleData[] = [
  {
    code: 'R-01',
    when: { branches: ['house'], owner: 'osbb-sonechko' },
    to: 'osbb-sonechko',
    note: { uk: 'Будинком опікується ОСББ', en: 'The house is run by its condominium' },
  },
  {
    code: 'R-02',
    when: { categories: ['yard-light'], owner: 'osbb-sonechko' },
    to: 'osbb-sonechko',
    note: { uk: 'Двір обслуговує ОСББ', en: 'The yard is run by the condominium' },
  },
  {
    code: 'R-03',
    when: { categories: ['storm-drain', 'manhole-open'] },
    to: 'voda',
    note: { uk: 'Колодязі та зливова мережа', en: 'Manholes and storm drains' },
  },
  {
    code: 'R-04',
    when: { categories: ['traffic-light', 'sound-signal'] },
    to: 'svitlo',
    note: { uk: 'Світлофори обслуговує «Міське світло»', en: 'Traffic lights belong to City Lights' },
  },
  {
    code: 'R-05',
    when: { categories: ['kerb-high'] },
    to: 'dorohy',
    note: { uk: 'Бордюри на переходах', en: 'Kerbs at crossings' },
  },
  branch('R-10', 'heating', 'teplo', 'Опалення й гаряча вода', 'Heating and hot water'),
  branch('R-11', 'water', 'voda', 'Водопостачання й каналізація', 'Water supply and sewerage'),
  branch('R-12', 'power', 'energo', 'Електромережі', 'Power grids'),
  branch('R-13', 'gas', 'gaz', 'Газові мережі', 'Gas networks'),
  branch('R-14', 'lifts', 'lift', 'Ліфтове господарство', 'Lifts'),
  ...houseRules(rightBank, 'zhytlo-pravyi', 'R-2'),
  ...houseRules(west, 'zhytlo-zakhid', 'R-3'),
  ...houseRules(leftBank, 'zhytlo-livyi', 'R-4'),
  branch('R-50', 'waste', 'ecovyviz', 'Вивезення відходів', 'Waste collection'),
  branch('R-51', 'roads', 'dorohy', 'Дороги', 'Roads'),
  branch('R-52', 'snow', 'dorohy', 'Зимове утримання', 'Winter maintenance'),
  branch('R-53', 'lighting', 'svitlo', 'Зовнішнє освітлення', 'Street lighting'),
  branch('R-54', 'transport', 'transport', 'Громадський транспорт', 'Public transport'),
  branch('R-55', 'trees', 'zelenbud', 'Зелені насадження', 'Trees and parks'),
  branch('R-56', 'animals', 'zoo', 'Поводження з тваринами', 'Animals'),
  branch('R-58', 'noise', 'blahoustrii', 'Благоустрій', 'Public order'),
  branch('R-59', 'billing', 'rozrakhunok', 'Розрахунки', 'Billing'),
  branch('R-60', 'appeals', 'contact-centre', 'Звернення громадян', 'Citizens’ appeals'),
];
