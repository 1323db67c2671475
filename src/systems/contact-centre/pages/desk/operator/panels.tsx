import { Badge, Button, Card, Details, SummaryList, TextInput } from '#ui/index.ts';
import type { Article } from '../../../articles.ts';
import type { City } from '../../../city.ts';
import type { Nearby } from '../../../duplicates.ts';
import type { House } from '../../../house.ts';
import type { CallerContact, CallerRequest, DeskRow, Listed } from '../../../lists/index.ts';
import { type Here, StateBadge } from '../../kit.tsx';
import { inLanguage } from '../../reads.ts';
import { shownNumber } from '../../text.ts';
import { keys } from './keys.ts';
import type { OperatorText } from './text.ts';

interface Panel {
  readonly at: Here;
  readonly words: OperatorText;
}

/** Who calls: requests of the number, of however many people, and past conversations. */
export function CallerPanel(
  props: Panel & {
    caller: { requests: Listed<CallerRequest>; contacts: Listed<CallerContact> } | null;
  },
) {
  const { at, words, caller } = props;
  const names = new Set(caller?.requests.rows.flatMap(({ name }) => (name ? [name] : [])));
  const empty = caller && caller.requests.rows.length + caller.contacts.rows.length === 0;
  return (
    <Card title={words.known} level={2}>
      {!caller && <p class="muted">{words.noPhone}</p>}
      {empty && <p class="muted">{words.nobody}</p>}
      {names.size > 1 && (
        <p>
          <Badge tone="warning">{words.several}</Badge>
        </p>
      )}
      {caller && caller.requests.rows.length > 0 && (
        <>
          <h3>{words.requests}</h3>
          <Requests at={at} rows={caller.requests.rows} />
          {caller.requests.more && <p class="muted">{words.more}</p>}
        </>
      )}
      {caller && caller.contacts.rows.length > 0 && (
        <Details summary={`${words.past} (${at.number(caller.contacts.rows.length)})`}>
          <ul>
            {caller.contacts.rows.map((one) => (
              <li key={one.id}>
                {at.time(one.startedAt)} · {outcomeName(words, one.outcome)}
                {one.note && `: ${one.note}`}
              </li>
            ))}
          </ul>
          {caller.contacts.more && <p class="muted">{words.more}</p>}
        </Details>
      )}
    </Card>
  );
}

function outcomeName(words: OperatorText, outcome: string): string {
  const names: Record<string, string> = {
    consultation: words.consultation,
    request: words.receipt.registered,
    joined: words.receipt.joined,
    out_of_competence: words.competence,
    dropped: words.dropped,
  };
  return names[outcome] ?? outcome;
}

function Requests(props: { at: Here; rows: readonly (DeskRow & { name?: string | null })[] }) {
  const { at } = props;
  return (
    <ul>
      {props.rows.map((one) => (
        <li key={one.number}>
          <strong>{inLanguage(one.categoryName, at.language) || one.category}</strong>{' '}
          <StateBadge language={at.language} state={one.state} closing={one.closing} />
          <br />
          <span class="muted">
            <span class="mono">{shownNumber(one.number)}</span> · {at.date(one.createdAt)}
            {one.name && ` · ${one.name}`}
            {one.due && ` · ${at.text.due} ${at.time(one.due)}`}
            {one.organisationName && ` · ${inLanguage(one.organisationName, at.language)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The house: who keeps it, who works there, their duty phones, and its last twelve months. */
export function HousePanel(
  props: Panel & { city: City; house: House | null; history: Listed<DeskRow> | null },
) {
  const { at, words, city, house, history } = props;
  if (!house)
    return (
      <Card title={words.house} level={2}>
        <p class="muted">{words.noHouse}</p>
      </Card>
    );
  const phone = (number: string | null) =>
    number && (
      <>
        {' · '}
        <a href={`tel:${number.replaceAll(' ', '')}`}>{number}</a>
      </>
    );
  return (
    <Card title={house.address} level={2}>
      <SummaryList
        rows={[
          {
            name: words.owner,
            value: house.owner ? (
              <>
                {inLanguage(house.owner.name, at.language)}
                {phone(house.owner.dutyPhone)}
              </>
            ) : (
              words.noOwner
            ),
          },
          ...house.contracts.map((one) => ({
            name: city.branches.get(one.branch)?.name[at.language] ?? one.branch,
            value: (
              <>
                {inLanguage(one.holder, at.language)}, {words.contract(one.number)}
                {phone(one.dutyPhone)}
              </>
            ),
          })),
        ]}
      />
      {history && history.rows.length === 0 && <p class="muted">{words.none}</p>}
      {history && history.rows.length > 0 && (
        <Details
          summary={words.year(`${at.number(history.rows.length)}${history.more ? '+' : ''}`)}
          open={history.rows.length <= 3}
        >
          <Requests at={at} rows={history.rows} />
          {history.more && <p class="muted">{words.more}</p>}
        </Details>
      )}
    </Card>
  );
}

/** What a neighbour may have reported already: joining or reopening is one press, going on is always possible. */
export function NearbyPanel(props: Panel & { city: City; found: readonly Nearby[] }) {
  const { at, words, city, found } = props;
  if (found.length === 0) return null;
  const first = (closed: boolean) => found.find((one) => (one.state === 'closed') === closed)?.number;
  return (
    <Card title={words.near} level={2} tone="warning">
      {found.map((one) => (
        <Card
          key={one.number}
          level={3}
          title={city.leaves.get(one.category)?.leaf.name[at.language] ?? one.category}
          aside={<StateBadge language={at.language} state={one.state} closing={one.closing} />}
        >
          <p>{one.text ?? at.text.hiddenText}</p>
          <p class="muted">
            {one.address && `${one.address} · `}
            {words.distance(at.number(Math.round(one.distance)))} ·{' '}
            {words.age(Math.floor(one.age / 86_400_000))} · {words.people(at.number(one.reporters))} ·{' '}
            <span class="mono">{shownNumber(one.number)}</span>
          </p>
          {one.state === 'closed' ? (
            <Button
              look="secondary"
              name="do"
              value={`reopen:${one.number}`}
              {...(first(true) === one.number ? { accesskey: keys.reopen } : {})}
            >
              {words.reopen}
            </Button>
          ) : (
            <Button
              look="secondary"
              name="do"
              value={`join:${one.number}`}
              {...(first(false) === one.number ? { accesskey: keys.join } : {})}
            >
              {words.join}
            </Button>
          )}
        </Card>
      ))}
      <p>{words.another}</p>
    </Card>
  );
}

/** Answers and scripts, found by what was typed into the search or, until then, by the caller's own words. */
export function KnowledgePanel(
  props: Panel & { q: string; articles: readonly Article[]; searched: boolean },
) {
  const { at, words, q, articles } = props;
  return (
    <Card title={words.knowledge} level={2}>
      <TextInput
        name="q"
        label={words.search}
        hint={words.searchHint}
        value={q}
        accesskey={keys.search}
        autocomplete="off"
      />
      {props.searched && articles.length === 0 && <p class="muted">{words.noArticles}</p>}
      {articles.map((one, index) => (
        <Details key={one.code} summary={one.title[at.language]} open={index === 0}>
          {one.body[at.language].split('\n\n').map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          {one.script.length > 0 && (
            <>
              <p>
                <strong>{words.script}</strong>
              </p>
              <ol>
                {one.script.map((step) => (
                  <li key={step.uk}>{step[at.language]}</li>
                ))}
              </ol>
            </>
          )}
          <p>
            <a href={at.href(`/help/${one.code}`)}>{words.open}</a>
          </p>
        </Details>
      ))}
    </Card>
  );
}
