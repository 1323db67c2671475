import type { Names } from './categories.ts';

export interface QuestionData {
  readonly type:
    | 'string'
    | 'number'
    | 'datetime'
    | 'text'
    | 'singlevaluelist'
    | 'multivaluelist'
    | 'information';
  readonly label: Names;
  readonly required?: boolean;
  readonly values?: readonly {
    readonly key: string;
    readonly names: Names;
    readonly raisesTo?: 'urgent' | 'emergency';
  }[];
  /** Asked only when another question was answered so. */
  readonly showIf?: { readonly question: string; readonly equals: string };
}

/** Questions of the intake form by code; categories name the ones they ask, in order. */
export const questions: Readonly<Record<string, QuestionData>> = {
  scope: {
    type: 'singlevaluelist',
    label: { uk: 'Де саме?', en: 'Where exactly?' },
    required: true,
    values: [
      { key: 'flat', names: { uk: 'Лише в моїй квартирі', en: 'Only in my flat' } },
      { key: 'riser', names: { uk: 'По стояку', en: 'Along the riser' } },
      { key: 'house', names: { uk: 'У всьому будинку', en: 'In the whole house' } },
      { key: 'block', names: { uk: 'У кількох будинках', en: 'In several houses' } },
    ],
  },
  since: { type: 'datetime', label: { uk: 'Відколи?', en: 'Since when?' } },
  temperature: {
    type: 'number',
    label: { uk: 'Яка температура в кімнаті, °C?', en: 'Room temperature, °C?' },
  },
  damage: {
    type: 'singlevaluelist',
    label: { uk: 'Чи псується майно?', en: 'Is property being damaged?' },
    required: true,
    values: [
      { key: 'no', names: { uk: 'Ні', en: 'No' } },
      {
        key: 'yes',
        names: { uk: 'Так, заливає просто зараз', en: 'Yes, it is flooding right now' },
        raisesTo: 'urgent',
      },
    ],
  },
  danger: {
    type: 'singlevaluelist',
    label: { uk: 'Чи є небезпека для людей?', en: 'Is anyone in danger?' },
    required: true,
    values: [
      { key: 'no', names: { uk: 'Ні', en: 'No' } },
      { key: 'yes', names: { uk: 'Так', en: 'Yes' }, raisesTo: 'emergency' },
    ],
  },
  waterLook: {
    type: 'multivaluelist',
    label: { uk: 'Що не так із водою?', en: 'What is wrong with the water?' },
    required: true,
    values: [
      { key: 'colour', names: { uk: 'Колір', en: 'Colour' } },
      { key: 'smell', names: { uk: 'Запах', en: 'Smell' } },
      { key: 'sediment', names: { uk: 'Осад', en: 'Sediment' } },
    ],
  },
  entrance: { type: 'number', label: { uk: 'Номер під’їзду', en: 'Entrance number' }, required: true },
  potholeSize: {
    type: 'singlevaluelist',
    label: { uk: 'Якого розміру яма?', en: 'How big is the pothole?' },
    values: [
      { key: 'small', names: { uk: 'До 30 см', en: 'Up to 30 cm' } },
      { key: 'medium', names: { uk: '30–100 см', en: '30–100 cm' } },
      { key: 'large', names: { uk: 'Понад 1 м', en: 'Over 1 m' }, raisesTo: 'emergency' },
    ],
  },
  lampCount: { type: 'number', label: { uk: 'Скільки ліхтарів не горить?', en: 'How many lights are out?' } },
  route: { type: 'string', label: { uk: 'Маршрут', en: 'Route' }, required: true },
  vehicle: { type: 'string', label: { uk: 'Бортовий номер, якщо знаєте', en: 'Fleet number, if known' } },
  animalCount: { type: 'number', label: { uk: 'Скільки тварин?', en: 'How many animals?' } },
  accessNeed: { type: 'text', label: { uk: 'Що заважає пройти чи проїхати?', en: 'What is in the way?' } },
};
