import { randomUUID } from 'node:crypto';
import type { FieldFault } from '#platform/errors.ts';
import { Actions, Badge, Button, Details, Form, Section, SummaryList, TextInput } from '#ui/index.ts';
import type { LegalHold } from '../../../legal-holds.ts';
import type { DeskHere } from '../kit.tsx';
import { holdText } from './hold-text.ts';

export const holdField = 'hold-reason';

/** The legal hold of a request, for whoever may put and lift it. */
export function HoldSection(props: {
  at: DeskHere;
  hold: LegalHold | null;
  csrf: string;
  action: string;
  listHref: string;
  typed: Readonly<Record<string, string>>;
  faults: readonly FieldFault[];
  open: boolean;
}) {
  const { at, hold } = props;
  const own = holdText(at.language);
  const form = (
    <Form
      action={props.action}
      csrf={props.csrf}
      idempotencyKey={randomUUID()}
      faults={props.faults}
      hidden={{ hold: hold ? 'lift' : 'put' }}
    >
      <TextInput
        name={holdField}
        label={hold ? own.liftReason : own.reason}
        hint={own.reasonHint}
        value={props.typed[holdField] ?? ''}
      />
      <Actions>
        <Button look={hold ? 'danger' : 'secondary'}>{hold ? own.lift : own.put}</Button>
      </Actions>
    </Form>
  );
  if (!hold)
    return (
      <Details summary={own.title} open={props.open}>
        <p>
          {own.lead} <a href={props.listHref}>{own.all}</a>
        </p>
        {form}
      </Details>
    );
  return (
    <Section title={own.title} id="legal-hold">
      <p>
        <Badge tone="warning" icon="lock">
          {own.held}
        </Badge>{' '}
        <a href={props.listHref}>{own.all}</a>
      </p>
      <SummaryList
        rows={[
          { name: own.ground, value: hold.reason },
          { name: own.since, value: at.time(hold.since) },
          ...(hold.by ? [{ name: own.by, value: hold.by }] : []),
        ]}
      />
      {form}
    </Section>
  );
}
