import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Breadcrumbs, Button, Card, Form, LinkButton, Notice, PageHead, SummaryList } from '#ui/index.ts';
import { type CriterionId, criteria } from '../../quality/criteria.ts';
import { applyFix, type Fix, fixesOf } from '../../quality/fixes.ts';
import type { Quality } from '../../quality/quality.ts';
import { qualityText } from '../../quality/words.ts';
import { may } from '../../rights.ts';
import type { DatasetRow } from '../../served.ts';
import { type Here, here, type ServedDataset } from '../kit.tsx';
import { qualityFor, RatingBadge, whereOf } from '../quality.tsx';
import { datasetFor } from '../reads.ts';
import { deskText } from './text.ts';

interface Own {
  readonly row: DatasetRow;
  readonly dataset: ServedDataset;
  readonly quality: Quality;
}

async function own(platform: Platform, c: Context<MistoEnv>, at: Here): Promise<Own> {
  const { row, dataset } = await datasetFor(platform, c, at, c.req.param('dataset')!);
  if (!(await may(platform.db, c.var.visit.actor, 'write', row))) throw new NotFound('dataset');
  return { row, dataset, quality: await qualityFor(platform, at, dataset, row.due_at) };
}

const failingOf = (quality: Quality): ReadonlySet<CriterionId> =>
  new Set(quality.points.filter((point) => point.met === false).map((point) => point.id));

/** `/open-data/desk/dataset/{name}/quality`: each missing point, with what would earn it before and after, one click each. */
export function quality(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const words = qualityText(at.language);
    const { dataset, quality: found } = await own(platform, c, at);
    const fixes = new Map(
      (await fixesOf(platform.db, dataset.id, failingOf(found))).map((fix) => [fix.criterion, fix]),
    );
    const points = found.points
      .filter((point) => point.met === false)
      .toSorted((a, b) => Number(fixes.has(b.id)) - Number(fixes.has(a.id)) || b.points - a.points);
    const done = criteria.find(({ id }) => id === c.req.query('done'));
    return page(
      c,
      { title: words.mendTitle, shell: 'desk', width: 'wide' },
      <>
        <Breadcrumbs
          items={[
            { title: deskText(at.language).desk, href: at.href('/desk') },
            { title: dataset.title, href: at.href(`/desk/dataset/${dataset.name}`) },
          ]}
        />
        <PageHead
          title={words.mendTitle}
          lead={`${words.of(at.number(found.mqa), '405')} ${words.european} · ${words.of(at.number(found.city), String(found.cityOf))} ${words.cityScale}`}
          kicker={<RatingBadge at={at} rating={found.rating} />}
        />
        {done && (
          <Notice tone="good" live>
            <p>{failingOf(found).has(done.id) ? words.waits : words.done(String(done.points))}</p>
          </Notice>
        )}
        {c.req.query('stale') !== undefined && (
          <Notice tone="warning" live>
            <p>{words.stale}</p>
          </Notice>
        )}
        {points.length === 0 && <p>{words.full}</p>}
        {points.map((point) => (
          <Card
            key={point.id}
            level={2}
            title={`+${point.points} · ${words.criteria[point.id]}`}
            aside={<span class="muted">{words.dimensions[point.dimension]}</span>}
          >
            {point.where.length > 0 && <p class="muted">{whereOf(at, words, point)}</p>}
            {fixes.has(point.id) ? (
              <FixForm
                at={at}
                action={at.href(`/desk/dataset/${dataset.name}/quality`)}
                csrf={c.var.visit.csrfToken()}
                fix={fixes.get(point.id)!}
                points={point.points}
              />
            ) : (
              <ByHand at={at} dataset={dataset.name} criterion={point.id} />
            )}
          </Card>
        ))}
      </>,
    );
  };
}

/** Mended in the passport; everything else in the files, or by the officer. */
const inPassport: ReadonlySet<CriterionId> = new Set(['keyword', 'temporal', 'contact', 'passport']);

/** Where a point is earned that no click earns. */
function ByHand(props: { at: Here; dataset: string; criterion: CriterionId }) {
  const { at, dataset, criterion } = props;
  const words = qualityText(at.language);
  if (criterion === 'identifiers') return <p>{words.byOfficer}</p>;
  return inPassport.has(criterion) ? (
    <LinkButton look="secondary" href={at.href(`/desk/dataset/${dataset}/passport`)}>
      {words.inPassport}
    </LinkButton>
  ) : (
    <LinkButton look="secondary" href={at.href(`/desk/dataset/${dataset}`)}>
      {words.inFiles}
    </LinkButton>
  );
}

function FixForm(props: { at: Here; action: string; csrf: string; fix: Fix; points: number }) {
  const { at, fix } = props;
  const words = qualityText(at.language);
  return (
    <Form
      action={props.action}
      csrf={props.csrf}
      hidden={{ criterion: fix.criterion, after: fix.after }}
      label={words.criteria[fix.criterion]}
    >
      <SummaryList
        rows={[
          { name: words.now, value: fix.before || words.nothing },
          { name: words.after, value: fix.after },
        ]}
      />
      <Button type="submit">{words.apply(at.number(props.points))}</Button>
    </Form>
  );
}

/** Makes one proposed change. */
export function qualityAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const { dataset } = await own(platform, c, at);
    const form = await c.req.formData();
    const asked = criteria.find(({ id }) => id === form.get('criterion'));
    const path = `/desk/dataset/${dataset.name}/quality`;
    const made =
      asked !== undefined &&
      (await platform.work(c.var.visit.actor, (work) =>
        applyFix(work, dataset.id, asked.id, String(form.get('after') ?? '')),
      ));
    return c.redirect(at.href(path, made ? { done: asked.id } : { stale: '1' }), 303);
  };
}
