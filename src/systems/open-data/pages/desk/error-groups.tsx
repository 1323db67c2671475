import { Actions, Button, Card, Details, Form, fieldId, LinkButton, TextArea } from '#ui/index.ts';
import type { CellError } from '../../loading/cell-errors.ts';
import type { LoadReport } from '../../loading/load-run.ts';
import type { Here } from '../kit.tsx';
import type { FixText } from './fix-text.ts';
import type { DeskText } from './text.ts';

/** Cells of a group that are drawn; the file of errors has all. */
const shownCells = 8;
/** Groups that are drawn. */
const shownGroups = 30;
/** Headers that name an institution rather than a person. */
const institution =
  /заклад|установ|організац|підприємств|школ|лікарн|лікувальн|приймальн|канцеляр|службов|офіс|депутат|посад|contact ?point|office|institution/iu;

/** The same thing wrong in the same column. */
interface Group {
  readonly column: string;
  readonly header: string;
  readonly code: CellError['code'];
  readonly count: number;
  readonly cells: readonly CellError[];
}

function groupsOf(report: LoadReport): Group[] {
  const headers = new Map(report.columns?.map(({ id, header }) => [id, header]));
  return report.errorCounts.map(({ code, column, count }) => ({
    code,
    column,
    header: headers.get(column) ?? column,
    count,
    cells: report.errors.filter((error) => error.code === code && error.column === column),
  }));
}

interface GroupsProps {
  readonly at: Here;
  readonly own: DeskText;
  readonly words: FixText;
  readonly report: LoadReport;
  readonly csrf: string;
  /** Address of the resource at the desk. */
  readonly resource: string;
}

/** Cells that give people away, column by column, each with its ways out. */
export function PersonalGroups(props: GroupsProps) {
  const { at, words, report, csrf, resource } = props;
  const byColumn = Map.groupBy(
    groupsOf(report).filter(({ code }) => code.startsWith('personal-')),
    ({ column }) => column,
  );
  return (
    <>
      {[...byColumn.values()].slice(0, shownGroups).map((groups, n) => {
        const { column, header } = groups[0]!;
        const action = at.href(`${resource}/fix`);
        const isContact =
          groups.some(({ code }) => code === 'personal-phone' || code === 'personal-email') &&
          institution.test(header);
        const contact = (
          <Form action={action} csrf={csrf} hidden={{ do: 'official-contact', column: header }}>
            <p>{words.contactWhy}</p>
            <Button look="secondary">{words.ask}</Button>
          </Form>
        );
        return (
          <Card
            key={column}
            tone="danger"
            title={`${words.column} «${header}»: ${groups.map(({ code, count }) => `${words.codes[code] ?? code} (${at.number(count)})`).join(', ')}`}
          >
            <Cells own={props.own} cells={groups.flatMap(({ cells }) => cells)} />
            <Form action={action} csrf={csrf} hidden={{ column: header }} label={words.changeColumn(header)}>
              <Actions>
                <Button name="do" value="mask">
                  {words.mask}
                </Button>
                <Button look="secondary" name="do" value="drop">
                  {words.drop}
                </Button>
                <Button look="secondary" name="do" value="hash">
                  {words.hash}
                </Button>
              </Actions>
            </Form>
            <Details summary={words.contact} open={isContact}>
              {contact}
            </Details>
            <Details summary={words.notPersonal}>
              <Form action={action} csrf={csrf} hidden={{ do: 'not-personal', column: header }}>
                <p>{words.notPersonalWhy}</p>
                <TextArea
                  name="because"
                  id={fieldId(`because-${n}`)}
                  label={words.because}
                  hint={words.becauseHint}
                  rows={2}
                  required
                />
                <Button look="secondary">{words.ask}</Button>
              </Form>
            </Details>
          </Card>
        );
      })}
    </>
  );
}

/** What else is wrong, column by column, each with the way to a fix of all such cells. */
export function ErrorGroups(props: GroupsProps) {
  const { at, words, report, resource } = props;
  return (
    <>
      {groupsOf(report)
        .filter(({ code }) => !code.startsWith('personal-'))
        .slice(0, shownGroups)
        .map(({ column, header, code, count, cells }) => (
          <Card
            key={`${column} ${code}`}
            title={`${column ? `${words.column} «${header}»: ` : ''}${words.codes[code] ?? code} (${at.number(count)})`}
          >
            {cells[0] && <p>{cells[0].hint_uk}</p>}
            <Cells own={props.own} cells={cells} />
            {column !== '' && (
              <Actions>
                <LinkButton
                  look="secondary"
                  href={at.href(`${resource}/fix`, { column: header, value: cells[0]?.value })}
                >
                  {words.fixAll}
                </LinkButton>
              </Actions>
            )}
          </Card>
        ))}
    </>
  );
}

/** Where the cells stand and what they hold. */
function Cells(props: { own: DeskText; cells: readonly CellError[] }) {
  if (props.cells.length === 0) return null;
  return (
    <ul>
      {props.cells.slice(0, shownCells).map(({ letter, file_row, value, code }) => (
        <li key={`${letter}${file_row}${code}`}>
          <span class="mono">
            {letter}
            {file_row}
          </span>{' '}
          {value ?? <em>{props.own.emptyCell}</em>}
        </li>
      ))}
    </ul>
  );
}
