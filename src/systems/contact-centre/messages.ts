import { messages, plural } from '#platform/i18n/index.ts';

const reports = (n: number) =>
  `${n} ${plural('uk', n, { one: 'заявку', few: 'заявки', many: 'заявок', other: 'заявки' })}`;
const sent = (n: number) => `${n} ${plural('en', n, { one: 'report was sent', other: 'reports were sent' })}`;

/** What the domain itself says to people; pages have their own words. */
export const text = messages(
  {
    limits: {
      network: (count: number, phone: string) =>
        `З вашої мережі за годину вже надіслано без входу ${reports(count)}. Зателефонуйте: ${phone}`,
      contact: (count: number, phone: string) =>
        `З цим контактом за добу вже надіслано ${reports(count)}. Зателефонуйте: ${phone}`,
      account: (count: number, phone: string) =>
        `З вашого облікового запису за добу вже надіслано ${reports(count)}. Зателефонуйте: ${phone}`,
    },
    faults: {
      category: 'Оберіть, що сталося',
      retired: (successor: string) => `Цього виду звернення більше немає; оберіть «${successor}»`,
      textTooLong: (limit: number) => `Опис задовгий: не більше ${limit} знаків`,
      essence: 'Опишіть суть звернення',
      holdReason: 'Вкажіть підставу: номер справи, рішення чи запиту',
      told: 'Запишіть, що розповів заявник',
      wayToAnswer: 'Вкажіть електронну пошту або телефон: куди надіслати відповідь',
      appealKind: 'Оберіть вид звернення',
      appealAbout: 'Оберіть установу зі списку',
      answerPart: 'Заповніть: без цього письмова відповідь неповна',
      reason: 'Вкажіть причину: її повідомлять заявнику',
      destination: 'Вкажіть, кому передано звернення',
      missing: 'Поясніть, чого бракує у зверненні',
      place: 'Вкажіть місце: адресу або точку на мапі',
      building: 'Оберіть будинок зі списку або введіть адресу',
      asset: 'Такого об’єкта в реєстрі міста немає',
      outside: 'Ця точка за межами міста; перевірте адресу або координати',
      swapped: 'Схоже, широту й довготу переставлено місцями; поміняйте їх',
      flat: 'Вкажіть номер квартири: без нього бригада не потрапить до вас',
      name: 'Вкажіть ім’я: без нього звернення за законом не розглядають',
      residence: 'Вкажіть місце проживання: без нього звернення за законом не розглядають',
      unknownQuestion: 'Такого запитання тут немає',
      answer: (question: string) => `Дайте відповідь: ${question}`,
      oneAnswer: 'Оберіть одну відповідь',
      fromList: 'Оберіть відповідь зі списку',
      number: 'Введіть число, наприклад 12 або 12,5',
      datetime: 'Введіть дату й час, наприклад 2026-11-24T10:30',
    },
  },
  {
    en: {
      limits: {
        network: (count, phone) =>
          `From your network ${sent(count)} within an hour without signing in. Call ${phone}`,
        contact: (count, phone) => `With this contact ${sent(count)} within a day. Call ${phone}`,
        account: (count, phone) => `From your account ${sent(count)} within a day. Call ${phone}`,
      },
      faults: {
        category: 'Choose what has happened',
        retired: (successor) => `This kind of report is no longer used; choose “${successor}”`,
        textTooLong: (limit) => `The description is too long: at most ${limit} characters`,
        essence: 'Describe the essence of the appeal',
        holdReason: 'Give the ground: the number of a case, a decision or a demand',
        told: 'Write down what the caller told',
        wayToAnswer: 'Give an e-mail or a phone: where the answer is to be sent',
        appealKind: 'Choose the kind of appeal',
        appealAbout: 'Choose a body from the list',
        answerPart: 'Fill this in: the written answer is incomplete without it',
        reason: 'Give the reason: the applicant will be told',
        destination: 'Say to whom the appeal was handed',
        missing: 'Explain what the appeal lacks',
        place: 'Say where: an address or a point on the map',
        building: 'Choose the building from the list or type the address',
        asset: 'The register of the city has no such object',
        outside: 'This point is outside the city; check the address or the coordinates',
        swapped: 'Latitude and longitude seem to stand in each other’s place; swap them',
        flat: 'Give the flat number: without it the crew cannot reach you',
        name: 'Give your name: by law an appeal without it is not considered',
        residence: 'Give your place of residence: by law an appeal without it is not considered',
        unknownQuestion: 'There is no such question here',
        answer: (question) => `Answer the question: ${question}`,
        oneAnswer: 'Choose one answer',
        fromList: 'Choose an answer from the list',
        number: 'Enter a number, such as 12 or 12.5',
        datetime: 'Enter date and time, such as 2026-11-24T10:30',
      },
    },
  },
);
