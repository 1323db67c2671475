import type { Context } from 'hono';
import { page } from '#platform/http/page.tsx';
import { localPath } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Actions, Confirmation, LinkButton, Notice, SummaryList } from '#ui/index.ts';
import { whyOf } from '../../why.ts';
import { findDraft, unseal } from '../draft.ts';
import { here } from '../kit.tsx';
import { ownRequest } from '../reads.ts';
import { shownNumber } from '../text.ts';
import { reportText } from './text.ts';

/** `/report/done`: the receipt, shown again on reload to the browser that sent the report. */
export function done(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const draft = await findDraft(c, platform.db, platform.clock.now());
    const found = draft?.receipt && (await ownRequest(platform.db, at.language, draft.receipt.number));
    if (!draft?.receipt || !found) return c.redirect(at.href('/report'), 303);
    const { receipt } = draft;
    const words = reportText(at.language);
    const follow = receipt.sealed && at.href(`/follow/${unseal(draft, receipt.sealed)}`);
    const why = receipt.joined ? null : await whyOf(platform.db, found.number, at.language);
    return page(
      c,
      { title: words.receipt.title, private: true, index: false },
      <>
        <Confirmation
          title={receipt.joined ? words.nearby.joined : words.receipt.title}
          label={words.receipt.number}
          number={shownNumber(found.number)}
        />
        <SummaryList
          rows={[
            { name: words.receipt.executor, value: found.organisationName ?? words.receipt.noExecutor },
            { name: words.receipt.due, value: found.due ? at.time(found.due) : at.text.noDue },
            ...(why ? [{ name: words.receipt.why, value: why }] : []),
          ]}
        />
        {follow && (
          <Notice title={words.receipt.link}>
            <p>{words.receipt.linkHint}</p>
            <p>
              <a href={follow} class="break">
                {c.var.visit.origin}
                {follow}
              </a>
            </p>
          </Notice>
        )}
        <Actions>
          {follow && <LinkButton href={follow}>{words.receipt.open}</LinkButton>}
          <LinkButton look="secondary" href={localPath(at.language, '/contact-centre/report')}>
            {words.receipt.again}
          </LinkButton>
        </Actions>
      </>,
    );
  };
}
