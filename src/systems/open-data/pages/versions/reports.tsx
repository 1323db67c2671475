import { Actions, LinkButton, Section, Table } from '#ui/index.ts';
import type { PublicReport } from '../../columnar/reports.ts';
import type { Version } from '../../versions.ts';
import type { Here } from '../kit.tsx';
import { apiOf } from './kit.tsx';
import type { VersionText } from './text.ts';

/** Errors that a page draws; the file has all. */
const shownErrors = 50;

/** What is wrong with the file of a version, cell by cell; what may be personal is masked. */
export function ValidationReport(props: {
  at: Here;
  own: VersionText;
  version: Version;
  report: PublicReport;
  /** Errors that are drawn; fifty unless said. */
  most?: number;
}) {
  const { at, own, version, report } = props;
  const named = (code: string) => own.codes[code.startsWith('personal-') ? 'personal' : code] ?? code;
  if (report.total === 0)
    return (
      <Section title={own.validation}>
        <p>{own.clean}</p>
      </Section>
    );
  return (
    <Section title={own.validation}>
      <Table
        caption={own.counts}
        quietCaption
        columns={[
          { key: 'code', title: own.code, header: true, cell: (one) => named(one.code) },
          { key: 'column', title: own.column, cell: (one) => one.column },
          { key: 'count', title: own.count, numeric: true, cell: (one) => at.number(one.count) },
        ]}
        rows={report.counts}
        rowKey={(one) => `${one.code} ${one.column}`}
      />
      <Table
        caption={own.errors}
        columns={[
          {
            key: 'place',
            title: own.place,
            header: true,
            cell: (error) => (
              <span class="mono">
                {error.letter}
                {error.file_row}
              </span>
            ),
          },
          { key: 'column', title: own.column, cell: (error) => error.column },
          { key: 'value', title: own.value, cell: (error) => error.value ?? own.empty },
          { key: 'hint', title: own.hint, cell: (error) => <span lang="uk">{error.hint_uk}</span> },
        ]}
        rows={report.errors.slice(0, props.most ?? shownErrors)}
        rowKey={(error) => `${error.row} ${error.column} ${error.code}`}
      />
      <Actions>
        <LinkButton
          look="secondary"
          href={apiOf(at, version.resource, `/validation?version=${version.n}&format=csv`)}
        >
          {own.allErrors}
        </LinkButton>
      </Actions>
    </Section>
  );
}

/** What was repaired in the file of a version, by column and rule. */
export function RepairReport(props: { at: Here; own: VersionText; version: Version; report: PublicReport }) {
  const { at, own, version, report } = props;
  return (
    <Section title={own.repairs}>
      {report.repairs.length === 0 ? (
        <p>{own.noRepairs}</p>
      ) : (
        <>
          <p>{own.repairsLead}</p>
          <Table
            caption={own.repairs}
            quietCaption
            columns={[
              { key: 'column', title: own.column, header: true, cell: (repair) => repair.column },
              { key: 'rule', title: own.rule, cell: (repair) => own.rules[repair.rule] ?? repair.rule },
              { key: 'count', title: own.count, numeric: true, cell: (repair) => at.number(repair.count) },
              {
                key: 'example',
                title: own.example,
                cell: (repair) => (
                  <>
                    <del>{repair.example.before}</del> → <ins>{repair.example.after ?? own.empty}</ins>
                  </>
                ),
              },
            ]}
            rows={report.repairs}
            rowKey={(repair) => `${repair.column} ${repair.rule}`}
          />
          <Actions>
            <LinkButton
              look="secondary"
              href={apiOf(at, version.resource, `/repair?version=${version.n}&format=csv`)}
            >
              {own.allRepairs}
            </LinkButton>
          </Actions>
        </>
      )}
    </Section>
  );
}
