import { Hono } from 'hono';
import { BackLink, PageHead, SummaryList } from '#ui/index.ts';
import { page } from '../http/page.tsx';
import { localPath, messages } from '../i18n/index.ts';
import type { MistoEnv, Platform } from '../system.ts';
import { platformPurposes } from './purposes.ts';

export const purposeText = messages(
  {
    title: 'Реєстр цілей',
    lead: 'Навіщо місто обробляє персональні дані, на якій підставі та доки зберігає. Кожне поле кожної форми служить одній із цих цілей.',
    ground: 'Підстава',
    categories: 'Які дані',
    recipients: 'Кому передаємо',
    retention: 'Скільки зберігаємо',
    owner: 'Хто відповідає',
  },
  {
    en: {
      title: 'Register of purposes',
      lead: 'What the city processes personal data for, on what ground, and how long it keeps them. Every field of every form serves one of these purposes.',
      ground: 'Ground',
      categories: 'Which data',
      recipients: 'Who gets them',
      retention: 'How long kept',
      owner: 'Who answers for it',
    },
  },
);

/** The public register of purposes. Mounted at `/`. */
export function purposePages(platform: Platform): Hono<MistoEnv> {
  const pages = new Hono<MistoEnv>();
  pages.get('/privacy/purposes', (c) => {
    const { language } = c.var.visit;
    const text = purposeText(language);
    const all = [platformPurposes, ...platform.systems.flatMap(({ purposes }) => purposes ?? [])];
    return page(c, { title: text.title, width: 'wide' }, [
      <BackLink href={localPath(language, '/privacy')} />,
      <PageHead title={text.title} lead={text.lead} />,
      ...all
        .flatMap(({ purposes }) => purposes)
        .map((purpose) => (
          <section aria-labelledby={purpose.code}>
            <h2 id={purpose.code}>{purpose.title[language]}</h2>
            <SummaryList
              rows={(['ground', 'categories', 'recipients', 'retention', 'owner'] as const).map((name) => ({
                name: text[name],
                value: purpose[name][language],
              }))}
            />
          </section>
        )),
    ]);
  });
  return pages;
}
