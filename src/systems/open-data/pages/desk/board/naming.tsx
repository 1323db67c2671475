import type { Context } from 'hono';
import { z } from 'zod';
import type { FieldFault } from '#platform/errors.ts';
import { readForm } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Actions, Breadcrumbs, Button, Form, Notice, PageHead, Select, SummaryList } from '#ui/index.ts';
import { Absent } from '../../../faults.ts';
import { candidatesOf, namedOf, nameResponsible } from '../../../promises/naming.ts';
import { responsibleFor } from '../../../promises/responsible.ts';
import { findUnit } from '../../../units.ts';
import { here } from '../../kit.tsx';
import { Answers } from './kit.tsx';
import { faultsIn } from './obligation.tsx';
import { boardText } from './text.ts';

/** `/open-data/board/units/{name}`: who answers for the data of a publisher, and who heads it. */
export const naming = (platform: Platform) => (c: Context<MistoEnv>) => draw(platform, c);

export function namingAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const form = await readForm(c, z.object({ officer: z.string(), head: z.string() }));
    if (!form.data) throw new Absent();
    const { officer, head } = form.data;
    const name = c.req.param('name')!;
    try {
      await platform.work(c.var.visit.actor, (work) =>
        nameResponsible(work, name, { officer: officer || null, head: head || null }),
      );
    } catch (error) {
      return draw(platform, c, faultsIn(boardText(at.language), error));
    }
    return c.redirect(at.href(`/board/units/${name}`, { saved: 1 }), 303);
  };
}

async function draw(platform: Platform, c: Context<MistoEnv>, faults: readonly FieldFault[] = []) {
  const at = here(c);
  const own = boardText(at.language);
  const now = platform.clock.now();
  const unit = await findUnit(platform.db, c.var.visit.actor, 'organization', c.req.param('name')!);
  const [candidates, named, responsible] = await Promise.all([
    candidatesOf(platform.db, unit.unit!, now),
    namedOf(platform.db, unit.id),
    responsibleFor(platform.db, [unit.id], now),
  ]);
  const title = own.naming(unit.title || unit.name);
  const hasLeft = [named.officer, named.head].some(
    (person) => person !== null && !candidates.some((one) => one.person === person),
  );
  const options = (all: typeof candidates) =>
    all.map((one) => ({ value: one.person, label: `${one.post} (${one.login})` }));
  return page(
    c,
    { title, shell: 'desk', faults },
    <>
      <Breadcrumbs
        items={[
          { title: own.board, href: at.href('/board') },
          { title: own.units, href: at.href('/board', { view: 'units' }) },
        ]}
      />
      <PageHead title={title} lead={own.namingLead} />
      {c.req.query('saved') !== undefined && (
        <Notice tone="good" live>
          <p>{own.saved}</p>
        </Notice>
      )}
      {hasLeft && (
        <Notice tone="warning">
          <p>{own.left}</p>
        </Notice>
      )}
      <SummaryList
        rows={[
          { name: own.responsible, value: <Answers own={own} people={responsible.get(unit.id) ?? []} /> },
        ]}
      />
      <Form action={at.href(`/board/units/${unit.name}`)} csrf={c.var.visit.csrfToken()} faults={faults}>
        <Select
          name="officer"
          label={own.officer}
          hint={own.officerHint}
          empty={own.nobodyNamed}
          value={named.officer ?? ''}
          options={options(candidates.filter((one) => one.publishes))}
        />
        <Select
          name="head"
          label={own.head}
          empty={own.nobodyNamed}
          value={named.head ?? ''}
          options={options(candidates)}
        />
        <Actions>
          <Button type="submit">{own.save}</Button>
        </Actions>
      </Form>
    </>,
  );
}
