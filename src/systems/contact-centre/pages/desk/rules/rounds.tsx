import { Actions, Button, LinkButton, Table } from '#ui/index.ts';
import type { RuleData } from '../../../city-data.ts';
import type { Names } from '../../../routing.ts';
import { ruleInWords } from '../../../rule-words.ts';
import { ActForm, type Desk } from './kit.tsx';

interface Props {
  readonly desk: Desk;
  readonly rules: readonly RuleData[];
  readonly names: Names;
  readonly draft?: { readonly version: number; readonly hash: string };
}

/** Rules in the order in which they are tried; of a draft each with its acts. */
export function RuleRounds(props: Props) {
  const { words } = props.desk;
  const first = props.rules.filter((rule) => !rule.default);
  const last = props.rules.filter((rule) => rule.default);
  return (
    <>
      {first.length > 0 && <Round {...props} rules={first} title={words.rounds.first} start={1} />}
      {last.length > 0 && (
        <>
          <h3>{words.rounds.last}</h3>
          <p class="muted">{words.rounds.lastLead}</p>
          <Round {...props} rules={last} title={words.rounds.last} start={first.length + 1} />
        </>
      )}
    </>
  );
}

function Round(props: Props & { title: string; start: number }) {
  const { desk, rules, draft } = props;
  const { words, at } = desk;
  const told = new Map(rules.map((rule) => [rule.id, ruleInWords(rule, props.names, at.language)]));
  return (
    <Table
      caption={props.title}
      quietCaption
      rows={rules}
      rowKey={(rule) => rule.id}
      columns={[
        { key: 'order', title: '№', numeric: true, cell: (rule) => rules.indexOf(rule) + props.start },
        {
          key: 'rule',
          title: words.rule,
          header: true,
          cell: (rule) => (
            <>
              <span class="mono">{rule.id}</span> {rule.name[at.language]}
            </>
          ),
        },
        {
          key: 'if',
          title: words.if,
          cell: (rule) => told.get(rule.id)!.conditions.join('; ') || words.always,
        },
        {
          key: 'then',
          title: words.thenTo,
          cell: (rule) => [told.get(rule.id)!.to, ...told.get(rule.id)!.more].join('; '),
        },
        ...(draft
          ? [
              {
                key: 'acts',
                title: words.acts,
                cell: (rule: RuleData) => <Acts desk={desk} draft={draft} rules={rules} rule={rule} />,
              },
            ]
          : []),
      ]}
    />
  );
}

function Acts(props: {
  desk: Desk;
  draft: { readonly version: number; readonly hash: string };
  rules: readonly RuleData[];
  rule: RuleData;
}) {
  const { desk, draft, rules, rule } = props;
  const { words } = desk;
  const move = (by: 'up' | 'down') => (
    <ActForm
      desk={desk}
      action={desk.href(`/${draft.version}/move`)}
      hidden={{ seen: draft.hash, rule: rule.id, by }}
    >
      <Button look="quiet" size="small">
        <span aria-hidden="true">{by === 'up' ? '↑' : '↓'}</span>
        <span class="visually-hidden">{by === 'up' ? words.upOf(rule.id) : words.downOf(rule.id)}</span>
      </Button>
    </ActForm>
  );
  return (
    <Actions>
      <LinkButton href={desk.href(`/${draft.version}/rule`, { id: rule.id })} look="secondary" size="small">
        {words.edit}
        <span class="visually-hidden"> {rule.id}</span>
      </LinkButton>
      {rules[0] !== rule && move('up')}
      {rules.at(-1) !== rule && move('down')}
    </Actions>
  );
}
