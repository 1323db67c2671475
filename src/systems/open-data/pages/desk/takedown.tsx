import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { z } from 'zod';
import { type FieldFault, Forbidden } from '#platform/errors.ts';
import { readForm } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import { messages } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Breadcrumbs,
  Button,
  ErrorSummary,
  Form,
  LinkButton,
  Notice,
  PageHead,
  Select,
  SummaryList,
  TextArea,
} from '#ui/index.ts';
import { isOfficer, permission } from '../../permissions.ts';
import { lookAtTakedown, takeDown } from '../../takedown.ts';
import { here } from '../kit.tsx';
import { crumbs } from './fixing.tsx';
import { ownResource } from './own.ts';
import { deskText } from './text.ts';

const text = messages(
  {
    title: 'Вилучити назавжди',
    lead: 'Для того, чого не можна було оприлюднювати. Зникають рядки, файли, Parquet, звіти й усе, що знає пошук; лишається публічна позначка з датою й причиною.',
    what: 'Що вилучити',
    all: 'усе: кожну версію і файл',
    version: (n: string) => `версію ${n}`,
    reason: 'Причина',
    reasonHint: 'Її побачать усі. Не повторюйте самих даних.',
    look: 'Переглянути, що зникне',
    explain: 'Поясніть докладніше: хоча б десять знаків',
    check: 'Перевірте, перш ніж вилучити',
    versions: 'Версії',
    none: 'жодної: лише файл',
    served: 'Те, що видно зараз',
    servedYes: 'зникне: ресурс лишиться порожнім до наступного файлу',
    servedNo: 'лишається',
    elsewhere: 'Той самий файл є ще тут і там лишиться',
    act: 'Вилучити назавжди',
    back: 'Ні, повернутися',
    never: 'Повернути вилучене не можна.',
  },
  {
    en: {
      title: 'Take down for good',
      lead: 'For what must not have been published. Rows, files, Parquet, reports and all that the search knows go; a public mark with the day and the reason stays.',
      what: 'What to take down',
      all: 'all: every version and the file',
      version: (n) => `version ${n}`,
      reason: 'Reason',
      reasonHint: 'Everybody will see it. Do not repeat the data.',
      look: 'See what will go',
      explain: 'Say more: ten characters at least',
      check: 'Check before it goes',
      versions: 'Versions',
      none: 'none: only the file',
      served: 'What is served now',
      servedYes: 'goes: the resource stays empty until the next file',
      servedNo: 'stays',
      elsewhere: 'The same file is here as well and stays there',
      act: 'Take down for good',
      back: 'No, go back',
      never: 'What was taken down cannot be brought back.',
    },
  },
);

/** `/open-data/desk/resource/{id}/takedown`: the officer says what and why, sees what will go, and lets it go. */
export const takedown = (platform: Platform) => (c: Context<MistoEnv>) => ask(platform, c);

export function takedownAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    mustBeOfficer(c);
    const at = here(c);
    const words = text(at.language);
    const resource = await ownResource(platform, c, c.req.param('resource')!);
    const { faults, values } = await readForm(c, z.object({}));
    const { act, version: which = '' } = values;
    const version = /^\d{1,9}$/.test(which) ? Number(which) : null;
    const reason = (values.reason ?? '').slice(0, 1_000);
    if (faults.length > 0) return ask(platform, c, { faults, reason, which });
    if (reason.length < 10)
      return ask(platform, c, { faults: [{ field: 'reason', message: words.explain }], reason, which });
    const { actor } = c.var.visit;
    if (act === 'do') {
      await platform.work(actor, (work) => takeDown(work, resource.id, { version, reason }));
      return c.redirect(at.href(`/dataset/${resource.dataset.name}/resource/${resource.id}`), 303);
    }
    const look = await lookAtTakedown(platform.db, { actor }, resource.id, version);
    return page(
      c,
      { title: words.check, shell: 'desk' },
      <>
        <Breadcrumbs items={crumbs(at.href, deskText(at.language).desk, resource)} />
        <PageHead title={words.check} kicker={resource.name} />
        <SummaryList
          rows={[
            {
              name: words.versions,
              value:
                look.versions.length > 0 ? look.versions.map((n) => at.number(n)).join(', ') : words.none,
            },
            { name: words.served, value: look.served ? words.servedYes : words.servedNo },
            { name: words.reason, value: reason },
            ...(look.elsewhere.length > 0
              ? [
                  {
                    name: words.elsewhere,
                    value: look.elsewhere.map((one, n) => (
                      <span key={one.resource}>
                        {n > 0 && ', '}
                        <a href={at.href(`/desk/resource/${one.resource}/takedown`)}>{one.dataset}</a>
                      </span>
                    )),
                  },
                ]
              : []),
          ]}
        />
        <Notice tone="danger">
          <p>{words.never}</p>
        </Notice>
        <Form
          action={at.href(`/desk/resource/${resource.id}/takedown`)}
          csrf={c.var.visit.csrfToken()}
          hidden={{ act: 'do', version: which, reason }}
          label={words.act}
        >
          <Actions>
            <Button look="danger">{words.act}</Button>
            <LinkButton look="quiet" href={at.href(`/desk/resource/${resource.id}/takedown`)}>
              {words.back}
            </LinkButton>
          </Actions>
        </Form>
      </>,
    );
  };
}

function mustBeOfficer(c: Context<MistoEnv>): void {
  if (!isOfficer(c.var.visit.actor)) throw new Forbidden(permission('administer'));
}

async function ask(
  platform: Platform,
  c: Context<MistoEnv>,
  given: { faults?: readonly FieldFault[]; reason?: string; which?: string } = {},
) {
  mustBeOfficer(c);
  const at = here(c);
  const words = text(at.language);
  const resource = await ownResource(platform, c, c.req.param('resource')!);
  const { rows } = await platform.db.execute<{ n: number }>(
    sql`select n from od_version where resource = ${resource.id} and taken_down_at is null order by n desc limit 500`,
  );
  const { faults = [] } = given;
  return page(
    c,
    { title: words.title, shell: 'desk', faults },
    <>
      <Breadcrumbs items={crumbs(at.href, deskText(at.language).desk, resource)} />
      <PageHead title={words.title} kicker={resource.name} lead={words.lead} />
      <ErrorSummary faults={faults} />
      <Form
        action={at.href(`/desk/resource/${resource.id}/takedown`)}
        csrf={c.var.visit.csrfToken()}
        faults={faults}
        hidden={{ act: 'look' }}
      >
        <Select
          name="version"
          label={words.what}
          options={[
            { value: '', label: words.all },
            ...rows.map(({ n }) => ({ value: String(n), label: words.version(at.number(n)) })),
          ]}
          value={given.which ?? ''}
        />
        <TextArea
          name="reason"
          label={words.reason}
          hint={words.reasonHint}
          value={given.reason ?? ''}
          rows={3}
          required
        />
        <Actions>
          <Button look="danger">{words.look}</Button>
        </Actions>
      </Form>
    </>,
  );
}
