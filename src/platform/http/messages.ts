import { messages } from '../i18n/index.ts';

export const httpText = messages(
  {
    user: 'Мій запис',
    cabinet: 'Кабінет',
    desk: 'Робоче місце',
    sessions: 'Мої сеанси',
    requestId: 'Номер запиту для служби підтримки',
    phones: 'Телефонуйте, якщо не можна чекати',
    problems: {
      'not-found': {
        title: 'Сторінку не знайдено',
        advice: 'Перевірте адресу або почніть із головної сторінки. Можливо, сторінку перенесли чи вилучили.',
      },
      forbidden: {
        title: 'Ця дія вам недоступна',
        advice: 'Якщо вона потрібна вам для роботи, зверніться до адміністратора.',
      },
      'sign-in-needed': { title: 'Потрібно увійти', advice: 'Увійдіть і спробуйте ще раз.' },
      invalid: { title: 'Дані містять помилки', advice: 'Поверніться до форми та виправте їх.' },
      conflict: {
        title: 'Дані вже змінилися',
        advice: 'Поки ви працювали, це змінили. Відкрийте сторінку ще раз і перевірте.',
      },
      'stale-form': {
        title: 'Форма застаріла',
        advice: 'Поверніться, оновіть сторінку та надішліть форму ще раз. Введене залишиться у формі.',
      },
      'too-large': { title: 'Завеликий запит', advice: 'Зменште файли або надішліть їх частинами.' },
      'too-many': {
        title: 'Забагато запитів',
        advice: 'Зачекайте трохи та спробуйте ще раз.',
      },
      'database-away': {
        title: 'Тимчасово не працюємо',
        advice: 'Уже відновлюємо роботу. Спробуйте за кілька секунд: надіслане й підтверджене збережено.',
      },
      'disk-full': {
        title: 'Зараз нічого не можна зберегти',
        advice:
          'На сервері закінчилося місце, ми вже знаємо про це. Читати сторінки можна. Не закривайте форму: надішліть її ще раз за кілька хвилин.',
      },
      'mail-away': {
        title: 'Лист не пішов',
        advice: 'Поштовий сервер зараз не відповідає. Поверніться й спробуйте ще раз за хвилину.',
      },
      'city-empty': {
        title: 'Місто ще готується',
        advice:
          'Служба встановлена, але даних міста (підприємств, категорій, районів) ще немає. Їх вносить той, хто запускає місто; далі все змінюється на сторінках адміністратора.',
      },
      'unconfirmed-law': {
        title: 'Послуга ще не відкрита',
        advice:
          'Юрист міста ще не підтвердив строк, за яким вона працює. Зверніться до контакт-центру міста.',
      },
      internal: {
        title: 'Сталася помилка з нашого боку',
        advice: 'Спробуйте ще раз. Якщо не допоможе, повідомте номер запиту службі підтримки.',
      },
    },
  },
  {
    en: {
      user: 'My account',
      cabinet: 'My account',
      desk: 'Staff desk',
      sessions: 'My sessions',
      requestId: 'Request number for support',
      phones: 'Call if it cannot wait',
      problems: {
        'not-found': {
          title: 'Page not found',
          advice: 'Check the address or begin with the start page. The page may have been moved or removed.',
        },
        forbidden: {
          title: 'You may not do this',
          advice: 'If your work needs it, ask the administrator.',
        },
        'sign-in-needed': { title: 'Sign in first', advice: 'Sign in and try again.' },
        invalid: { title: 'The data has errors', advice: 'Go back to the form and correct them.' },
        conflict: {
          title: 'The data has changed',
          advice: 'It was changed while you worked. Open the page again and check.',
        },
        'stale-form': {
          title: 'The form is out of date',
          advice: 'Go back, reload the page and send the form again. What you typed stays in the form.',
        },
        'too-large': {
          title: 'The request is too large',
          advice: 'Make the files smaller or send them in parts.',
        },
        'too-many': { title: 'Too many requests', advice: 'Wait a little and try again.' },
        'database-away': {
          title: 'Out of service for a moment',
          advice: 'We are bringing it back. Try in a few seconds: what was sent and confirmed is stored.',
        },
        'disk-full': {
          title: 'Nothing can be saved right now',
          advice:
            'The server has run out of room, and we know of it already. Pages can be read. Keep the form open and send it again in a few minutes.',
        },
        'mail-away': {
          title: 'The letter did not go out',
          advice: 'The mail server does not answer now. Go back and try again in a minute.',
        },
        'city-empty': {
          title: 'This city is not ready yet',
          advice:
            'The service is installed, but the data of the city (enterprises, categories, districts) is not there. Whoever starts the city brings it in; from then on the administrator’s pages change it.',
        },
        'unconfirmed-law': {
          title: 'The service is not open yet',
          advice: 'A lawyer of the city has yet to confirm the term it works by. Turn to the contact centre.',
        },
        internal: {
          title: 'An error on our side',
          advice: 'Try again. If it does not help, tell support the request number.',
        },
      },
    },
  },
);

export type ProblemName = keyof ReturnType<typeof httpText>['problems'];
