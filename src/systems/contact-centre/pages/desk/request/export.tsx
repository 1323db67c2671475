import type { FieldFault } from '#platform/errors.ts';
import { messages } from '#platform/i18n/index.ts';
import { Actions, Button, Details, Form, TextInput } from '#ui/index.ts';

export const groundField = 'export-ground';

export const exportText = messages(
  {
    title: 'Вивантажити особисті дані',
    lead: 'Для суду, перевірки чи запиту за законом: імена, контакти й слова заявників файлом JSON. Кожне вивантаження записано, і люди побачать його в кабінеті.',
    ground: 'Підстава',
    groundHint: 'Номер справи, рішення чи запиту, без персональних даних',
    noGround: 'Вкажіть підставу: номер справи, рішення чи запиту',
    take: 'Вивантажити',
  },
  {
    en: {
      title: 'Export personal data',
      lead: 'For a court, an inquiry or a demand by law: names, contacts and words of the reporters as a JSON file. Each export is on record, and people see it in their accounts.',
      ground: 'Ground',
      groundHint: 'The number of a case, a decision or a demand, without personal data',
      noGround: 'Give the ground: the number of a case, a decision or a demand',
      take: 'Export',
    },
  },
);

/** The form of whoever may take the personal data of a request out of the city. */
export function ExportForm(props: {
  language: 'uk' | 'en';
  action: string;
  csrf: string;
  faults: readonly FieldFault[];
  typed: Readonly<Record<string, string>>;
  open: boolean;
}) {
  const own = exportText(props.language);
  return (
    <Details summary={own.title} open={props.open}>
      <p>{own.lead}</p>
      <Form action={props.action} csrf={props.csrf} faults={props.faults}>
        <TextInput
          name={groundField}
          label={own.ground}
          hint={own.groundHint}
          value={props.typed[groundField] ?? ''}
        />
        <Actions>
          <Button look="secondary" icon="download">
            {own.take}
          </Button>
        </Actions>
      </Form>
    </Details>
  );
}
