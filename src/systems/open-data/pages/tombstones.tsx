import { messages } from '#platform/i18n/index.ts';
import { Section, Timeline } from '#ui/index.ts';
import type { Tombstone } from '../takedown.ts';
import type { Here } from './kit.tsx';

const words = messages(
  {
    title: 'Вилучено',
    version: (n: string) => `Версію ${n} вилучено`,
    whole: 'Файл вилучено',
  },
  {
    en: {
      title: 'Taken down',
      version: (n) => `Version ${n} was taken down`,
      whole: 'The file was taken down',
    },
  },
);

/** What is left in public of versions that were taken down: their numbers, days, hashes, and why. */
export function Tombstones(props: { at: Here; stones: readonly Tombstone[] }) {
  const { at, stones } = props;
  const own = words(at.language);
  if (stones.length === 0) return null;
  return (
    <Section title={own.title}>
      <Timeline
        items={stones.map(({ n, at: when, reason, sha256 }) => ({
          title: n === null ? own.whole : own.version(at.number(n)),
          when: at.time(when),
          dateTime: when.toISOString(),
          tone: 'danger',
          body: (
            <>
              <p>{reason}</p>
              {sha256 && (
                <p class="muted">
                  SHA-256 <span class="mono">{sha256}</span>
                </p>
              )}
            </>
          ),
        }))}
      />
    </Section>
  );
}
