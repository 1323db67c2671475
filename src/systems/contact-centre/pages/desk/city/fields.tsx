import {
  Checkbox,
  Checkboxes,
  DateInput,
  Details,
  type Fault,
  Section,
  Select,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import type { Flat } from '../../../city-editing/kind.ts';
import type { FieldSpec, GroupSpec } from './specs/index.ts';

/** The groups of a form with what stands in them; a folded one opens when something in it is filled in or wrong. */
export function Groups(props: {
  groups: readonly GroupSpec[];
  flat: Flat;
  faults: readonly Fault[];
  /** The thing is there already: what cannot change is shown and sent along. */
  stored: boolean;
}) {
  return (
    <>
      {props.groups.map((group) => {
        const isWrong = group.fields.some((field) =>
          props.faults.some((fault) => fault.field === field.name),
        );
        const body = (
          <>
            {group.lead && <p class="muted">{group.lead}</p>}
            {linesOf(group.fields).map((line) => {
              const fields = line.map((field) => (
                <One key={field.name} field={field} flat={props.flat} stored={props.stored} />
              ));
              return fields.length > 1 ? (
                <div class="parts" key={line[0]!.name}>
                  {fields}
                </div>
              ) : (
                fields
              );
            })}
          </>
        );
        if (!group.folded)
          return (
            <Section key={group.title} title={group.title}>
              {body}
            </Section>
          );
        return (
          <Details key={group.title} summary={group.title} open={isWrong || isFilled(group, props.flat)}>
            {body}
          </Details>
        );
      })}
    </>
  );
}

/** Fields that stand beside each other. */
function linesOf(fields: readonly FieldSpec[]): FieldSpec[][] {
  const lines: FieldSpec[][] = [];
  for (const field of fields) {
    if (field.beside) lines.at(-1)!.push(field);
    else lines.push([field]);
  }
  return lines;
}

const isFilled = (group: GroupSpec, flat: Flat) =>
  group.fields.some((field) => (flat[field.name] ?? '') !== '' && field.as !== 'select');

function One(props: { field: FieldSpec; flat: Flat; stored: boolean }) {
  const { field, flat } = props;
  const { name, label } = field;
  const value = flat[name] ?? (props.stored ? '' : (field.initial ?? ''));
  const common = {
    name,
    label,
    ...(field.hint ? { hint: field.hint } : {}),
    ...(field.optional ? { required: false } : {}),
  };
  const width = field.width ? { width: field.width } : {};
  if (field.fixed && props.stored)
    return (
      <div class="field">
        <p>
          <strong>{label}</strong>
        </p>
        <p class="mono">{field.options?.find((option) => option.value === value)?.label ?? value}</p>
        <input type="hidden" name={name} value={value} />
      </div>
    );
  switch (field.as) {
    case 'area':
      return <TextArea {...common} value={value} rows={4} />;
    case 'select':
      return (
        <Select
          {...common}
          {...width}
          value={value}
          options={field.options ?? []}
          {...(field.empty === undefined ? {} : { empty: field.empty })}
        />
      );
    case 'checks':
      return (
        <Checkboxes
          {...common}
          inline
          required={false}
          values={value.split(',')}
          options={field.options ?? []}
        />
      );
    case 'check':
      return <Checkbox name={name} label={label} checked={value === 'yes'} />;
    case 'date':
      return <DateInput {...common} value={value} />;
    default:
      return <TextInput {...common} {...width} value={value} spellcheck={false} />;
  }
}
