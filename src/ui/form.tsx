import type { ComponentChildren } from 'preact';
import { classes, FaultsContext, fieldId, useWords } from './context.ts';
import { Icon, type IconName } from './icon.tsx';
import type { Fault } from './types.ts';

/** Everything wrong with a form, on top of the page; each line leads to its field. Empty: nothing is drawn. */
export function ErrorSummary(props: {
  faults: readonly Fault[];
  title?: string;
  /** Link target of a fault, when its field has another id than `fieldId(field)`. */
  target?: (fault: Fault) => string;
}) {
  const words = useWords();
  if (props.faults.length === 0) return null;
  return (
    <div
      class="error-summary"
      role="alert"
      aria-labelledby="error-summary-title"
      tabindex={-1}
      id="error-summary"
    >
      <h2 id="error-summary-title">
        <Icon name="alert" />
        {props.title ?? words.problem}
      </h2>
      <ul>
        {props.faults.map((fault) => (
          <li key={`${fault.field} ${fault.message}`}>
            <a href={`#${props.target?.(fault) ?? fieldId(fault.field)}`}>{fault.message}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/**
 * A form. Writing forms carry `csrf` and `idempotencyKey` in the hidden fields `_csrf` and `_key`. Fields inside find
 * their own faults by name. Validation is the server's: the browser's bubbles are switched off.
 */
export function Form(props: {
  action: string;
  method?: 'get' | 'post';
  csrf?: string;
  idempotencyKey?: string;
  multipart?: boolean;
  faults?: readonly Fault[];
  hidden?: Readonly<Record<string, string | undefined>>;
  id?: string;
  class?: string;
  label?: string;
  children: ComponentChildren;
}) {
  return (
    <form
      action={props.action}
      method={props.method ?? 'post'}
      enctype={props.multipart ? 'multipart/form-data' : undefined}
      id={props.id}
      class={classes('form', props.class)}
      aria-label={props.label}
      novalidate
    >
      {props.csrf && <input type="hidden" name="_csrf" value={props.csrf} />}
      {props.idempotencyKey && <input type="hidden" name="_key" value={props.idempotencyKey} />}
      {Object.entries(props.hidden ?? {}).map(
        ([name, value]) =>
          value !== undefined && <input key={name} type="hidden" name={name} value={value} />,
      )}
      <FaultsContext.Provider value={props.faults ?? []}>{props.children}</FaultsContext.Provider>
    </form>
  );
}

type Look = 'primary' | 'secondary' | 'quiet' | 'danger';

interface ButtonLook {
  readonly look?: Look;
  readonly size?: 'small' | 'large';
  readonly icon?: IconName;
  /** An arrow after the words: the act leads on to a next step. */
  readonly forward?: boolean;
  readonly children: ComponentChildren;
}

function buttonClass(props: ButtonLook): string {
  return classes('button', props.look && props.look !== 'primary' && props.look, props.size);
}

/** Does something. Never disabled: a fault is told after the press. */
export function Button(
  props: ButtonLook & {
    name?: string;
    value?: string;
    form?: string;
    formaction?: string;
    type?: 'submit' | 'button';
    id?: string;
    /** Letter of its access key, shown on it; for pages worked by keyboard all day. */
    accesskey?: string;
  },
) {
  return (
    <button
      class={buttonClass(props)}
      type={props.type ?? 'submit'}
      name={props.name}
      value={props.value}
      form={props.form}
      formaction={props.formaction}
      id={props.id}
      accesskey={props.accesskey}
    >
      {props.icon && <Icon name={props.icon} />}
      {props.children}
      {props.accesskey && (
        <span class="key" aria-hidden="true">
          {props.accesskey}
        </span>
      )}
      {props.forward && <Icon name="arrow" />}
    </button>
  );
}

/** Leads somewhere and looks like a button. */
export function LinkButton(
  props: ButtonLook & { href: string; rel?: string; target?: '_blank'; download?: boolean },
) {
  return (
    <a
      class={buttonClass(props)}
      href={props.href}
      rel={props.rel}
      target={props.target}
      download={props.download}
    >
      {props.icon && <Icon name={props.icon} />}
      {props.children}
      {props.forward && <Icon name="arrow" />}
    </a>
  );
}

/** Buttons in a row, the main one first. */
export function Actions(props: { children: ComponentChildren }) {
  return <div class="actions">{props.children}</div>;
}
