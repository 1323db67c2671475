import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Actions, Button, Card, Form, LinkButton, Notice, Section } from '#ui/index.ts';
import { Absent, Denied } from '../../faults.ts';
import { freshnessOf } from '../../freshness.ts';
import { confirmUnchanged } from '../../promises/confirm.ts';
import { FreshnessBadge, type Here, here } from '../kit.tsx';
import { promiseText } from './promise-text.ts';
import type { OwnDataset } from './reads.ts';

/** Cards of what is due; the list below has all of them, in the same order. */
const shown = 6;

/** «Час оновити»: datasets whose date has passed or is near, with what to do at once. Nothing where nothing is due. */
export function DueList(props: { at: Here; datasets: readonly OwnDataset[]; now: Date; csrf: string }) {
  const { at, now } = props;
  const own = promiseText(at.language);
  const due = props.datasets.filter((one) =>
    ['soon', 'late', 'very late'].includes(freshnessOf(one.due, one.frequency ?? undefined, now)),
  );
  if (due.length === 0) return null;
  return (
    <Section title={own.dueList} lead={own.dueLead}>
      {due.slice(0, shown).map((one) => {
        const title = one.title || one.name;
        const when = new Date(one.due!);
        return (
          <Card
            key={one.id}
            title={title}
            href={at.href(`/desk/dataset/${one.name}`)}
            aside={<FreshnessBadge at={at} due={one.due} frequency={one.frequency ?? undefined} now={now} />}
          >
            <p>{when < now ? own.was(at.time(when)) : own.until(at.time(when))}</p>
            <Actions>
              <LinkButton look="secondary" href={at.href(`/desk/dataset/${one.name}`)}>
                {own.next}
              </LinkButton>
              <Confirm at={at} name={one.name} title={title} csrf={props.csrf} />
            </Actions>
          </Card>
        );
      })}
      {due.length > shown && <p class="muted">{own.more(at.number(due.length - shown))}</p>}
    </Section>
  );
}

/** How the promise of one dataset stands, and the way to confirm that nothing has changed. */
export function PromiseSection(props: {
  at: Here;
  name: string;
  title: string;
  due: string | null;
  frequency: string | undefined;
  now: Date;
  csrf: string;
  /** It has just been confirmed. */
  confirmed: boolean;
}) {
  const { at, due, now } = props;
  const own = promiseText(at.language);
  if (due === null)
    return (
      <Section title={own.promise}>
        <p class="muted">{own.none}</p>
      </Section>
    );
  const when = new Date(due);
  return (
    <Section title={own.promise}>
      {props.confirmed && (
        <Notice tone="good" live>
          <p>{own.confirmed(at.time(when))}</p>
        </Notice>
      )}
      <p>
        <FreshnessBadge at={at} due={due} frequency={props.frequency} now={now} />{' '}
        {when < now ? own.was(at.time(when)) : own.until(at.time(when))}
      </p>
      <p class="muted">{own.what}</p>
      <Confirm at={at} name={props.name} title={props.title} csrf={props.csrf} />
    </Section>
  );
}

function Confirm(props: { at: Here; name: string; title: string; csrf: string }) {
  const own = promiseText(props.at.language);
  return (
    <Form
      action={props.at.href(`/desk/dataset/${props.name}/unchanged`)}
      csrf={props.csrf}
      label={own.unchangedOf(props.title)}
    >
      <Button type="submit" look="secondary">
        {own.unchanged}
      </Button>
    </Form>
  );
}

/** `POST /open-data/desk/dataset/{name}/unchanged`: nothing has changed, the promise counts from now. */
export function unchangedAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const name = c.req.param('dataset')!;
    try {
      await platform.work(c.var.visit.actor, (work) => confirmUnchanged(work, name));
    } catch (error) {
      // What one may not write at this desk looks like what is not there.
      if (error instanceof Absent || error instanceof Denied) throw new NotFound('dataset');
      throw error;
    }
    return c.redirect(here(c).href(`/desk/dataset/${name}`, { confirmed: 1 }), 303);
  };
}
