/** Given names common in Ukraine: with a surname beside them they make a full name. Not a list of anybody in particular. */
const male =
  'Олександр Андрій Сергій Володимир Микола Іван Василь Юрій Віктор Петро Михайло Дмитро Анатолій Олег Ігор Роман Віталій Максим Євген Богдан Павло Артем Денис Вадим Ярослав Тарас Степан Григорій Валерій Леонід Борис Вячеслав Руслан Костянтин Антон Назар Олексій Станіслав Данило Микита Кирило Ілля Тимофій Тимур Федір Георгій Геннадій Едуард Владислав Святослав Ростислав Остап Матвій Марко Захар Яків Семен Лев Микита Гліб Арсен Мирослав Любомир Зіновій Орест Всеволод Валентин Аркадій Давид Єгор Семен Александр Сергей Дмитрий Николай Евгений Алексей Андрей Юрий Виктор Игорь Владимир Михаил Виталий Анатолий Валерий Григорий';
const female =
  'Олена Наталія Наталя Ірина Тетяна Оксана Марія Ганна Анна Людмила Світлана Катерина Юлія Ольга Валентина Галина Надія Любов Вікторія Олександра Анастасія Дарина Дарія Софія Яна Інна Алла Лариса Лідія Ніна Віра Раїса Зінаїда Тамара Євгенія Христина Лілія Аліна Діана Яніна Мирослава Ярослава Богдана Зоряна Соломія Злата Поліна Вероніка Валерія Маргарита Єлизавета Антоніна Жанна Зоя Клавдія Емма Емілія Леся Леся Руслана Владислава Уляна Елена Татьяна Ирина Светлана Екатерина Наталья Анна Надежда Мария Виктория Юлия Лидия Евгения';

/** Given names that are heard seldom, of the old and of the newborn. */
const seldom = {
  male: 'Адам Альберт Антін Архип Артур Веніамін Герасим Гнат Гордій Давид Демид Дем’ян Едгар Йосип Ігнат Зиновій Касян Клим Климент Корній Кузьма Лаврентій Леонтій Лук’ян Макар Максиміліан Мартин Мстислав Назарій Нестор Никифор Овксентій Омелян Онисим Опанас Охрім Пилип Платон Потап Прохор Рафаїл Родіон Сава Савелій Самійло Северин Созон Теодор Терентій Тихон Тиміш Трохим Устим Феофан Філіп Харитон Християн Юліан Юстин Юхим Явтух Ян Яромир',
  female:
    'Аделіна Агата Аліса Альбіна Анжела Анжеліка Антоніна Аріна Броніслава Василина Віолетта Віталіна Глафіра Горпина Дзвенислава Домініка Еліна Елла Єва Єфросинія Іванна Ілона Інга Інеса Кароліна Кіра Клара Ксенія Ліана Луїза Лукія Майя Маріанна Мар’яна Марина Мілана Мілена Мотрона Нінель Нонна Одарка Оксенія Орина Орися Павліна Параска Пелагея Рената Роксолана Сабіна Серафима Сніжана Стефанія Сусанна Таїсія Текля Тереза Устина Фаїна Феодосія Фросина Харитина Юліана Юстина Ядвіга Ярина',
} as const;

const men = `${male} ${seldom.male}`.toLowerCase().split(' ');
const women = `${female} ${seldom.female}`.toLowerCase().split(' ');
const nominatives = new Set([...men, ...women]);
const stemOf = (name: string) => name.replace(/[аяоийь]$/u, '');
const stems = new Set([...nominatives].map(stemOf));
const maleStems = new Set(men.map(stemOf));
const endings = new Set(
  'а я у ю і ї и е є о ові еві єві ом ем єм ою ею єю ії ія ію ієм ієві ієї єві'.split(' '),
);

/** Endings of cases in which nothing is named after anybody: «Івану», «Петрові», «Оленою», «Галину». */
const addressed = new Set('у ю ові еві єві ом ем єм ою ею єю'.split(' '));

/**
 * `name` as people sign; `addressed` in a case that never names a street, as in «передайте Галині»; `oblique` in one that
 * may, as in «від Івана»; null: no given name known here.
 */
export function givenName(lower: string): 'name' | 'addressed' | 'oblique' | null {
  if (nominatives.has(lower)) return 'name';
  for (let tail = 1; tail <= 4 && tail < lower.length - 1; tail += 1) {
    const [stem, ending] = [lower.slice(0, -tail), lower.slice(-tail)];
    if (!endings.has(ending) || !stems.has(stem)) continue;
    // «Олені» is to Олена; the genitive of such names, which streets bear, is «Олени».
    const dative = ending === 'і' && nominatives.has(`${stem}а`);
    return addressed.has(ending) || dative ? 'addressed' : 'oblique';
  }
  return null;
}

/** Streets are named after men in the genitive: «Олександра Поля» may be one where «Олена Коваль» may not. */
export function couldNameStreet(lower: string): boolean {
  return givenName(lower) === 'oblique' || (/[ая]$/u.test(lower) && maleStems.has(lower.slice(0, -1)));
}
