import { streets } from './streets.ts';

/** Another name of a street: a former one, or the same in Russian where it sounds different. */
export interface StreetAliasData {
  /** Id of the street as it is called now. */
  readonly street: string;
  readonly name: string;
  /** Last year in which the name was official; null for names that never were, or of which the year is not sure. */
  readonly until: number | null;
}

const year: Readonly<Record<string, number>> = {
  yavornytskoho: 2016,
  'staro-kozatska': 2016,
  polia: 2016,
  voskresenska: 2016,
  nihoiana: 2016,
  mazepy: 2016,
  slobozhanskyi: 2016,
  kalnyshevskoho: 2016,
  'lesi-ukrainky': 2022,
};

const other = (street: string, ...names: string[]): StreetAliasData[] =>
  names.map((name) => ({ street, name, until: null }));

/** Names by which people still know the streets of the demo city. */
export const streetAliases: readonly StreetAliasData[] = [
  ...streets.flatMap((street) =>
    street.former.map((name) => ({ street: street.id, name, until: year[street.id] ?? null })),
  ),
  ...other('naberezhna-peremohy', 'Набережная Победы'),
  ...other('sicheslavska-naberezhna', 'Набережная Ленина', 'Сичеславская Набережная'),
  ...other('zaporizke', 'Запорожское'),
  ...other('kryvorizke', 'Криворожское'),
  ...other('robocha', 'Рабочая'),
  ...other('soniachnyi', 'Солнечный'),
  ...other('chervonyi-kamin', 'Красный Камень'),
  ...other('pokrovskyi', 'Коммунар'),
  ...other('peredova', 'Передовая'),
  ...other('shyroka', 'Широкая'),
  ...other('metalurhiv', 'Металлургов'),
  ...other('budivelnykiv', 'Строителей'),
  ...other('naberezhna-zavodska', 'Набережная Заводская', 'Заводская Набережная'),
  ...other('volodymyra-velykoho', 'Володимира Великого', 'Князя Владимира Великого'),
  ...other('mahdeburzkoho-prava', 'Магдебургского Права'),
  ...other('electrychna', 'Электрическая'),
  ...other('yantarna', 'Янтарная'),
  ...other('lesi-ukrainky', 'Леси Украинки'),
  ...other('kniahyni-olhy', 'Княгини Ольги'),
  ...other('bohdana-khmelnytskoho', 'Героев Сталинграда'),
  ...other('staro-kozatska', 'Комсомольская', 'Староказацкая', 'Староказацька'),
  ...other('krutohirnyi', 'Крутогорный'),
  ...other('velyka-diivska', 'Большая Диевская'),
  ...other('yevropeiskyi', 'Европейский'),
  ...other('soborna', 'Соборная', 'Октябрьская'),
  ...other('nadii-alekseienko', 'Надежды Алексеенко'),
  ...other('heroiv-maidanu', 'Героев Майдана'),
  ...other('topolia', 'Тополь'),
  ...other('filosofska', 'Философская'),
];
