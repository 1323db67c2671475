import { Card, Grid, Section } from '#ui/index.ts';
import type { Flat } from '../../../city-editing/kind.ts';
import { forColleagues } from '../../../city-editing/word-faults.ts';
import { letterOf } from '../../../letters.ts';
import { mask } from '../../../publication.ts';
import type { HistoryMove } from '../../../states.ts';
import type { CityDesk } from './kit.tsx';

/** A request that nobody sent, for words to stand in. */
const example = '26483729153';

/** The letter that a reporter would get with these ready words, in both languages. */
export function LetterPreview({ desk, flat }: { desk: CityDesk; flat: Flat }) {
  const { words, at } = desk;
  const isPublic = !forColleagues.has(flat.move as HistoryMove);
  const letter = letterOf(flat.move!);
  return (
    <Section title={words.preview} id="preview">
      <p class="muted">{isPublic ? words.previewLead : words.previewColleagues}</p>
      <Grid min="wide">
        {(['uk', 'en'] as const).map((language) => {
          const note = (flat[`text-${language}`] ?? '').trim();
          const said = letter.say[language]({
            number: example,
            master: null,
            note: isPublic && note ? mask(note) : null,
            organisation: null,
            due: at.date(desk.platform.clock.now()),
            href: '',
            stoppable: false,
            appeal: false,
          });
          return (
            <Card key={language} level={3} title={words.previewBy[language]}>
              <p lang={language}>
                <strong>{said.subject}</strong>
              </p>
              {said.lines.map((line) => (
                <p key={line} lang={language}>
                  {line}
                </p>
              ))}
            </Card>
          );
        })}
      </Grid>
    </Section>
  );
}
