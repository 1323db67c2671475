import type { Context } from 'hono';
import { Refusal } from '#platform/errors.ts';
import { localPath, messages } from '#platform/i18n/index.ts';
import { mailerOf } from '#platform/notify/kept.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Actions, LinkButton, Notice } from '#ui/index.ts';
import { overIntakeLimit } from '../intake-limits.ts';
import { type Here, queryString } from './kit.tsx';

const words = messages(
  {
    title: 'Більше заявок звідси зараз надіслати не можна',
    kept: 'Усе введене збережено.',
    orSignIn: 'Або увійдіть за кодом із листа й надішліть ще раз.',
    signIn: 'Увійти за кодом',
    newTab: 'Вхід відкриється в новій вкладці. Увійшовши, поверніться сюди й надішліть ще раз.',
    call: (phone: string) => `Зателефонувати ${phone}`,
  },
  {
    en: {
      title: 'No more reports can be sent from here for now',
      kept: 'All that you typed is kept.',
      orSignIn: 'Or sign in by a code from a letter and send again.',
      signIn: 'Sign in by a code',
      newTab: 'Signing in opens in a new tab. When you have signed in, come back here and send again.',
      call: (phone) => `Call ${phone}`,
    },
  },
);

/** The refusal of a report past the limits of intake; null for any other error. */
export function overLimitOf(error: unknown): Refusal | null {
  return error instanceof Refusal && error.code === overIntakeLimit ? error : null;
}

/** Status and header of the page that shows `OverLimit`. */
export function answerOverLimit(c: Context<MistoEnv>, refusal: Refusal): 429 {
  c.header('retry-after', String(refusal.detail.retryAfter));
  return 429;
}

/**
 * What to do past the limits of intake: a code or the telephone.
 *
 * @param props.back page to come to after signing in; without one it opens in a tab of its own, beside what was typed.
 */
export function OverLimit(props: {
  platform: Platform;
  at: Here;
  refusal: Refusal;
  phone: string;
  back?: string;
}) {
  const { at, refusal, phone, back } = props;
  const t = words(at.language);
  const signIn = localPath(at.language, '/sign-in') + queryString({ back });
  // Without mail no code can come, and who has signed in needs none.
  const byCode = refusal.detail.by !== 'account' && mailerOf(props.platform) !== null;
  return (
    <Notice tone="warning" title={t.title} live>
      <p>
        {refusal.message}. {byCode && t.orSignIn} {byCode && !back && t.newTab} {t.kept}
      </p>
      <Actions>
        {byCode && (
          <LinkButton href={signIn} {...(back ? {} : { target: '_blank' as const })}>
            {t.signIn}
          </LinkButton>
        )}
        <LinkButton look="secondary" href={`tel:${phone.replaceAll(/[^\d+]/g, '')}`}>
          {t.call(phone)}
        </LinkButton>
      </Actions>
    </Notice>
  );
}
