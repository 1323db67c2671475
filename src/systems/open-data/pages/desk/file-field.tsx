import { FileInput, Island } from '#ui/index.ts';
import type { Here } from '../kit.tsx';
import { deskText } from './text.ts';
import { storedField } from './uploading.ts';

/** A field for a file of any size: with scripts a large one comes in pieces, shows how far it is, and survives a broken connection. */
export function FileField(props: {
  at: Here;
  name: string;
  id?: string;
  label: string;
  hint?: string;
  error?: string | undefined;
}) {
  const { at, name } = props;
  const { sending, waiting, broken } = deskText(at.language);
  return (
    <Island
      name="large-file"
      props={{
        action: at.href('/desk/upload'),
        field: name,
        stored: storedField(name),
        words: { sending, waiting, failed: broken },
      }}
    >
      <FileInput
        name={name}
        {...(props.id && { id: props.id })}
        label={props.label}
        {...(props.hint && { hint: props.hint })}
        {...(props.error && { error: props.error })}
        required
      />
    </Island>
  );
}
