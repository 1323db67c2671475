import { z } from 'zod';
import { Select, TextArea, TextInput } from '#ui/index.ts';
import { frequencies } from '../../passport.ts';
import type { Here } from '../kit.tsx';
import { type DeskText, deskText } from './text.ts';

/** The words of a passport that every form asks for. */
export function passportShape(own: DeskText) {
  const text = (most: number) => z.string().min(1, own.fill).max(most, own.tooLong);
  return {
    title: text(254),
    notes: text(10_000),
    frequency: text(100),
    purpose: text(512),
    keywords: text(2_000),
    maintainer: text(254),
    email: z
      .string()
      .regex(/^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/, own.wrongEmail)
      .max(254, own.tooLong),
  };
}

/** Those words as the catalogue takes them. */
export function passportInput(data: z.output<z.ZodObject<ReturnType<typeof passportShape>>>) {
  return {
    title: data.title,
    notes: data.notes,
    update_frequency: data.frequency,
    purpose_of_collecting_information: data.purpose,
    maintainer: data.maintainer,
    maintainer_email: data.email,
  };
}

/** Their fields. */
export function PassportFields(props: { at: Here; values: Readonly<Record<string, string>> }) {
  const { at, values } = props;
  const own = deskText(at.language);
  const field = (name: string) => ({ name, value: values[name] ?? '', required: true });
  return (
    <>
      <TextInput {...field('title')} label={own.title} hint={own.titleHint} />
      <TextArea {...field('notes')} label={own.notes} hint={own.notesHint} rows={4} />
      <Select
        {...field('frequency')}
        label={own.frequency}
        options={frequencies.map((one) => ({ value: one.wire, label: one.title[at.language] }))}
        empty="—"
      />
      <TextArea {...field('purpose')} label={own.purpose} rows={2} />
      <TextInput {...field('keywords')} label={own.keywords} hint={own.keywordsHint} />
      <TextInput {...field('maintainer')} label={own.maintainer} autocomplete="name" />
      <TextInput {...field('email')} type="email" label={own.maintainerEmail} autocomplete="email" />
    </>
  );
}
