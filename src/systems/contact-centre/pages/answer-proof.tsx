import type { Context } from 'hono';
import type { VNode } from 'preact';
import { findEntry, proofOf } from '#platform/audit/proofs.ts';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import { type Language, messages } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Details, LinkButton, Notice, PageHead, QrCode, SummaryList } from '#ui/index.ts';
import { answerOfEntry } from '../appeals.ts';
import { readCity } from '../city.ts';
import { here } from './kit.tsx';
import { inLanguage } from './reads.ts';
import { shownNumber } from './text.ts';

const text = messages(
  {
    title: 'Перевірка письмової відповіді',
    lead: 'Цю відповідь записано в журнал міста, якого ніхто не може непомітно змінити. Тексту тут немає: він лише в того, хто має лист.',
    request: 'Звернення',
    sent: 'Надіслано',
    by: 'Від кого',
    entry: 'Номер запису в журналі',
    digest: 'Відбиток тексту (SHA-256)',
    signed: 'Підписано містом',
    waitsTitle: 'Запис ще не підписано',
    waits: 'Журнал підписують щоночі о 00:05. Після цього тут з’явиться доказ.',
    download: 'Завантажити доказ',
    how: 'Як перевірити самостійно',
    steps: [
      'Завантажте доказ на цій сторінці та підписані стани журналу: /.well-known/misto/audit-heads.json.',
      'Завантажте текст листа для перевірки на сторінці своєї відповіді.',
      'Виконайте: misto verify-inclusion ДОКАЗ СТАНИ ЛИСТ. База міста для цього не потрібна.',
    ],
    code: 'Код для перевірки відповіді',
    caption: 'Наведіть камеру, щоб перевірити, що ця відповідь справжня, або відкрийте:',
    letter: 'Текст листа для перевірки (JSON)',
  },
  {
    en: {
      title: 'Check of a written answer',
      lead: 'This answer is on record in the log of the city, which nobody can change unnoticed. Its words are not here: only whoever has the letter has them.',
      request: 'Appeal',
      sent: 'Sent',
      by: 'From',
      entry: 'Number of the log entry',
      digest: 'Digest of the words (SHA-256)',
      signed: 'Signed by the city',
      waitsTitle: 'The entry is not signed yet',
      waits: 'The log is signed each night at 00:05. From then on the proof is here.',
      download: 'Download the proof',
      how: 'How to check it yourself',
      steps: [
        'Download the proof from this page, and the signed states of the log: /.well-known/misto/audit-heads.json.',
        'Download the words of the letter from the page of your answer.',
        'Run: misto verify-inclusion PROOF HEADS LETTER. It needs no database of the city.',
      ],
      code: 'Code to check the answer by',
      caption: 'Point a camera at it to check that this answer is genuine, or open:',
      letter: 'The words of the letter for the check (JSON)',
    },
  },
);

const isId = (id: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);

/** What stands below a written answer, on paper as well: by it anybody who holds the letter checks it. */
export function AnswerCode(props: { language: Language; url: string; letter: string }): VNode {
  const words = text(props.language);
  return (
    <>
      <figure class="proof">
        <QrCode text={props.url} label={words.code} />
        <figcaption>
          {words.caption}{' '}
          <a href={props.url} class="break">
            {props.url}
          </a>
        </figcaption>
      </figure>
      <p class="screen-only">
        <a href={props.letter}>{words.letter}</a>
      </p>
    </>
  );
}

/** `/answers/{entry}`: where the code of a letter leads. Whoever has no letter does not find it. */
export function answerProof(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const at = here(c);
    const words = text(at.language);
    const { answer, logged } = await found(platform, c.req.param('entry') ?? '');
    const city = await readCity(platform.db);
    const digest = (logged?.record.detail as { digest?: string } | undefined)?.digest;
    const organisation = inLanguage(
      city.known.organisations.get(answer.organisation ?? '')?.name,
      at.language,
    );
    return page(
      c,
      { title: words.title, private: true, index: false },
      <>
        <PageHead title={words.title} lead={words.lead} />
        <SummaryList
          rows={[
            { name: words.request, value: <span class="mono">{shownNumber(answer.request)}</span> },
            { name: words.sent, value: at.time(answer.sentAt) },
            ...(organisation ? [{ name: words.by, value: organisation }] : []),
            ...(logged ? [{ name: words.entry, value: String(logged.number) }] : []),
            ...(digest ? [{ name: words.digest, value: <code class="break">{digest}</code> }] : []),
            ...(logged?.signedAt ? [{ name: words.signed, value: at.time(logged.signedAt) }] : []),
          ]}
        />
        {logged?.signedAt ? (
          <>
            <p>
              <LinkButton href={at.href(`/answers/${c.req.param('entry')}/proof.json`)}>
                {words.download}
              </LinkButton>
            </p>
            <Details summary={words.how}>
              <ol>
                {words.steps.map((step) => (
                  <li key={step}>{step}</li>
                ))}
              </ol>
            </Details>
          </>
        ) : (
          <Notice title={words.waitsTitle}>
            <p>{words.waits}</p>
          </Notice>
        )}
      </>,
    );
  };
}

/** `/answers/{entry}/proof.json`. @throws NotFound also while no head covers the entry. */
export function answerProofFile(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const { logged } = await found(platform, c.req.param('entry') ?? '');
    const proof = logged && (await proofOf(platform.db, logged.number));
    if (!proof) throw new NotFound('proof');
    return jsonFile(proof, `proof-${logged.number}.json`);
  };
}

/** A file that is kept, not looked at. */
export function jsonFile(body: string, name: string): Response {
  return new Response(body, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'private, no-store',
    },
  });
}

async function found(platform: Platform, entry: string) {
  const answer = isId(entry) ? await answerOfEntry(platform.db, entry) : null;
  if (!answer) throw new NotFound('answer');
  return { answer, logged: await findEntry(platform.db, `request:${answer.request}`, entry) };
}
