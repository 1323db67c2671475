import type { Context } from 'hono';
import type { FieldFault } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import {
  Actions,
  Button,
  Card,
  Checkbox,
  Details,
  ErrorSummary,
  Form,
  Grid,
  Island,
  Notice,
  PageHead,
  Radios,
  Select,
  Split,
  SummaryList,
  TextArea,
  TextInput,
} from '#ui/index.ts';
import { appealKinds } from '../../../appeals.ts';
import { type Article, findArticles } from '../../../articles.ts';
import { type City, readCity } from '../../../city.ts';
import type { Call } from '../../../contacts.ts';
import { type Nearby, nearby } from '../../../duplicates.ts';
import { type House, houseOf } from '../../../house.ts';
import ConsoleKeys from '../../../islands/console-keys.tsx';
import { callerHistory, type DeskRow, houseHistory, type Listed } from '../../../lists/index.ts';
import { whyOf } from '../../../why.ts';
import { appealText } from '../../appeal-text.ts';
import { type Here, here } from '../../kit.tsx';
import { type BuildingChoice, findBuildings, ownRequest, type PublicRequest } from '../../reads.ts';
import { grouped } from '../../report/category.tsx';
import { phoneOf } from '../../report/contact.tsx';
import { askedOf, Question } from '../../report/questions.tsx';
import { type Suggestion, suggest } from '../../report/suggest.ts';
import { shownNumber } from '../../text.ts';
import { type KeyName, keys } from './keys.ts';
import { CallerPanel, HousePanel, KnowledgePanel, NearbyPanel } from './panels.tsx';
import { type OperatorText, operatorText } from './text.ts';

/** Everything that helps with one conversation, read at once. */
export interface Screen {
  readonly call: Call;
  readonly city: City;
  readonly caller: Awaited<ReturnType<typeof callerHistory>> | null;
  readonly house: House | null;
  readonly history: Listed<DeskRow> | null;
  readonly choices: readonly BuildingChoice[];
  readonly suggestions: readonly Suggestion[];
  readonly near: readonly Nearby[];
  readonly articles: readonly Article[];
  readonly made: readonly {
    readonly request: PublicRequest;
    readonly how: Call['requests'][number]['how'];
  }[];
}

const yearOf = (now: Date) => new Date(now.getTime() - 365 * 86_400_000);

/** Reads the screen in the work that records the look at the caller's data. */
export async function readScreen(work: Work, call: Call, at: Here): Promise<Screen> {
  const { draft } = call;
  const now = work.clock.now();
  const city = await readCity(work.tx);
  const phone = phoneOf(draft.phone ?? '');
  const house = draft.building ? await houseOf(work.tx, draft.building, now) : null;
  const choices = !house && draft.address ? await findBuildings(work.tx, draft.address) : [];
  const leaf = city.leaves.get(draft.category ?? '')?.leaf;
  const near =
    leaf && house
      ? await nearby(work.tx, {
          point: house,
          group: leaf.clusterGroup ?? leaf.code,
          now,
          centre: city.settings.centre,
          radius: 1000,
        })
      : [];
  const said = draft.q || draft.text || '';
  const made: { request: PublicRequest; how: Call['requests'][number]['how'] }[] = [];
  for (const { number, how } of call.requests) {
    const request = await ownRequest(work.tx, at.language, number);
    if (request) made.push({ request, how });
  }
  return {
    call,
    city,
    caller: phone ? await callerHistory(work, phone) : null,
    house,
    history: house ? await houseHistory(work.tx, house.id, yearOf(now), 50) : null,
    choices,
    suggestions: leaf || !draft.text ? [] : suggest(city.leaves.values(), draft.text, draft.language ?? 'uk'),
    near: near.filter((one) => !call.requests.some(({ number }) => number === one.number)),
    articles: said ? await findArticles(work.tx, said, 5) : [],
    made,
  };
}

export interface Shown {
  readonly faults?: readonly FieldFault[];
  readonly problem?: string;
  readonly status?: number;
}

/** The screen of a conversation: one form, whose every button keeps all that was typed. */
export async function drawConsole(
  platform: Platform,
  c: Context<MistoEnv>,
  screen: Screen,
  shown: Shown,
): Promise<Response> {
  const at = here(c);
  const words = operatorText(at.language);
  const lawWords = appealText(at.language);
  const { call, city, made } = screen;
  const { draft } = call;
  const faults = shown.faults ?? [];
  const leaf = city.leaves.get(draft.category ?? '')?.leaf;
  const stop = leaf?.stopper ?? leaf?.competence;
  const whys = await Promise.all(made.map(({ request }) => whyOf(platform.db, request.number, at.language)));
  return page(
    c,
    {
      title: words.title,
      shell: 'desk',
      private: true,
      index: false,
      faults,
      ...(shown.status ? { status: shown.status } : {}),
    },
    <>
      <ErrorSummary faults={faults} />
      {shown.problem && (
        <Notice tone="danger" live>
          <p>{shown.problem}</p>
        </Notice>
      )}
      <Form
        action={at.href('/desk/operator')}
        csrf={c.var.visit.csrfToken()}
        faults={faults}
        hidden={{
          call: call.id,
          intake: call.intakeKey,
          building: draft.building,
          placed: draft.building ? draft.address : undefined,
        }}
      >
        {/* Enter in any field presses the first button of a form: here it only refreshes. */}
        <PageHead
          title={words.title}
          kicker={words.call(at.time(call.startedAt))}
          actions={
            <>
              <Button look="secondary" name="do" value="look" accesskey={keys.look}>
                {words.look}
              </Button>
              <Button look="secondary" name="do" value="dropped" accesskey={keys.dropped}>
                {words.dropped}
              </Button>
              {made.length > 0 ? (
                <Button id="finish" name="do" value="finish" accesskey={keys.finish}>
                  {words.finish}
                </Button>
              ) : (
                <Button look="secondary" name="do" value="consultation" accesskey={keys.consultation}>
                  {words.consultation}
                </Button>
              )}
            </>
          }
        />
        <Split
          aside={
            <>
              <CallerPanel at={at} words={words} caller={screen.caller} />
              <HousePanel at={at} words={words} city={city} house={screen.house} history={screen.history} />
              <KnowledgePanel
                at={at}
                words={words}
                q={draft.q ?? ''}
                articles={screen.articles}
                searched={Boolean(draft.q)}
              />
            </>
          }
        >
          {made.map(({ request, how }, index) => (
            <Receipt
              key={request.number}
              at={at}
              words={words}
              request={request}
              how={how}
              why={how === 'registered' ? (whys[index] ?? null) : null}
            />
          ))}
          <Card title={words.caller} level={2}>
            <Grid min="narrow">
              <TextInput
                name="phone"
                label={words.phone}
                type="tel"
                value={draft.phone ?? ''}
                accesskey={keys.phone}
                autocomplete="off"
              />
              <TextInput name="name" label={words.name} value={draft.name ?? ''} autocomplete="off" />
            </Grid>
            <Radios
              name="language"
              label={words.speaks}
              inline
              options={[
                { value: 'uk', label: 'Українська' },
                { value: 'en', label: 'English' },
              ]}
              value={draft.language ?? 'uk'}
            />
          </Card>
          <Card title={words.place} level={2}>
            <Grid min="narrow">
              <TextInput
                name="address"
                label={words.address}
                hint={words.addressHint}
                value={draft.address ?? ''}
                accesskey={keys.address}
                autocomplete="off"
              />
              <TextInput
                name="flat"
                label={words.flat}
                width="xs"
                value={draft.flat ?? ''}
                required={leaf?.needs?.includes('flat') === true}
                autocomplete="off"
              />
              {(leaf?.needs?.includes('asset') || draft.asset) && (
                <TextInput
                  name="asset"
                  label={words.asset}
                  hint={words.assetHint}
                  width="s"
                  required={false}
                  value={draft.asset ?? ''}
                  autocomplete="off"
                />
              )}
            </Grid>
            {screen.choices.length > 0 && (
              <>
                <p>{words.choose}</p>
                <Actions>
                  {screen.choices.map((one, index) => (
                    <Button
                      key={one.id}
                      look="secondary"
                      size="small"
                      name="do"
                      value={`building:${one.id}`}
                      {...(index === 0 ? { id: 'choice' } : {})}
                    >
                      {one.address}
                    </Button>
                  ))}
                </Actions>
              </>
            )}
            {draft.address && !screen.house && screen.choices.length === 0 && <p>{words.unknown}</p>}
          </Card>
          <Card title={words.problem} level={2}>
            <TextArea
              name="text"
              label={words.text}
              rows={4}
              value={draft.text ?? ''}
              accesskey={keys.text}
            />
            {screen.suggestions.length > 0 && (
              <>
                <p>{words.suggested}:</p>
                <Actions>
                  {screen.suggestions.map((one, index) => (
                    <Button
                      key={one.code}
                      look="secondary"
                      size="small"
                      name="do"
                      value={`category:${one.code}`}
                      {...(index === 0 ? { id: 'suggestion' } : {})}
                    >
                      {city.leaves.get(one.code)!.leaf.name[at.language]}{' '}
                      <span class="muted">{words.because(one.because.join(', '))}</span>
                    </Button>
                  ))}
                </Actions>
              </>
            )}
            <Select
              name="category"
              label={words.category}
              empty={words.noCategory}
              accesskey={keys.category}
              value={draft.category ?? ''}
              options={grouped(city, at.language).flatMap((branch) =>
                branch.options.map(({ value, label }) => ({ value, label: `${branch.name} · ${label}` })),
              )}
            />
            {stop && (
              <Notice tone={leaf?.stopper ? 'danger' : 'warning'} title={words.whom} live>
                <p>{stop[at.language]}</p>
              </Notice>
            )}
            {leaf?.notice && (
              <Notice>
                <p>{leaf.notice[at.language]}</p>
              </Notice>
            )}
            {leaf &&
              !stop &&
              askedOf(leaf, draft.answers ?? {}).map((question) => (
                <Question
                  key={question.code}
                  question={question}
                  language={at.language}
                  values={draft.answers?.[question.code] ?? []}
                />
              ))}
            <Details summary={words.appeal} open={draft.appeal !== undefined}>
              <Radios
                name="appeal"
                label={words.appeal}
                options={[
                  { value: '', label: words.service },
                  ...appealKinds.map((kind) => ({ value: kind, label: lawWords.kinds[kind] })),
                ]}
                value={draft.appeal ?? ''}
              />
              <TextInput
                name="residence"
                label={lawWords.residence}
                hint={lawWords.residenceHint}
                value={draft.residence ?? ''}
                autocomplete="off"
              />
            </Details>
            {!stop && <Checkbox name="private" label={words.private} checked={draft.private === true} />}
            {!stop && <NearbyPanel at={at} words={words} city={city} found={screen.near} />}
            <Actions>
              {!stop && (
                <Button id="register" name="do" value="register" accesskey={keys.register}>
                  {words.register}
                </Button>
              )}
              <Button
                look={stop ? 'primary' : 'quiet'}
                name="do"
                value="out_of_competence"
                accesskey={keys.competence}
              >
                {words.competence}
              </Button>
            </Actions>
          </Card>
        </Split>
      </Form>
      <KeyList
        words={words}
        names={[
          'phone',
          'address',
          'text',
          'category',
          'search',
          'look',
          'register',
          'join',
          'reopen',
          'consultation',
          'competence',
          'dropped',
          'finish',
        ]}
      />
    </>,
  );
}

/** The keys of this screen. */
export function KeyList(props: { words: OperatorText; names: readonly KeyName[] }) {
  const { words, names } = props;
  const list = {
    title: words.keys,
    help: words.keysHelp,
    rows: names.map((name) => ({ key: keys[name], what: words.keyNames[name] })),
  };
  return (
    <Island name="console-keys" props={list}>
      <ConsoleKeys {...list} />
    </Island>
  );
}

/** What is read out: number, executor, due and why. */
function Receipt(props: {
  at: Here;
  words: OperatorText;
  request: PublicRequest;
  how: 'registered' | 'joined' | 'reopened';
  why: string | null;
}) {
  const { at, words, request } = props;
  const number = shownNumber(request.number);
  return (
    <Card
      level={2}
      tone="good"
      title={words.receipt[props.how]}
      aside={<strong class="mono">{number}</strong>}
    >
      <div id="receipt" tabindex={-1}>
        <p class="muted">{words.readAloud}:</p>
        <p>
          {words.say(number)}{' '}
          {request.organisationName ? words.sayExecutor(request.organisationName) : words.sayTriage}{' '}
          {request.due && words.sayDue(at.time(request.due))}
        </p>
      </div>
      <SummaryList
        rows={[
          { name: words.category, value: request.categoryName },
          ...(props.why ? [{ name: words.why, value: props.why }] : []),
        ]}
      />
      <p class="muted">{words.next}</p>
    </Card>
  );
}
