import type { Context } from 'hono';
import { z } from 'zod';
import { localDate } from '#platform/calendar/index.ts';
import { NotFound } from '#platform/errors.ts';
import { readForm } from '#platform/http/forms.ts';
import { type Language, messages } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Actions, Button, Form, Section, Select } from '#ui/index.ts';
import { Absent, Denied } from '../../faults.ts';
import { mapDataset } from '../../obligations/mapping.ts';
import { fieldOf, keyOfField, obligationsOn } from '../../obligations/obligations.ts';
import { type Here, here } from '../kit.tsx';

const words = messages(
  {
    obligation: 'Обовʼязок за постановою № 835',
    hint: 'Оберіть, якщо набір належить до переліку: він зʼявиться на дошці обовʼязків як оприлюднений.',
    none: 'Не належить до переліку',
    save: 'Зберегти обовʼязок',
  },
  {
    en: {
      obligation: 'Obligation of Resolution 835',
      hint: 'Choose one if the dataset is on the list: the board of obligations shows it as published then.',
      none: 'Not on the list',
      save: 'Save the obligation',
    },
  },
);

/** What can be chosen as the obligation of a dataset. */
export interface ObligationChoice {
  readonly value: string;
  readonly label: string;
}

/** Obligations in force, in the order of the list, with the code before the title. */
export async function obligationChoices(platform: Platform): Promise<ObligationChoice[]> {
  const all = await obligationsOn(platform.db, localDate(platform.clock.now()));
  return all.map((one) => ({
    value: fieldOf(one),
    label: `${one.code} ${one.title.length > 110 ? `${one.title.slice(0, 109)}…` : one.title}`,
  }));
}

/** The choice of an obligation in a form. */
export function ObligationField(props: {
  language: Language;
  choices: readonly ObligationChoice[];
  value: string | undefined;
}) {
  const own = words(props.language);
  return (
    <Select
      name="obligation"
      label={own.obligation}
      hint={own.hint}
      required={false}
      empty={own.none}
      value={props.value === undefined ? '' : keyOfField(props.value)}
      options={props.choices}
    />
  );
}

/** Which obligation a dataset fulfils, and another choice. */
export function ObligationSection(props: {
  at: Here;
  name: string;
  choices: readonly ObligationChoice[];
  value: string | undefined;
  csrf: string;
}) {
  const { at } = props;
  const own = words(at.language);
  return (
    <Section title={own.obligation}>
      <Form
        action={at.href(`/desk/dataset/${props.name}/obligation`)}
        csrf={props.csrf}
        label={own.obligation}
      >
        <ObligationField language={at.language} choices={props.choices} value={props.value} />
        <Actions>
          <Button type="submit" look="secondary">
            {own.save}
          </Button>
        </Actions>
      </Form>
    </Section>
  );
}

/** `POST /open-data/desk/dataset/{name}/obligation` */
export function obligationFieldAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const name = c.req.param('dataset')!;
    const { data } = await readForm(c, z.object({ obligation: z.string().default('') }));
    const choices = await obligationChoices(platform);
    const chosen = choices.find((one) => one.value === data?.obligation)?.value ?? null;
    try {
      await platform.work(c.var.visit.actor, (work) => mapDataset(work, name, chosen));
    } catch (error) {
      // What one may not write at this desk looks like what is not there.
      if (error instanceof Absent || error instanceof Denied) throw new NotFound('dataset');
      throw error;
    }
    return c.redirect(here(c).href(`/desk/dataset/${name}`), 303);
  };
}
