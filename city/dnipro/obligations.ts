/** Which unit of the demo city answers for a part of the list of Resolution 835, where no dataset says it already. */
export const demoUnitOfGroup: Readonly<Record<string, string>> = {
  'Усі розпорядники інформації': 'tsyfra',
  'Архітектура та містобудування': 'mistobuduvannia',
  'Бюджет та фінанси': 'budzhet',
  'Комунальна власність': 'maino',
  Інфраструктура: 'zhkh',
  'Громадський транспорт': 'transport',
  'Охорона здоров’я': 'zdorovia',
  'Участь громадськості та інше': 'rada',
  Освіта: 'osvita',
  Торгівля: 'blahoustrii',
  'Навколишнє середовище': 'dovkillia',
  'Місцеві ради': 'rada',
};

/** What does not concern the demo city, with invented reasons. */
export const demoNotApplicable: Readonly<Record<string, string>> = {
  'mun-005': 'Радіаційний контроль веде державна служба, міські підрозділи вимірювань не роблять (демо).',
  'mun-046': 'Дані про працівників оприлюднюють самі заклади освіти на своїх сторінках (демо).',
};
