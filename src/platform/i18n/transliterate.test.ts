import { describe, expect, it } from 'vitest';
import { transliterate } from './transliterate.ts';

describe('transliteration by resolution № 55', () => {
  // Examples of the resolution itself, with some of the city.
  it.each([
    ['Алушта', 'Alushta'],
    ['Борщагівка', 'Borshchahivka'],
    ['Вінниця', 'Vinnytsia'],
    ['Гадяч', 'Hadiach'],
    ['Ґалаґан', 'Galagan'],
    ['Єнакієве', 'Yenakiieve'],
    ['Наєнко', 'Naienko'],
    ['Житомир', 'Zhytomyr'],
    ['Закарпаття', 'Zakarpattia'],
    ['Згорани', 'Zghorany'],
    ['Розгон', 'Rozghon'],
    ['Їжакевич', 'Yizhakevych'],
    ['Кадиївка', 'Kadyivka'],
    ['Мар’їне', 'Marine'],
    ['Йосипівка', 'Yosypivka'],
    ['Стрий', 'Stryi'],
    ['Олексій', 'Oleksii'],
    ['Харків', 'Kharkiv'],
    ['Біла Церква', 'Bila Tserkva'],
    ['Шостка', 'Shostka'],
    ['Щербухи', 'Shcherbukhy'],
    ['Гоща', 'Hoshcha'],
    ['Юрій', 'Yurii'],
    ['Корюківка', 'Koriukivka'],
    ['Яготин', 'Yahotyn'],
    ['Костянтин', 'Kostiantyn'],
    ['Знам’янка', 'Znamianka'],
    ['проспект Дмитра Яворницького, 12', 'prospekt Dmytra Yavornytskoho, 12'],
    ['ЩАСТЯ', 'SHCHASTIA'],
    ['Я', 'Ya'],
  ])('%s is %s', (text, latin) => expect(transliterate(text)).toBe(latin));
});
