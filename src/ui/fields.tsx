import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import { classes, FaultsContext, fieldId, useLanguage, useWords } from './context.ts';
import { Icon } from './icon.tsx';
import { number } from './text.ts';

/** What every form control has. `error` is taken from the form's faults when it is not given. */
export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly error?: string;
  /** A required field is the normal case; one with `required={false}` is marked «необовʼязково». */
  readonly required?: boolean;
  /** The label is the heading of a page that asks one thing. */
  readonly heading?: boolean;
  readonly id?: string;
  /** Letter of the key that leads to it; for pages worked by keyboard all day. */
  readonly accesskey?: string;
}

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

function useField(props: FieldProps) {
  const faults = useContext(FaultsContext);
  const id = props.id ?? fieldId(props.name);
  const error = props.error ?? faults.find((fault) => fault.field === props.name)?.message;
  const described = [props.hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return { id, error, described: described || undefined, invalid: error ? ('true' as const) : undefined };
}

function LabelText(props: FieldProps) {
  const words = useWords();
  return (
    <>
      {props.label}
      {props.accesskey && (
        <span class="key" aria-hidden="true">
          {props.accesskey}
        </span>
      )}
      {props.required === false && <span class="optional"> ({words.optional})</span>}
    </>
  );
}

function Notes(props: { id: string; hint?: ComponentChildren; error: string | undefined }) {
  const words = useWords();
  return (
    <>
      {props.hint && (
        <div class="hint" id={`${props.id}-hint`}>
          {props.hint}
        </div>
      )}
      {props.error && (
        <p class="field-error" id={`${props.id}-error`}>
          <Icon name="alert" />
          <span>
            <span class="visually-hidden">{words.error}: </span>
            {props.error}
          </span>
        </p>
      )}
    </>
  );
}

/** Label, hint and error around one control of your own; the control must carry the id `fieldId(name)`. */
export function Field(props: FieldProps & { children: ComponentChildren }) {
  const { id, error } = useField(props);
  const label = (
    <label for={id}>
      <LabelText {...props} />
    </label>
  );
  return (
    <div class={classes('field', error && 'has-error')}>
      {props.heading ? <h1 class="label-heading">{label}</h1> : label}
      <Notes id={id} hint={props.hint} error={error} />
      {props.children}
    </div>
  );
}

export interface TextInputProps extends FieldProps {
  readonly value?: string;
  readonly type?: 'text' | 'email' | 'tel' | 'url' | 'password' | 'number' | 'time';
  readonly autocomplete?: string;
  readonly inputmode?: 'text' | 'numeric' | 'decimal' | 'tel' | 'email' | 'search';
  readonly maxlength?: number;
  /** Expected length of the answer: the width shows it. */
  readonly width?: 'xs' | 's' | 'm' | 'full';
  readonly prefix?: string;
  readonly suffix?: string;
  readonly placeholder?: string;
  readonly list?: readonly string[];
  readonly spellcheck?: boolean;
}

/** One line of text. */
export function TextInput(props: TextInputProps) {
  const { id, described, invalid } = useField(props);
  const input = (
    <input
      class={classes('input', props.width && `width-${props.width}`)}
      id={id}
      name={props.name}
      // Preact types each kind of input apart; what is given here holds for all of them.
      type={(props.type ?? 'text') as 'text'}
      list={props.list ? `${id}-list` : undefined}
      value={props.value}
      autocomplete={props.autocomplete}
      inputmode={props.inputmode}
      maxlength={props.maxlength}
      placeholder={props.placeholder}
      spellcheck={props.spellcheck}
      accesskey={props.accesskey}
      aria-describedby={described}
      aria-invalid={invalid}
      aria-required={props.required ? 'true' : undefined}
    />
  );
  return (
    <Field {...props}>
      {props.prefix || props.suffix ? (
        <div class="affixed">
          {props.prefix && <span aria-hidden="true">{props.prefix}</span>}
          {input}
          {props.suffix && <span aria-hidden="true">{props.suffix}</span>}
        </div>
      ) : (
        input
      )}
      {props.list && (
        <datalist id={`${id}-list`}>
          {props.list.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
    </Field>
  );
}

/** Several lines of text; `maxlength` is told in words, since the limit itself is checked on the server. */
export function TextArea(props: FieldProps & { value?: string; rows?: number; maxlength?: number }) {
  const language = useLanguage();
  const words = useWords();
  const limit = props.maxlength ? words.characters(number(language, props.maxlength)) : undefined;
  const hint = props.hint ? (
    <>
      {props.hint}
      {limit && ` ${limit}.`}
    </>
  ) : (
    limit && `${limit}.`
  );
  const withHint = { ...props, hint };
  const { id, described, invalid } = useField(withHint);
  return (
    <Field {...withHint}>
      <textarea
        class="input"
        id={id}
        name={props.name}
        rows={props.rows ?? 5}
        value={props.value}
        accesskey={props.accesskey}
        aria-describedby={described}
        aria-invalid={invalid}
        aria-required={props.required ? 'true' : undefined}
      />
    </Field>
  );
}

/** One of many known answers. For up to seven, radios are easier. */
export function Select(
  props: FieldProps & {
    options: readonly Option[];
    value?: string;
    empty?: string;
    width?: 'xs' | 's' | 'm' | 'full';
  },
) {
  const { id, described, invalid } = useField(props);
  return (
    <Field {...props}>
      <select
        class={classes('input', props.width && `width-${props.width}`)}
        id={id}
        name={props.name}
        accesskey={props.accesskey}
        aria-describedby={described}
        aria-invalid={invalid}
      >
        {props.empty !== undefined && <option value="">{props.empty}</option>}
        {props.options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === props.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}

function Group(props: FieldProps & { children: ComponentChildren; class?: string }) {
  const { id, error, described } = useField(props);
  return (
    <fieldset class={classes('field', props.class, error && 'has-error')} aria-describedby={described}>
      <legend>
        {props.heading ? (
          <h1 class="label-heading">
            <LabelText {...props} />
          </h1>
        ) : (
          <LabelText {...props} />
        )}
      </legend>
      <Notes id={id} hint={props.hint} error={error} />
      {props.children}
    </fieldset>
  );
}

/** The first choice carries the id of the field, so that a link in the error summary leads to it. */
function Choices(props: {
  type: 'radio' | 'checkbox';
  id: string;
  name: string;
  options: readonly Option[];
  chosen: ReadonlySet<string>;
  inline?: boolean | undefined;
}) {
  return (
    <div class={classes('choices', props.inline && 'inline')}>
      {props.options.map((option, index) => {
        const id = index === 0 ? props.id : `${props.id}-${index + 1}`;
        return (
          <div class="choice" key={option.value}>
            <input
              type={props.type}
              id={id}
              name={props.name}
              value={option.value}
              checked={props.chosen.has(option.value)}
              aria-describedby={option.hint ? `${id}-about` : undefined}
            />
            <label for={id}>{option.label}</label>
            {option.hint && (
              <div class="hint" id={`${id}-about`}>
                {option.hint}
              </div>
            )}
          </div>
        );
      })}
    </div>
  );
}

/** One of a few answers, all in sight. */
export function Radios(props: FieldProps & { options: readonly Option[]; value?: string; inline?: boolean }) {
  const { id } = useField(props);
  const chosen = new Set(props.value === undefined ? [] : [props.value]);
  return (
    <Group {...props}>
      <Choices
        type="radio"
        id={id}
        name={props.name}
        options={props.options}
        chosen={chosen}
        inline={props.inline}
      />
    </Group>
  );
}

/** Any of a few answers; all are sent under one name. */
export function Checkboxes(
  props: FieldProps & { options: readonly Option[]; values?: readonly string[]; inline?: boolean },
) {
  const { id } = useField(props);
  return (
    <Group {...props}>
      <Choices
        type="checkbox"
        id={id}
        name={props.name}
        options={props.options}
        chosen={new Set(props.values)}
        inline={props.inline}
      />
    </Group>
  );
}

/** A single tick, such as consent. */
export function Checkbox(props: Omit<FieldProps, 'heading'> & { checked?: boolean; value?: string }) {
  const { id, error, described, invalid } = useField(props);
  return (
    <div class={classes('field', error && 'has-error')}>
      <Notes id={id} error={error} />
      <div class="choice">
        <input
          type="checkbox"
          id={id}
          name={props.name}
          value={props.value ?? 'yes'}
          checked={props.checked}
          aria-describedby={described}
          aria-invalid={invalid}
        />
        <label for={id}>{props.label}</label>
        {props.hint && (
          <div class="hint" id={`${id}-hint`}>
            {props.hint}
          </div>
        )}
      </div>
    </div>
  );
}

/**
 * A date. `calendar` (near dates) is the browser's own picker and sends YYYY-MM-DD under `name`; `memorable` (birthdays,
 * dates on papers) asks in three fields and sends `{name}-day`, `{name}-month`, `{name}-year`.
 */
export function DateInput(
  props: FieldProps & {
    kind?: 'calendar' | 'memorable';
    /** YYYY-MM-DD; for `memorable` also what was typed, as parts. */
    value?: string | { day: string; month: string; year: string };
    min?: string;
    max?: string;
    birthday?: boolean;
  },
) {
  const { id, described, invalid } = useField(props);
  const words = useWords();
  if (props.kind !== 'memorable')
    return (
      <Field {...props}>
        <input
          class="input width-s"
          type="date"
          id={id}
          name={props.name}
          value={typeof props.value === 'string' ? props.value : undefined}
          min={props.min}
          max={props.max}
          aria-describedby={described}
          aria-invalid={invalid}
        />
      </Field>
    );
  const iso = typeof props.value === 'string' ? /^(\d{4})-(\d{2})-(\d{2})/.exec(props.value) : null;
  const typed = typeof props.value === 'object' ? props.value : undefined;
  const parts = [
    { part: 'day', label: words.day, value: typed?.day ?? iso?.[3], size: 2 },
    { part: 'month', label: words.month, value: typed?.month ?? iso?.[2], size: 2 },
    { part: 'year', label: words.year, value: typed?.year ?? iso?.[1], size: 4 },
  ] as const;
  return (
    <Group {...props} class="date-parts">
      <div class="parts">
        {parts.map(({ part, label, value, size }) => {
          const own = part === 'day' ? id : `${id}-${part}`;
          return (
            <div key={part}>
              <label for={own}>{label}</label>
              <input
                class={classes('input', size === 4 ? 'width-year' : 'width-xs')}
                type="text"
                inputmode="numeric"
                id={own}
                name={`${props.name}-${part}`}
                value={value}
                maxlength={size}
                autocomplete={props.birthday ? `bday-${part}` : undefined}
                aria-invalid={invalid}
              />
            </div>
          );
        })}
      </div>
    </Group>
  );
}

/** Files from the device or the camera. */
export function FileInput(props: FieldProps & { accept?: string; multiple?: boolean }) {
  const { id, described, invalid } = useField(props);
  return (
    <Field {...props}>
      <input
        class="input file"
        type="file"
        id={id}
        name={props.name}
        accept={props.accept}
        multiple={props.multiple}
        aria-describedby={described}
        aria-invalid={invalid}
      />
    </Field>
  );
}

/** A search form of its own: one field, one button, GET. */
export function Search(props: {
  action: string;
  label?: string;
  name?: string;
  value?: string;
  placeholder?: string;
  /** Large, for the top of a page. */
  large?: boolean;
  id?: string;
}) {
  const words = useWords();
  const id = props.id ?? fieldId(props.name ?? 'q');
  return (
    <search class={classes('search', props.large && 'large')}>
      <form action={props.action} method="get">
        <label class="visually-hidden" for={id}>
          {props.label ?? words.search}
        </label>
        <div class="search-box">
          <Icon name="search" />
          <input
            id={id}
            type="search"
            name={props.name ?? 'q'}
            value={props.value}
            placeholder={props.placeholder}
            autocomplete="off"
          />
          <button type="submit">{words.find}</button>
        </div>
      </form>
    </search>
  );
}
