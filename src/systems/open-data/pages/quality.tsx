import type { Platform } from '#platform/system.ts';
import { Badge, LinkButton, Section, type Tone } from '#ui/index.ts';
import { readPortal } from '../dcat/reading.ts';
import { readThemes } from '../dcat/themes.ts';
import type { Rating } from '../quality/criteria.ts';
import type { Point, Quality } from '../quality/quality.ts';
import { readQuality } from '../quality/reading.ts';
import { type QualityText, qualityText } from '../quality/words.ts';
import type { Here, ServedDataset } from './kit.tsx';

/** The quality of one dataset as it stands. */
export async function qualityFor(
  platform: Platform,
  at: Pick<Here, 'site'>,
  dataset: ServedDataset,
  due: string | null,
): Promise<Quality> {
  const [portal, themes] = await Promise.all([readPortal(platform.db, at.site), readThemes(platform.db)]);
  const found = await readQuality(
    platform.db,
    portal,
    themes,
    [{ package: dataset, due }],
    platform.clock.now(),
  );
  return found.get(dataset.id)!.quality;
}

const tones: Readonly<Record<Rating, Tone>> = {
  excellent: 'good',
  good: 'good',
  sufficient: 'warning',
  poor: 'danger',
};

export function RatingBadge(props: { at: Here; rating: Rating }) {
  const words = qualityText(props.at.language);
  return (
    <Badge tone={tones[props.rating]}>
      {words.quality}: {words.ratings[props.rating]}
    </Badge>
  );
}

/** What fails a criterion, in words; several are cut after the third with their number. */
export function whereOf(at: Here, words: QualityText, point: Point): string {
  const named = point.where.map((one) => (point.id === 'passport' ? (words.fields[one] ?? one) : one));
  const rest = named.length - 3;
  return named.slice(0, 3).join(', ') + (rest > 0 ? ` … +${at.number(rest)}` : '');
}

/** Points of both scales, and what each missing one asks for. */
export function QualitySection(props: { at: Here; quality: Quality; mendHref: string | null }) {
  const { at, quality } = props;
  const words = qualityText(at.language);
  const failing = quality.points
    .filter((point) => point.met === false)
    .toSorted((a, b) => b.points - a.points);
  const missing = failing.reduce((sum, point) => sum + point.points, 0);
  return (
    <Section title={words.quality} id="quality">
      <p>
        <RatingBadge at={at} rating={quality.rating} />{' '}
        <strong>{words.of(at.number(quality.mqa), '405')}</strong> {words.european} ·{' '}
        <strong>{words.of(at.number(quality.city), String(quality.cityOf))}</strong> {words.cityScale}
      </p>
      {failing.length === 0 ? (
        <p>{words.full}</p>
      ) : (
        <details class="details" open>
          <summary>{words.lead(at.number(missing))}</summary>
          <ul class="points">
            {failing.map((point) => (
              <li key={point.id}>
                <strong>+{point.points}</strong> {words.criteria[point.id]}
                {point.where.length > 0 && <span class="muted">: {whereOf(at, words, point)}</span>}
              </li>
            ))}
          </ul>
          {props.mendHref && (
            <LinkButton look="secondary" href={props.mendHref}>
              {words.mend}
            </LinkButton>
          )}
        </details>
      )}
    </Section>
  );
}
