import { Conflict } from '#platform/errors.ts';
import {
  Actions,
  Badge,
  Button,
  Details,
  Empty,
  LinkButton,
  Notice,
  PageHead,
  Section,
  SummaryList,
  Table,
  TextInput,
} from '#ui/index.ts';
import { readCity } from '../../../city.ts';
import { rollBack } from '../../../rule-drafts.ts';
import { startDraft } from '../../../rule-edits.ts';
import {
  ActForm,
  type Desk,
  listed,
  namesFor,
  readShown,
  rulesPage,
  type ShownSet,
  sent,
  setsOf,
} from './kit.tsx';
import { RuleRounds } from './rounds.tsx';

/** `/desk/rules`: the rules in force in words, drafts, and what was in force before. */
export async function listPage(desk: Desk, problem?: string): Promise<Response> {
  const { words } = desk;
  const { rules: current } = await readCity(desk.platform.db);
  const [published, drafts, retired] = await Promise.all([
    current.version > 0 ? readShown(desk, current.version) : null,
    setsOf(desk, 'draft'),
    setsOf(desk, 'retired'),
  ]);
  const names = await namesFor(desk, published?.rules ?? []);
  const before = retired.find(
    (set) => set.publishedAt && published?.publishedAt && set.publishedAt < published.publishedAt,
  );
  const back = desk.c.req.query('back');
  return rulesPage(
    desk,
    { title: words.title, ...(problem ? { status: 409 } : {}) },
    <>
      <PageHead
        title={words.title}
        lead={words.lead}
        actions={
          <>
            <LinkButton href={desk.href('/try')} look="secondary" icon="search">
              {words.tryTitle}
            </LinkButton>
            <LinkButton href={desk.href('/reroute')} look="secondary">
              {words.rerouteTitle}
            </LinkButton>
          </>
        }
      />
      {problem && (
        <Notice tone="danger" live>
          <p>{problem}</p>
        </Notice>
      )}
      {back && /^\d+$/.test(back) && (
        <Notice tone="good" live>
          <p>{words.rolledBack(Number(back))}</p>
        </Notice>
      )}
      <Section title={words.drafts}>
        {drafts.length === 0 ? (
          <Empty title={words.noDrafts}>
            <p>{words.noDraftsWhy}</p>
          </Empty>
        ) : (
          <Sets desk={desk} sets={drafts} caption={words.drafts} />
        )}
        {published && (
          <ActForm desk={desk} action={desk.href('/drafts')} hidden={{ from: String(published.version) }}>
            <TextInput
              name="note"
              label={words.note}
              hint={words.noteHint}
              required={false}
              maxlength={300}
              width="full"
            />
            <Actions>
              <Button>{words.startDraft}</Button>
            </Actions>
          </ActForm>
        )}
      </Section>
      {published && (
        <Section title={`${words.published}: ${words.version(published.version)}`}>
          <SetFacts desk={desk} set={published} />
          <RuleRounds desk={desk} rules={published.rules} names={names} />
          {before && desk.may('rule_publish') && (
            <Details summary={words.rollBack}>
              <p>{words.rollBackWhy(before.version)}</p>
              <ActForm
                desk={desk}
                action={desk.href('/roll-back')}
                hidden={{ from: String(published.version), to: String(before.version) }}
              >
                <Button look="danger">{words.rollBack}</Button>
              </ActForm>
            </Details>
          )}
        </Section>
      )}
      {retired.length > 0 && (
        <Section title={words.history}>
          <Sets desk={desk} sets={retired} caption={words.history} />
          {retired.length === listed && <p class="muted">{words.limited(listed)}</p>}
        </Section>
      )}
    </>,
  );
}

/** Who made a set and who put it into force. */
export function SetFacts(props: { desk: Desk; set: Omit<ShownSet, 'rules'> }) {
  const { words, at } = props.desk;
  const { set } = props;
  return (
    <SummaryList
      rows={[
        { name: words.author, value: authorOf(props.desk, set) },
        { name: words.made, value: at.time(set.madeAt) },
        ...(set.publisherName ? [{ name: words.publisher, value: set.publisherName }] : []),
        ...(set.publishedAt ? [{ name: words.publishedAt, value: at.time(set.publishedAt) }] : []),
        ...(set.note ? [{ name: words.note, value: set.note }] : []),
      ]}
    />
  );
}

const authorOf = (desk: Desk, set: { author: string; authorName: string | null }) =>
  set.authorName ?? (set.author === 'city data' ? desk.words.cityData : set.author);

function Sets(props: { desk: Desk; sets: readonly Omit<ShownSet, 'rules'>[]; caption: string }) {
  const { desk } = props;
  const { words, at } = desk;
  return (
    <Table
      caption={props.caption}
      quietCaption
      rows={props.sets}
      rowKey={(set) => String(set.version)}
      columns={[
        {
          key: 'version',
          title: words.set,
          header: true,
          cell: (set) => <a href={desk.href(`/${set.version}`)}>{words.versionTitle(set.version)}</a>,
        },
        {
          key: 'status',
          title: words.status,
          cell: (set) => <StatusBadge desk={desk} status={set.status} />,
        },
        { key: 'author', title: words.author, cell: (set) => authorOf(desk, set) },
        { key: 'made', title: words.made, nowrap: true, cell: (set) => at.time(set.madeAt) },
        { key: 'note', title: words.note, cell: (set) => set.note ?? '–' },
      ]}
    />
  );
}

export function StatusBadge(props: { desk: Desk; status: ShownSet['status'] }) {
  const tone = props.status === 'published' ? 'good' : props.status === 'draft' ? 'warning' : 'neutral';
  return <Badge tone={tone}>{props.desk.words.statuses[props.status]}</Badge>;
}

/** Begins a draft with the rules in force. */
export async function beginDraft(desk: Desk): Promise<Response> {
  const { values } = await sent(desk.c);
  const note = (values.note ?? '').slice(0, 300);
  const version = await desk.run((work) => startDraft(work, Number(values.from) || 0, note));
  return desk.c.redirect(desk.href(`/${version}`, { done: 'started' }), 303);
}

/** Brings back the rules before these, if these are still the ones that the person saw. */
export async function rollBackAct(desk: Desk): Promise<Response> {
  const { values } = await sent(desk.c);
  try {
    const version = await desk.run((work) => rollBack(work, Number(values.from) || 0));
    return desk.c.redirect(desk.href('', { back: version }), 303);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    return listPage(desk, desk.words.rollBackStale);
  }
}
