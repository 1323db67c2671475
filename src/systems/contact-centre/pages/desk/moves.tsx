import { randomUUID } from 'node:crypto';
import type { ComponentChildren } from 'preact';
import { instantAt, isLocalDate, localDate } from '#platform/calendar/index.ts';
import type { FieldFault } from '#platform/errors.ts';
import { isUnreadable } from '#platform/http/forms.ts';
import {
  Actions,
  Button,
  DateInput,
  Details,
  FileInput,
  Form,
  Radios,
  Select,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import type { City } from '../../city.ts';
import type { MoveInput } from '../../moves.ts';
import { photoTypes } from '../../photos.ts';
import type { Move } from '../../states.ts';
import { type Template, templatesFor } from '../../templates.ts';
import { typedNumber } from '../text.ts';
import type { DeskHere } from './kit.tsx';

type TextField =
  | 'reason'
  | 'note'
  | 'question'
  | 'answer'
  | 'comment'
  | 'callRecord'
  | 'destination'
  | 'crew';
type Field = TextField | 'organisation' | 'unit' | 'date' | 'time' | 'result' | 'grade' | 'master' | 'photos';

/** What the form of a move asks for, in this order; a move that is not here asks for nothing. */
const fieldsOf: Partial<Readonly<Record<Move, readonly Field[]>>> = {
  assign: ['organisation', 'unit', 'reason'],
  return: ['reason'],
  dispatch: ['crew'],
  plan: ['date', 'time', 'reason'],
  ask: ['question'],
  reply: ['comment'],
  claim: ['result', 'answer', 'photos'],
  reject: ['comment'],
  confirm: ['callRecord', 'grade'],
  veto: ['callRecord', 'comment'],
  reopen: ['comment'],
  refuse: ['reason'],
  transfer: ['destination', 'note'],
  link: ['master'],
};

/** Whether a move is made by its button alone. */
export const asksNothing = (move: Move): boolean => fieldsOf[move] === undefined;

/** Which field ready words go into. */
const wordsField: Partial<Readonly<Record<Move, TextField>>> = {
  return: 'reason',
  plan: 'reason',
  ask: 'question',
  claim: 'answer',
  reject: 'comment',
  refuse: 'reason',
  transfer: 'note',
};

const longest = 4_000;
const shortFields = new Set<Field>(['callRecord', 'destination', 'crew']);
const optional = new Set<Field>(['unit', 'time', 'grade', 'note', 'photos']);
/** Moves that take something away. */
const grave = new Set<Move>(['return', 'refuse', 'transfer', 'reject', 'veto', 'unlink']);

/** Fields of several moves stand on one page, so each carries the name of its move. */
export const fieldName = (move: Move, field: string) => `${move}-${field}`;

/** What the forms of a request, or of many, have in common. */
export interface MoveFormsProps {
  readonly at: DeskHere;
  readonly city: City;
  readonly csrf: string;
  /** Where the form is sent; ready words are asked of the same path with `/words` behind it. */
  readonly action: string;
  readonly organisation: string | null;
  readonly crew: string | null;
  /** Crews whose work was refused so often that another one has to look now. */
  readonly visited?: readonly string[];
  readonly category: string | null;
  readonly branches: readonly string[];
  readonly templates: readonly Template[];
  readonly typed: Readonly<Record<string, string>>;
  readonly faults: readonly FieldFault[];
  readonly now: Date;
  readonly hidden: Readonly<Record<string, string>>;
  /** Whether photos may come along: not where one form moves many. */
  readonly photos?: boolean;
}

/** The form of one move. `children` stand above its fields. */
export function MoveForm(props: MoveFormsProps & { move: Move; children?: ComponentChildren }) {
  const { move, at } = props;
  const fields = (fieldsOf[move] ?? []).filter((one) => one !== 'photos' || props.photos !== false);
  const field = wordsField[move];
  const ready = field ? templatesFor(props.templates, move, props.category ?? '', props.branches) : [];
  return (
    <Form
      action={props.action}
      csrf={props.csrf}
      idempotencyKey={randomUUID()}
      multipart={fields.includes('photos')}
      faults={props.faults}
      hidden={{ ...props.hidden, move }}
      label={at.words.acts[move]}
    >
      {props.children}
      {fields.map((one) => (
        <MoveField key={one} {...props} field={one} />
      ))}
      <Actions>
        <Button {...(grave.has(move) ? { look: 'danger' as const } : {})}>{at.words.acts[move]}</Button>
      </Actions>
      {ready.length > 0 && (
        <Details summary={at.words.templates} open={ready.length <= 4}>
          <Actions>
            {ready.map((template) => (
              <Button
                key={template.code}
                look="secondary"
                size="small"
                name="template"
                value={template.code}
                formaction={`${props.action}/words`}
              >
                {template.name[at.language]}
              </Button>
            ))}
          </Actions>
        </Details>
      )}
    </Form>
  );
}

function MoveField(props: MoveFormsProps & { move: Move; field: Field }) {
  const { at, move, field, city } = props;
  const { words, language } = at;
  const name = fieldName(move, field);
  const value = props.typed[name] ?? '';
  const required = !optional.has(field);
  const common = { name, label: words.fields[field === 'photos' ? 'before' : field], required, value };
  switch (field) {
    case 'organisation':
      return (
        <Select
          {...common}
          value={value || (props.organisation ?? '')}
          empty={words.none}
          options={[...city.organisations.values()]
            .filter((one) => one.kind !== 'council')
            .map((one) => ({ value: one.id, label: one.name[language] }))}
        />
      );
    case 'unit':
      return (
        <Select
          {...common}
          empty={words.none}
          options={city.units
            .filter((unit) => unit.kind !== 'crew')
            .map((unit) => ({
              value: unit.id,
              label: `${city.known.organisations.get(unit.organisation)?.name[language] ?? unit.organisation}: ${unit.name[language]}`,
            }))}
        />
      );
    case 'crew':
      return <CrewSelect {...props} {...common} />;
    case 'result':
      return (
        <Radios
          {...common}
          value={value || 'fixed'}
          inline
          options={(['fixed', 'explained', 'impossible'] as const).map((result) => ({
            value: result,
            label: words.results[result],
          }))}
        />
      );
    case 'grade':
      return (
        <Radios
          {...common}
          inline
          hint={words.hints.grade}
          options={[1, 2, 3, 4, 5].map((grade) => ({ value: String(grade), label: String(grade) }))}
        />
      );
    case 'date':
      return <DateInput {...common} min={localDate(props.now)} />;
    case 'time':
      return <TextInput {...common} type="time" width="s" hint={words.hints.time} />;
    case 'master':
      return <TextInput {...common} inputmode="numeric" width="m" hint={words.hints.master} />;
    case 'photos':
      return (
        <>
          {(['before', 'after'] as const).map((kind) => (
            <FileInput
              key={kind}
              name={fieldName(move, kind)}
              label={words.fields[kind]}
              required={false}
              accept={photoTypes}
              multiple
              hint={words.hints.photos}
            />
          ))}
        </>
      );
    default: {
      const hint = hintOf(words.hints, move, field);
      return shortFields.has(field) ? (
        <TextInput {...common} {...(hint ? { hint } : {})} />
      ) : (
        <TextArea {...common} rows={3} {...(hint ? { hint } : {})} />
      );
    }
  }
}

/** Which crew goes; of a work that was refused three times, one that has not been there. */
export function CrewSelect(
  props: Pick<MoveFormsProps, 'at' | 'city' | 'organisation' | 'crew' | 'visited'> & {
    name: string;
    label: string;
    value: string;
  },
) {
  const { at, city, name, label, value } = props;
  const { words, language } = at;
  const crews = crewsOf(city, props.organisation);
  // An enterprise that keeps no list of crews names who goes in words.
  if (crews.length === 0) return <TextInput name={name} label={label} value={value || (props.crew ?? '')} />;
  const visited = new Set(props.visited);
  const fresh = crews.filter(({ id }) => !visited.has(id));
  const offered = visited.size > 0 && fresh.length > 0 ? fresh : crews;
  const usual = offered.some(({ id }) => id === props.crew) ? (props.crew ?? '') : '';
  return (
    <Select
      name={name}
      label={label}
      required
      value={value || (visited.size > 0 ? (fresh[0]?.id ?? '') : usual)}
      {...(visited.size > 0
        ? { hint: fresh.length > 0 ? words.hints.otherCrew : words.hints.noOtherCrew }
        : {})}
      empty={words.none}
      options={offered.map((unit) => ({ value: unit.id, label: unit.name[language] }))}
    />
  );
}

function hintOf(hints: DeskHere['words']['hints'], move: Move, field: Field): string | undefined {
  if (field === 'reason')
    return { return: hints.returnReason, plan: hints.planReason, refuse: hints.refuseReason }[move as string];
  if (field === 'question') return hints.question;
  if (field === 'answer') return hints.answer;
  if (field === 'destination') return hints.destination;
  return undefined;
}

/** Crews of the enterprise; of all where none is named. */
export function crewsOf(city: City, organisation: string | null) {
  return city.units.filter(
    (unit) => unit.kind === 'crew' && (organisation === null || unit.organisation === organisation),
  );
}

/**
 * What a form of a move brought, as the domain takes it. Only what cannot be read at all is a fault here; what is missing the
 * domain tells.
 */
export function readMove(
  at: DeskHere,
  move: Move,
  typed: Readonly<Record<string, string>>,
): { input: MoveInput; faults: readonly FieldFault[] } {
  const { words } = at;
  const faults: FieldFault[] = [];
  const input: Record<string, unknown> = {};
  for (const field of fieldsOf[move] ?? []) {
    const name = fieldName(move, field);
    const value = typed[name] ?? '';
    if (value === '' || field === 'photos' || field === 'time') continue;
    if (isUnreadable(value)) faults.push({ field: name, message: words.faults.fill });
    else if ([...value].length > longest)
      faults.push({ field: name, message: words.faults.long(at.number(longest)) });
    else if (field === 'master') {
      const number = typedNumber(value);
      if (number.length !== 11) faults.push({ field: name, message: words.faults.number });
      input.master = number;
    } else if (field === 'grade') input.grade = Number(value);
    else if (field === 'date') {
      const hour = typed[fieldName(move, 'time')] || '17:00';
      if (!isLocalDate(value)) faults.push({ field: name, message: words.faults.needed.date! });
      else if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(hour))
        faults.push({ field: fieldName(move, 'time'), message: words.faults.time });
      else input.date = instantAt(value, hour);
    } else if (field === 'result') {
      if (value in words.results) input.result = value;
    } else input[field] = value;
  }
  if (move === 'confirm' || move === 'veto') input.method = 'call';
  return { input: input as MoveInput, faults };
}

/** The words of a template put into the field of its move; what was typed there stays before them. */
export function withTemplate(
  templates: readonly Template[],
  language: 'uk' | 'en',
  typed: Readonly<Record<string, string>>,
): Record<string, string> {
  const template = templates.find(({ code }) => code === typed.template);
  const field = template && wordsField[template.move as Move];
  if (!template || !field) return { ...typed };
  const name = fieldName(template.move as Move, field);
  const before = typed[name]?.trim();
  const words = template.text[language];
  return { ...typed, [name]: before && !before.includes(words.trim()) ? `${before}\n${words}` : words };
}
