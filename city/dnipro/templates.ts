import type { TemplateData } from '../../src/systems/contact-centre/city-data.ts';

const words = (
  code: string,
  move: string,
  [uk, en]: readonly [string, string],
  [ukText, enText]: readonly [string, string],
  branch?: string,
): TemplateData => ({
  code,
  move,
  ...(branch ? { for: branch } : {}),
  name: { uk, en },
  text: { uk: ukText, en: enText },
});

/** Ready words of Dnipro's staff; each is a beginning that people finish. */
export const templates: readonly TemplateData[] = [
  words(
    'return-not-ours',
    'return',
    ['Не наша мережа', 'Not our network'],
    [
      'Мережа за цією адресою не на нашому балансі. Просимо визначити іншого виконавця.',
      'The network at this address is not on our balance. Please find another executor.',
    ],
  ),
  words(
    'return-no-contract',
    'return',
    ['Немає договору', 'No contract'],
    ['Договору на обслуговування цього будинку у нас немає.', 'We have no contract to serve this building.'],
  ),
  words(
    'return-place-unclear',
    'return',
    ['Незрозуміле місце', 'The place is unclear'],
    [
      'За описом не вдалося знайти місце. Просимо уточнити адресу або орієнтир.',
      'The place could not be found by its description. Please make the address or a landmark clear.',
    ],
  ),
  words(
    'ask-entrance',
    'ask',
    ['Підʼїзд і поверх', 'Entrance and floor'],
    ['Уточніть, будь ласка, підʼїзд і поверх.', 'Please tell us the entrance and the floor.'],
  ),
  words(
    'ask-access',
    'ask',
    ['Коли вдома', 'When at home'],
    [
      'Коли бригада може потрапити до помешкання? Напишіть, будь ласка, день і час.',
      'When can the crew get into your home? Please write a day and an hour.',
    ],
  ),
  words(
    'ask-since-when',
    'ask',
    ['Відколи', 'Since when'],
    [
      'Відколи це триває й чи буває краще протягом доби?',
      'Since when is it so, and does it get better during the day?',
    ],
  ),
  words(
    'plan-materials',
    'plan',
    ['Чекаємо на матеріали', 'Waiting for materials'],
    [
      'Потрібні матеріали замовлено. Роботи виконаємо у вказаний день.',
      'The materials needed are ordered. The work will be done on the day given.',
    ],
  ),
  words(
    'plan-weather',
    'plan',
    ['Залежить від погоди', 'Depends on the weather'],
    [
      'Ці роботи можна виконати лише за плюсової температури й без опадів.',
      'This work is only possible above zero and without rain or snow.',
    ],
  ),
  words(
    'claim-heating-air',
    'claim',
    ['Видалено повітря', 'Air removed'],
    [
      'Зі стояка видалено повітря, температуру приладів перевірено разом із мешканцями.',
      'Air was let out of the riser; the warmth of the radiators was checked with the residents.',
    ],
    'heating',
  ),
  words(
    'claim-heating-source',
    'claim',
    ['Відновлено подачу тепла', 'Heat supply restored'],
    [
      'Пошкодження на тепломережі усунуто, подачу тепла до будинку відновлено.',
      'The damage to the heating network is repaired; the building gets heat again.',
    ],
    'heating',
  ),
  words(
    'claim-water-leak',
    'claim',
    ['Усунуто витік', 'Leak repaired'],
    [
      'Пошкоджену ділянку труби замінено, воду подано, витоку немає.',
      'The damaged part of the pipe is replaced, water is on, there is no leak.',
    ],
    'water',
  ),
  words(
    'claim-lift-started',
    'claim',
    ['Ліфт запущено', 'Lift runs'],
    [
      'Несправність усунуто, ліфт перевірено й запущено.',
      'The fault is repaired; the lift was checked and runs.',
    ],
    'lifts',
  ),
  words(
    'claim-road-patched',
    'claim',
    ['Яму закрито', 'Pothole filled'],
    [
      'Яму закрито, покриття ущільнено, проїзд вільний.',
      'The pothole is filled, the surface compacted, the way is free.',
    ],
    'roads',
  ),
  words(
    'claim-light-lamp',
    'claim',
    ['Замінено лампу', 'Lamp replaced'],
    [
      'Лампу замінено, світильник перевірено після настання темряви.',
      'The lamp is replaced and was checked after dark.',
    ],
    'lighting',
  ),
  words(
    'claim-waste-taken',
    'claim',
    ['Відходи вивезено', 'Waste taken away'],
    ['Відходи вивезено, майданчик прибрано.', 'The waste is taken away and the site is clean.'],
    'waste',
  ),
  words(
    'claim-explained',
    'claim',
    ['Роз’яснення', 'Explanation'],
    ['Порушень не виявлено. Пояснюємо: ', 'No fault was found. We explain: '],
  ),
  words(
    'refuse-private',
    'refuse',
    ['Приватна власність', 'Private property'],
    [
      'Це майно приватне, місто не має права проводити на ньому роботи.',
      'This property is private; the city has no right to work on it.',
    ],
  ),
  words(
    'refuse-anonymous',
    'refuse',
    ['Анонімне звернення', 'Anonymous appeal'],
    [
      'Звернення за законом без імені та місця проживання не розглядають (стаття 8 Закону «Про звернення громадян»).',
      'By law an appeal without a name and a place of residence is not considered (article 8 of the law on appeals).',
    ],
  ),
  words(
    'reject-no-evidence',
    'reject',
    ['Немає доказів', 'No evidence'],
    [
      'На фото не видно виконаних робіт. Додайте фото після завершення.',
      'The photos do not show the work done. Add photos taken after it.',
    ],
  ),
];
