import { z } from 'zod';
import { attempt, readForm } from '#platform/http/forms.ts';
import { messages } from '#platform/i18n/index.ts';
import { mustProve, proofs } from '#platform/identity/proof.ts';
import {
  Actions,
  Badge,
  Button,
  Empty,
  ErrorSummary,
  type Fault,
  Form,
  Notice,
  PageHead,
  Radios,
  Section,
  Select,
  Table,
  TextInput,
} from '#ui/index.ts';
import { keysOf, type ListedKey, makeKey, revokeKey } from '../../../api/keys.ts';
import { readCity } from '../../../city.ts';
import { type CityDesk, CityForm, cityPage } from './kit.tsx';

const text = messages(
  {
    title: 'Ключі Open311',
    lead: 'Ключ потрібен програмі, щоб надсилати заявки. Читати можна без нього.',
    ready: 'Ключ створено. Скопіюйте його зараз: більше його не покажемо.',
    list: 'Видані ключі',
    none: 'Ключів ще немає',
    noneWhy: 'Створіть перший нижче.',
    label: 'Чий це ключ',
    labelHint: 'Назва застосунку або системи підприємства',
    kind: 'Для чого',
    kinds: { app: 'Застосунок для мешканців', agency: 'Система підприємства' },
    hints: {
      app: 'Надсилає заявки від імені своїх користувачів',
      agency: 'Діє як диспетчер підприємства: приймає заявки й змінює їхній стан',
    },
    organisation: 'Підприємство',
    organisationHint: 'Лише для системи підприємства',
    organisationNeeded: 'Оберіть підприємство для його системи; застосунку воно не потрібне',
    choose: 'Оберіть',
    made: 'Видано',
    used: 'Востаннє вжито',
    never: 'ще ні',
    state: 'Стан',
    works: 'діє',
    revoked: (when: string) => `відкликано ${when}`,
    revoke: 'Відкликати',
    create: 'Новий ключ',
    fill: 'Заповніть це поле',
  },
  {
    en: {
      title: 'Open311 keys',
      lead: 'A program needs a key to send requests in. Reading needs none.',
      ready: 'The key is made. Copy it now: it is not shown again.',
      list: 'Keys given out',
      none: 'There are no keys yet',
      noneWhy: 'Make the first one below.',
      label: 'Whose key it is',
      labelHint: 'Name of the app or of the enterprise’s system',
      kind: 'What for',
      kinds: { app: 'An app for residents', agency: 'A system of an enterprise' },
      hints: {
        app: 'Sends requests in for its users',
        agency: 'Acts as the dispatcher of the enterprise: takes requests and changes their state',
      },
      organisation: 'Enterprise',
      organisationHint: 'For a system of an enterprise only',
      organisationNeeded: 'Choose the enterprise of the system; an app has none',
      choose: 'Choose',
      made: 'Given out',
      used: 'Last used',
      never: 'not yet',
      state: 'State',
      works: 'works',
      revoked: (when) => `withdrawn ${when}`,
      revoke: 'Withdraw',
      create: 'New key',
      fill: 'Fill in this field',
    },
  },
);

interface Drawn {
  readonly faults?: readonly Fault[];
  readonly values?: Readonly<Record<string, string>>;
  /** A key that was just made. */
  readonly key?: string;
}

/** `/desk/administrator/open311-keys`: who may write by Open311. */
export const keysPage = (desk: CityDesk): Promise<Response> => draw(desk, {});

/** Makes a key and shows it this once. */
export async function keysAct(desk: CityDesk): Promise<Response> {
  const words = text(desk.at.language);
  const form = await readForm(
    desk.c,
    z.object({
      label: z.string().min(1, words.fill).max(100, words.fill),
      kind: z.enum(['app', 'agency'], words.fill),
      organisation: z.string().max(60).optional(),
    }),
  );
  const { values } = form;
  if (!form.data) return draw(desk, { faults: form.faults, values });
  const { label, kind, organisation } = form.data;
  const wrong = [{ field: 'organisation', message: words.organisationNeeded }];
  const city = await readCity(desk.platform.db);
  if (organisation && !city.organisations.has(organisation)) return draw(desk, { faults: wrong, values });
  mustProve(desk.c, desk.platform, proofs.keys);
  const made = await attempt(() =>
    desk.run((work) => makeKey(work, { label, kind, ...(organisation ? { organisation } : {}) })),
  );
  return draw(desk, made.done ? { key: made.result.key } : { faults: wrong, values });
}

/** Withdraws a key. */
export async function keyRevoke(desk: CityDesk): Promise<Response> {
  await desk.run((work) => revokeKey(work, desk.c.req.param('id') ?? ''));
  return desk.c.redirect(desk.href('/open311-keys'), 303);
}

async function draw(desk: CityDesk, { faults = [], values = {}, key }: Drawn): Promise<Response> {
  const { at, platform, c } = desk;
  const words = text(at.language);
  const [keys, city] = await Promise.all([keysOf(platform.db), readCity(platform.db)]);
  const csrf = c.var.visit.csrfToken();
  const nameOf = (id: string) => city.known.organisations.get(id)?.name[at.language] ?? id;
  return cityPage(
    desk,
    { title: words.title, trail: [], faults },
    <>
      <ErrorSummary faults={faults} />
      <PageHead title={words.title} lead={words.lead} />
      {key && (
        <Notice tone="good" live>
          <p>{words.ready}</p>
          <p class="mono">{key}</p>
        </Notice>
      )}
      <Table
        caption={words.list}
        quietCaption
        rows={keys}
        rowKey={(one) => one.id}
        empty={
          <Empty title={words.none}>
            <p>{words.noneWhy}</p>
          </Empty>
        }
        columns={[
          { key: 'label', title: words.label, header: true, cell: (one: ListedKey) => one.label },
          {
            key: 'kind',
            title: words.kind,
            cell: (one) => (one.organisation ? nameOf(one.organisation) : words.kinds[one.kind]),
          },
          { key: 'made', title: words.made, nowrap: true, cell: (one) => at.date(one.madeAt) },
          {
            key: 'used',
            title: words.used,
            nowrap: true,
            cell: (one) => (one.usedOn ? at.date(one.usedOn) : words.never),
          },
          {
            key: 'state',
            title: words.state,
            cell: (one) =>
              one.revokedAt ? (
                <Badge>{words.revoked(at.date(one.revokedAt))}</Badge>
              ) : (
                <Form action={desk.href(`/open311-keys/${one.id}/revoke`)} csrf={csrf}>
                  <Badge tone="good">{words.works}</Badge>{' '}
                  <Button look="secondary" size="small">
                    {words.revoke} <span class="visually-hidden">{one.label}</span>
                  </Button>
                </Form>
              ),
          },
        ]}
      />
      <Section title={words.create}>
        <CityForm desk={desk} action={desk.href('/open311-keys')} faults={faults}>
          <TextInput name="label" label={words.label} hint={words.labelHint} value={values.label} />
          <Radios
            name="kind"
            label={words.kind}
            value={values.kind ?? 'app'}
            options={(['app', 'agency'] as const).map((kind) => ({
              value: kind,
              label: words.kinds[kind],
              hint: words.hints[kind],
            }))}
          />
          <Select
            name="organisation"
            label={words.organisation}
            hint={words.organisationHint}
            required={false}
            value={values.organisation}
            options={[
              { value: '', label: words.choose },
              ...[...city.organisations.values()].map(({ id, name }) => ({
                value: id,
                label: name[at.language],
              })),
            ]}
          />
          <Actions>
            <Button>{words.create}</Button>
          </Actions>
        </CityForm>
      </Section>
    </>,
  );
}
