import type { Context } from 'hono';
import { z } from 'zod';
import type { FieldFault } from '#platform/errors.ts';
import { readForm } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Breadcrumbs,
  Button,
  Card,
  Checkboxes,
  DateInput,
  Details,
  Empty,
  Form,
  fieldId,
  Notice,
  PageHead,
  Section,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import { Absent, Faulty } from '../../../faults.ts';
import { assign, signNotApplicable } from '../../../obligations/assignments.ts';
import { type Board, type Cell, readBoard } from '../../../obligations/board.ts';
import {
  findObligation,
  type Obligation,
  type ObligationInput,
  putObligation,
} from '../../../obligations/obligations.ts';
import { type Here, here } from '../../kit.tsx';
import { StateBadge, validityOf } from './kit.tsx';
import { type BoardText, boardText } from './text.ts';

/** Faults of a form in the words of the page. */
export function faultsIn(own: BoardText, error: unknown): FieldFault[] {
  if (!(error instanceof Faulty)) throw error;
  return Object.keys(error.fields).map((field) => ({
    field,
    message: own.faults[field] ?? error.message,
  }));
}

const text = z.string().max(2_000).default('');
const fields = z.object({
  code: text,
  title: text,
  groupUk: text,
  groupEn: text,
  appendix: text,
  validFrom: text,
  validTo: text,
});

const inputOf = (one: Obligation): ObligationInput => ({
  code: one.code,
  title: one.title,
  groupUk: one.group.uk,
  groupEn: one.group.en,
  appendix: one.appendix === null ? '' : String(one.appendix),
  validFrom: one.validFrom,
  validTo: one.validTo ?? '',
});

/** `/open-data/board/obligations/new` */
export const newObligation = () => (c: Context<MistoEnv>) => drawNew(c);

function drawNew(
  c: Context<MistoEnv>,
  faults: readonly FieldFault[] = [],
  values: Partial<ObligationInput> = {},
) {
  const at = here(c);
  const own = boardText(at.language);
  return page(
    c,
    { title: own.add, shell: 'desk', faults },
    <>
      <Trail at={at} own={own} />
      <PageHead title={own.add} />
      <Fields
        at={at}
        own={own}
        action={at.href('/board/obligations/new')}
        csrf={c.var.visit.csrfToken()}
        faults={faults}
        values={values}
      />
    </>,
  );
}

/** `/open-data/board/obligations/{id}`: its words and dates, who answers for it, and what does not concern whom. */
export const obligation = (platform: Platform) => (c: Context<MistoEnv>) => draw(platform, c);

/** A new obligation, or other words and dates for one. */
export function obligationAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = boardText(at.language);
    const form = await readForm(c, fields);
    const id = c.req.param('id') ?? null;
    const again = (faults: readonly FieldFault[]) =>
      id === null ? drawNew(c, faults, form.values) : draw(platform, c, { faults, values: form.values });
    if (!form.data) return again(form.faults);
    const { data } = form;
    try {
      const put = await platform.work(c.var.visit.actor, (work) => putObligation(work, id, data));
      return c.redirect(at.href(`/board/obligations/${put}`, { saved: 1 }), 303);
    } catch (error) {
      return again(faultsIn(own, error));
    }
  };
}

/** Which units answer for it. */
export function unitsAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const { data } = await readForm(c, z.object({ units: z.array(z.string()) }));
    if (!data) throw new Absent();
    const one = await findObligation(platform.db, c.req.param('id')!);
    await platform.work(c.var.visit.actor, (work) => assign(work, one.code, data.units));
    return c.redirect(at.href(`/board/obligations/${one.id}`, { saved: 1 }), 303);
  };
}

/** The officer signs that it does not concern a unit, or takes that back. */
export function signAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = boardText(at.language);
    const form = await readForm(
      c,
      z.object({ organisation: z.string(), reason: text, act: z.enum(['sign', 'revoke']) }),
    );
    if (!form.data) throw new Absent();
    const { organisation, reason, act } = form.data;
    const one = await findObligation(platform.db, c.req.param('id')!);
    try {
      await platform.work(c.var.visit.actor, (work) =>
        signNotApplicable(work, { code: one.code, organisation }, act === 'sign' ? reason : null),
      );
    } catch (error) {
      const faults = faultsIn(own, error).map((fault) => ({ ...fault, field: `reason-${organisation}` }));
      return draw(platform, c, { faults, values: { [`reason-${organisation}`]: reason } });
    }
    return c.redirect(at.href(`/board/obligations/${one.id}`, { saved: 1 }), 303);
  };
}

async function draw(
  platform: Platform,
  c: Context<MistoEnv>,
  given: { faults?: readonly FieldFault[]; values?: Readonly<Record<string, string>> } = {},
) {
  const at = here(c);
  const own = boardText(at.language);
  const { faults = [], values = {} } = given;
  const [one, whole] = await Promise.all([
    findObligation(platform.db, c.req.param('id')!),
    readBoard(platform.db, platform.clock.now()),
  ]);
  const cells = whole.cells.filter((cell) => cell.obligation.id === one.id && cell.unit !== null);
  const action = at.href(`/board/obligations/${one.id}`);
  const csrf = c.var.visit.csrfToken();
  return page(
    c,
    { title: one.title, shell: 'desk', width: 'wide', faults },
    <>
      <Trail at={at} own={own} />
      <PageHead
        title={one.title}
        kicker={
          <>
            <span class="mono">{one.code}</span> · {validityOf(at, own, one)}
          </>
        }
        lead={one.appendix === null ? own.free : `${own.appendix} ${one.appendix}`}
      />
      {c.req.query('saved') !== undefined && (
        <Notice tone="good" live>
          <p>{own.saved}</p>
        </Notice>
      )}
      <Section title={own.assigned} lead={own.notApplicableLead}>
        {cells.length === 0 ? (
          <Empty title={own.nobodyAssigned}>
            <p>{own.nobodyAssignedWhy}</p>
          </Empty>
        ) : (
          cells.map((cell) => (
            <UnitCard
              key={cell.unit!.id}
              at={at}
              own={own}
              cell={cell}
              action={`${action}/not-applicable`}
              csrf={csrf}
              faults={faults}
              typed={values[`reason-${cell.unit!.id}`]}
            />
          ))
        )}
      </Section>
      <Section title={own.whoAnswers}>
        <Assign own={own} whole={whole} cells={cells} action={`${action}/units`} csrf={csrf} />
      </Section>
      <Details summary={own.change} open={faults.some((fault) => !fault.field.startsWith('reason-'))}>
        <Fields
          at={at}
          own={own}
          action={action}
          csrf={csrf}
          faults={faults}
          values={{ ...inputOf(one), ...values }}
        />
      </Details>
    </>,
  );
}

function Trail(props: { at: Here; own: BoardText }) {
  const { at, own } = props;
  return (
    <Breadcrumbs
      items={[
        { title: own.board, href: at.href('/board') },
        { title: own.obligations, href: at.href('/board/obligations') },
      ]}
    />
  );
}

function UnitCard(props: {
  at: Here;
  own: BoardText;
  cell: Cell;
  action: string;
  csrf: string;
  faults: readonly FieldFault[];
  typed: string | undefined;
}) {
  const { at, own, cell } = props;
  const unit = cell.unit!;
  const field = `reason-${unit.id}`;
  const error = props.faults.find((fault) => fault.field === field)?.message;
  const { notApplicable } = cell;
  return (
    <Card
      title={unit.title}
      href={at.href('/board', { unit: unit.name })}
      aside={<StateBadge own={own} state={cell.state} />}
    >
      {cell.datasets.map((one) => (
        <p key={one.name}>
          <a href={at.href(`/dataset/${one.name}`)}>{one.title}</a>
        </p>
      ))}
      {notApplicable && (
        <>
          <p>{notApplicable.reason}</p>
          <p class="muted">{own.signed(notApplicable.by, at.date(notApplicable.at))}</p>
          <Form
            action={props.action}
            csrf={props.csrf}
            hidden={{ organisation: unit.id, act: 'revoke' }}
            label={`${own.revoke}: ${unit.title}`}
          >
            <Button type="submit" look="secondary" size="small">
              {own.revoke}
            </Button>
          </Form>
        </>
      )}
      {!notApplicable && cell.datasets.length === 0 && (
        <Details summary={own.notApplicable} open={error !== undefined}>
          <Form
            action={props.action}
            csrf={props.csrf}
            hidden={{ organisation: unit.id, act: 'sign' }}
            label={`${own.notApplicable}: ${unit.title}`}
          >
            <TextArea
              name="reason"
              id={fieldId(field)}
              label={own.reason}
              rows={2}
              value={props.typed}
              {...(error ? { error } : {})}
            />
            <Button type="submit" look="secondary">
              {own.sign}
            </Button>
          </Form>
        </Details>
      )}
    </Card>
  );
}

function Assign(props: {
  own: BoardText;
  whole: Board;
  cells: readonly Cell[];
  action: string;
  csrf: string;
}) {
  const { own, whole } = props;
  if (whole.units.length === 0)
    return (
      <Empty title={own.noUnits}>
        <p>{own.noUnitsWhy}</p>
      </Empty>
    );
  return (
    <Form action={props.action} csrf={props.csrf}>
      <Checkboxes
        name="units"
        label={own.whoAnswersHint}
        options={whole.units.map((unit) => ({ value: unit.id, label: unit.title }))}
        values={props.cells.map((cell) => cell.unit!.id)}
      />
      <Actions>
        <Button type="submit">{own.save}</Button>
      </Actions>
    </Form>
  );
}

function Fields(props: {
  at: Here;
  own: BoardText;
  action: string;
  csrf: string;
  faults: readonly FieldFault[];
  values: Partial<ObligationInput>;
}) {
  const { own, values } = props;
  return (
    <Form action={props.action} csrf={props.csrf} faults={props.faults}>
      <TextInput name="code" label={own.code} hint={own.codeHint} value={values.code ?? ''} width="s" />
      <TextArea name="title" label={own.title} value={values.title ?? ''} rows={3} />
      <TextInput name="groupUk" label={own.groupUk} value={values.groupUk ?? ''} />
      <TextInput name="groupEn" label={own.groupEn} value={values.groupEn ?? ''} />
      <TextInput
        name="appendix"
        label={own.appendix}
        hint={own.appendixHint}
        value={values.appendix ?? ''}
        inputmode="numeric"
        width="xs"
        required={false}
      />
      <DateInput name="validFrom" label={own.validFrom} value={values.validFrom ?? ''} />
      <DateInput
        name="validTo"
        label={own.validTo}
        hint={own.validToHint}
        value={values.validTo ?? ''}
        required={false}
      />
      <Actions>
        <Button type="submit">{own.save}</Button>
      </Actions>
    </Form>
  );
}
