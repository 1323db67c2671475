import type { Context } from 'hono';
import { z } from 'zod';
import { type FieldFault, Forbidden, NotFound } from '#platform/errors.ts';
import { readForm } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Breadcrumbs,
  Button,
  Card,
  Empty,
  ErrorSummary,
  Form,
  fieldId,
  PageHead,
  TextArea,
} from '#ui/index.ts';
import { loadAtOnce } from '../../loading/at-once.ts';
import { findLoad, type Load } from '../../loading/loads.ts';
import { type AskedRule, approveRule, askedRules, refuseRule } from '../../loading/remember.ts';
import { isOfficer, permission } from '../../permissions.ts';
import { here } from '../kit.tsx';
import { fixText } from './fix-text.ts';
import { ownResource } from './own.ts';
import { deskText } from './text.ts';

/** Cells of a column that the page shows. */
const shownCells = 8;

/** `/open-data/desk/approvals`: columns that publishers say may be shown, for the officer to decide. */
export const approvals = (platform: Platform) => (c: Context<MistoEnv>) => draw(platform, c);

export function approvalAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    mustBeOfficer(c);
    const at = here(c);
    const resource = await ownResource(platform, c, c.req.param('resource')!);
    const rule = c.req.param('rule')!;
    const form = await readForm(c, z.object({}));
    const { act, reason = '' } = form.values;
    const { actor } = c.var.visit;
    if (act === 'approve') {
      const load = await platform.work(actor, (work) => approveRule(work, resource.id, rule));
      await loadAtOnce(platform, [{ load, content: { bytes: resource.bytes } }]);
    } else if (act === 'refuse') {
      const wrong = form.faults[0]?.message ?? (reason === '' ? fixText(at.language).fill : null);
      if (wrong) return draw(platform, c, [{ field: `reason-${rule}`, message: wrong }]);
      await platform.work(actor, (work) =>
        refuseRule(work, resource.id, rule, reason.slice(0, 1_000).toWellFormed()),
      );
    } else throw new NotFound('act');
    return c.redirect(at.href('/desk/approvals'), 303);
  };
}

function mustBeOfficer(c: Context<MistoEnv>): void {
  if (!isOfficer(c.var.visit.actor)) throw new Forbidden(permission('administer'));
}

async function draw(platform: Platform, c: Context<MistoEnv>, faults: readonly FieldFault[] = []) {
  mustBeOfficer(c);
  const at = here(c);
  const words = fixText(at.language);
  const asked = await askedRules(platform.db);
  const loads = await Promise.all(asked.map(({ load }) => (load ? findLoad(platform.db, load) : null)));
  const csrf = c.var.visit.csrfToken();
  return page(
    c,
    { title: words.approvals, shell: 'desk', width: 'wide', faults },
    <>
      <Breadcrumbs items={[{ title: deskText(at.language).desk, href: at.href('/desk') }]} />
      <PageHead title={words.approvals} lead={words.approvalsLead} />
      <ErrorSummary faults={faults} />
      {asked.length === 0 && <Empty title={words.noApprovals} icon="check" />}
      {asked.map((one, n) => (
        <Card
          key={one.rule.id}
          level={2}
          title={words.does(one.rule.fix)}
          footer={`${one.organisation} · ${one.rule.author}`}
        >
          <p>
            <a href={at.href(`/desk/dataset/${one.dataset}`)}>{one.datasetTitle}</a>
            {one.resourceName && ` · ${one.resourceName}`}
            {one.load && (
              <>
                {' · '}
                <a href={at.href(`/desk/load/${one.load}`)}>{deskText(at.language).report}</a>
              </>
            )}
          </p>
          <Cells words={words} asked={one} load={loads[n]!} />
          {one.rule.by === c.var.visit.actor.id ? (
            <p>{words.ownAsk}</p>
          ) : (
            <Form
              action={at.href(`/desk/approvals/${one.resource}/${one.rule.id}`)}
              csrf={csrf}
              label={words.does(one.rule.fix)}
            >
              <TextArea
                name="reason"
                id={fieldId(`reason-${one.rule.id}`)}
                label={words.reason}
                rows={2}
                error={faults.find(({ field }) => field === `reason-${one.rule.id}`)?.message}
              />
              <Actions>
                <Button name="act" value="approve">
                  {words.approve}
                </Button>
                <Button look="secondary" name="act" value="refuse">
                  {words.refuse}
                </Button>
              </Actions>
            </Form>
          )}
        </Card>
      ))}
    </>,
  );
}

/** Some of the cells that the decision is about. */
function Cells(props: { words: ReturnType<typeof fixText>; asked: AskedRule; load: Load | null }) {
  const { asked, load } = props;
  const column = load?.report?.columns.find(({ header }) => header === asked.rule.fix.column)?.id;
  const cells = load?.report?.errors
    .filter((error) => error.column === column && error.code.startsWith('personal-'))
    .slice(0, shownCells);
  if (!cells?.length) return null;
  return (
    <p>
      {props.words.examples}:{' '}
      {cells.map(({ letter, file_row, value }, n) => (
        <span key={`${letter}${file_row}`}>
          {n > 0 && ', '}
          <span class="mono">
            {letter}
            {file_row}
          </span>{' '}
          {value}
        </span>
      ))}
    </p>
  );
}
