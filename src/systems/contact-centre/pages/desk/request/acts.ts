import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { isUnreadable } from '#platform/http/forms.ts';
import { countedNetwork } from '#platform/http/limits.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import { type AppealKind, makeStatutory } from '../../../appeals.ts';
import { makeCrewLink, revokeCrewLink } from '../../../crew-links.ts';
import { keepResults, moveMany } from '../../../dispatching.ts';
import { evidenceOf, keepEvidence, mostEvidence } from '../../../evidence.ts';
import { liftLegalHold, mostHoldReason, putLegalHold } from '../../../legal-holds.ts';
import { text } from '../../../messages.ts';
import { act, addNote } from '../../../moves.ts';
import { type PauseGround, pauseWork, resumeWork } from '../../../pausing.ts';
import { exportPersonal } from '../../../personal.ts';
import { receivePhotos } from '../../../photos.ts';
import { type Move, moves } from '../../../states.ts';
import { readTemplates } from '../../../templates.ts';
import { fields } from '../../kit.tsx';
import { typedNumber } from '../../text.ts';
import { type DeskHere, deskHere, faultWords, tryAct } from '../kit.tsx';
import { fieldName, readMove, withTemplate } from '../moves.tsx';
import { exportText, groundField } from './export.tsx';
import { holdField } from './hold.tsx';
import { drawRequest } from './page.tsx';
import { caseFile } from './reads.ts';
import { requestText } from './text.ts';

const longest = 4_000;
/** Of a name or an address. */
const longestLine = 300;
type Answer = (c: Context<MistoEnv>) => Promise<Response>;

const numberOf = (c: Context<MistoEnv>) => typedNumber(c.req.param('number') ?? '');
export const moveOf = (typed: Readonly<Record<string, string>>): Move | null =>
  moves.find(({ move }) => move === typed.move)?.move ?? null;

/** Runs in one transaction, under the request id of the page. */
export const workOf =
  (platform: Platform, c: Context<MistoEnv>) =>
  <T>(one: (work: Work) => Promise<T>): Promise<T> =>
    platform.work(c.var.visit.actor, one, { requestId: c.var.visit.requestId });

/** `POST /desk/requests/{number}`: one move, with the version that the person saw. */
export function requestAct(platform: Platform): Answer {
  return async (c) => {
    const at = deskHere(c);
    const number = numberOf(c);
    const typed = await fields(c);
    const move = moveOf(typed);
    if (!move) throw new NotFound('move');
    const { input, faults } = readMove(at, move, typed);
    if (faults.length) return drawRequest(platform, c, { faults, typed, move });
    const run = workOf(platform, c);
    const version = Number(typed.version);
    const leftOut = move === 'claim' ? await takeEvidence(platform, c, at, number) : [];
    const made = await tryAct(() =>
      run(async (work) =>
        act(work, number, move, {
          ...input,
          ...(Number.isInteger(version) && version > 0 ? { version } : {}),
          ...(move === 'claim' ? { evidence: await evidenceOf(work.tx, number) } : {}),
        }),
      ),
    );
    if (made.kind === 'faults')
      return drawRequest(platform, c, {
        faults: faultWords(at.words, made.faults, (field) => fieldName(move, field)),
        typed,
        move,
        leftOut,
      });
    if (made.kind === 'refused')
      return drawRequest(platform, c, {
        status: made.code === 'forbidden' ? 403 : 409,
        refused: made.code,
        ...(made.code === 'stale' ? { seen: version } : {}),
        typed,
        move,
        leftOut,
      });
    return goOn(platform, c, at, number, move);
  };
}

/** Back to the page, or to the queue when the request is no longer the actor's to see. */
async function goOn(
  platform: Platform,
  c: Context<MistoEnv>,
  at: DeskHere,
  number: string,
  done: string,
): Promise<Response> {
  try {
    await caseFile(platform.db, c.var.visit.actor, number);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    return c.redirect(at.href('/desk/dispatcher', { gone: number }), 303);
  }
  return c.redirect(at.href(`/desk/requests/${number}`, { done }), 303);
}

/**
 * Keeps the photos of a claim's form before the claim itself: when an answer is missing, they are there already.
 *
 * @returns what was left out, in words.
 */
export async function takeEvidence(
  platform: Platform,
  c: Context<MistoEnv>,
  at: DeskHere,
  number: string,
  run = workOf(platform, c),
  actor = c.var.visit.actor,
): Promise<readonly string[]> {
  const form = await c.req.formData();
  const left: string[] = [];
  for (const kind of ['before', 'after'] as const) {
    const files = form
      .getAll(fieldName('claim', kind))
      .filter((file): file is File => typeof file !== 'string' && file.size > 0);
    if (files.length === 0) continue;
    const waiting = await evidenceOf(platform.db, number);
    const { photos, faults } = await receivePhotos(platform, actor, files, {
      language: at.language,
      room: mostEvidence - waiting.length,
      requestId: c.var.visit.requestId,
      network: countedNetwork(c),
    });
    left.push(...faults);
    if (photos.length === 0) continue;
    const kept = await tryAct(() =>
      run((work) =>
        keepEvidence(
          work,
          number,
          photos.map((photo) => ({ ...photo, kind })),
        ),
      ),
    );
    if (kept.kind === 'refused' && kept.code === 'too-many') left.push(at.words.faults.photos);
  }
  return left;
}

/** `POST /desk/requests/{number}/words`: the form again with ready words in it; nothing has happened yet. */
export function requestWords(platform: Platform): Answer {
  return async (c) => {
    const typed = await fields(c);
    const templates = await readTemplates(platform.db);
    const move = moveOf(typed);
    return drawRequest(platform, c, {
      typed: withTemplate(templates, deskHere(c).language, typed),
      ...(move ? { move } : {}),
    });
  };
}

/** `POST /desk/requests/{number}/notes`: for colleagues, or for everybody. */
export function requestNote(platform: Platform): Answer {
  return async (c) => {
    const at = deskHere(c);
    const number = numberOf(c);
    const typed = await fields(c);
    const text = typed['note-text'] ?? '';
    const wrong = isUnreadable(text)
      ? at.words.faults.fill
      : [...text].length > longest
        ? at.words.faults.long(at.number(longest))
        : null;
    if (wrong)
      return drawRequest(platform, c, {
        faults: [{ field: 'note-text', message: wrong }],
        typed,
        move: 'note',
      });
    const made = await tryAct(() =>
      workOf(platform, c)((work) => addNote(work, number, { text, public: typed['note-who'] === 'public' })),
    );
    if (made.kind === 'faults')
      return drawRequest(platform, c, {
        faults: faultWords(at.words, made.faults, (field) => `note-${field}`),
        typed,
        move: 'note',
      });
    if (made.kind === 'refused')
      return drawRequest(platform, c, { status: 409, refused: made.code, typed, move: 'note' });
    return c.redirect(at.href(`/desk/requests/${number}`, { done: 'note' }), 303);
  };
}

/** `POST /desk/requests/{number}/duplicates`: those ticked become part of this one, each on its own. */
export function requestDuplicates(platform: Platform): Answer {
  return async (c) => {
    const at = deskHere(c);
    const number = numberOf(c);
    await caseFile(platform.db, c.var.visit.actor, number);
    const chosen = (await c.req.formData())
      .getAll('number')
      .filter((one): one is string => typeof one === 'string');
    if (chosen.length === 0)
      return drawRequest(platform, c, {
        faults: [{ field: 'number', message: requestText(at.language).linkPick }],
        move: 'duplicates',
      });
    const run = workOf(platform, c);
    const results = await moveMany(
      run,
      chosen.map((one) => ({ number: typedNumber(one) })),
      'link',
      { master: number },
    );
    if (results.every(({ state }) => state !== null))
      return c.redirect(at.href(`/desk/requests/${number}`, { done: `linked-${results.length}` }), 303);
    const id = await run((work) => keepResults(work, 'link', results));
    return c.redirect(at.href(`/desk/bulk/${id}`), 303);
  };
}

/** `POST /desk/requests/{number}/crew-links`: a new link, shown once in the answer itself, or the end of one. */
export function requestLinks(platform: Platform): Answer {
  return async (c) => {
    const at = deskHere(c);
    const number = numberOf(c);
    const typed = await fields(c);
    const run = workOf(platform, c);
    if (typed.revoke) {
      await run((work) => revokeCrewLink(work, number, typed.revoke!));
      return c.redirect(at.href(`/desk/requests/${number}`, { done: 'revoked' }), 303);
    }
    const made = await tryAct(() => run((work) => makeCrewLink(work, number, typed['link-crew'] ?? '')));
    if (made.kind === 'faults')
      return drawRequest(platform, c, {
        faults: faultWords(at.words, made.faults, (field) => `link-${field}`),
        typed,
        move: 'crew-link',
      });
    if (made.kind === 'refused')
      return drawRequest(platform, c, {
        status: made.code === 'forbidden' ? 403 : 409,
        refused: made.code,
        typed,
        move: 'crew-link',
      });
    return drawRequest(platform, c, { token: made.result });
  };
}

/** `POST /desk/requests/{number}/pause`: the work stands still for want of access or for danger, or goes on. */
export function requestPause(platform: Platform): Answer {
  return async (c) => {
    const at = deskHere(c);
    const number = numberOf(c);
    const typed = await fields(c);
    const note = typed['pause-note'] ?? '';
    if (isUnreadable(note) || [...note].length > 1_000)
      return drawRequest(platform, c, {
        faults: [{ field: 'pause-note', message: at.words.faults.fill }],
        typed,
        move: 'pause',
      });
    const made = await tryAct(() =>
      workOf(
        platform,
        c,
      )((work) =>
        typed.resume
          ? resumeWork(work, number)
          : pauseWork(work, number, { ground: (typed['pause-ground'] ?? '') as PauseGround, note }),
      ),
    );
    if (made.kind === 'faults')
      return drawRequest(platform, c, {
        faults: made.faults.map(({ field }) => ({ field: `pause-${field}`, message: at.words.faults.fill })),
        typed,
        move: 'pause',
      });
    if (made.kind === 'refused')
      return drawRequest(platform, c, {
        status: made.code === 'forbidden' ? 403 : 409,
        refused: made.code,
        typed,
        move: 'pause',
      });
    return goOn(platform, c, at, number, typed.resume ? 'resumed' : 'paused');
  };
}

/** `POST /desk/requests/{number}/statutory`: at the reporter's wish the request goes on as an appeal under the law. */
export function requestStatutory(platform: Platform): Answer {
  return async (c) => {
    const at = deskHere(c);
    const number = numberOf(c);
    const typed = await fields(c);
    const given = {
      kind: (typed['statutory-kind'] ?? '') as AppealKind,
      name: typed['statutory-name'] ?? '',
      residence: typed['statutory-residence'] ?? '',
      complainedAbout: typed['statutory-about'] || null,
    };
    const unread = (['name', 'residence'] as const)
      .filter((field) => isUnreadable(given[field]) || [...given[field]].length > longestLine)
      .map((field) => ({ field: `statutory-${field}`, message: requestText(at.language).statutoryLine }));
    if (unread.length) return drawRequest(platform, c, { faults: unread, typed, move: 'statutory' });
    const made = await tryAct(() => workOf(platform, c)((work) => makeStatutory(work, number, given)));
    if (made.kind === 'faults') {
      const { appealKind, appealAbout, name, residence } = text(at.language).faults;
      const worded: Readonly<Record<string, string>> = {
        kind: appealKind,
        about: appealAbout,
        name,
        residence,
      };
      return drawRequest(platform, c, {
        faults: made.faults.map(({ field }) => ({
          field: `statutory-${field}`,
          message: worded[field] ?? at.words.faults.fill,
        })),
        typed,
        move: 'statutory',
      });
    }
    if (made.kind === 'refused')
      return drawRequest(platform, c, {
        status: made.code === 'forbidden' ? 403 : 409,
        refused: made.code,
        typed,
        move: 'statutory',
      });
    return goOn(platform, c, at, number, 'statutory');
  };
}

/** `POST /desk/requests/{number}/legal-hold`: its personal data is kept for a court, or goes its way again. */
export function requestHold(platform: Platform): Answer {
  return async (c) => {
    const at = deskHere(c);
    const number = numberOf(c);
    const typed = await fields(c);
    const reason = typed[holdField] ?? '';
    const lifting = typed.hold === 'lift';
    if (isUnreadable(reason))
      return drawRequest(platform, c, {
        faults: [{ field: holdField, message: at.words.faults.fill }],
        typed,
        move: 'hold',
      });
    const made = await tryAct(() =>
      workOf(
        platform,
        c,
      )((work) => (lifting ? liftLegalHold(work, number, reason) : putLegalHold(work, number, reason))),
    );
    if (made.kind === 'faults') {
      const { holdReason } = text(at.language).faults;
      const tooLong = [...reason].length > mostHoldReason;
      return drawRequest(platform, c, {
        faults: [
          {
            field: holdField,
            message: tooLong ? at.words.faults.long(at.number(mostHoldReason)) : holdReason,
          },
        ],
        typed,
        move: 'hold',
      });
    }
    if (made.kind === 'refused')
      return drawRequest(platform, c, {
        status: made.code === 'forbidden' ? 403 : 409,
        refused: made.code,
        typed,
        move: 'hold',
      });
    return c.redirect(at.href(`/desk/requests/${number}`, { done: lifting ? 'lift' : 'put' }), 303);
  };
}

/** `POST /desk/requests/{number}/export`: what its reporters gave, as a file, by a ground of law. */
export function requestExport(platform: Platform): Answer {
  return async (c) => {
    const at = deskHere(c);
    const number = numberOf(c);
    const typed = await fields(c);
    const made = await tryAct(() =>
      workOf(platform, c)((work) => exportPersonal(work, number, typed[groundField] ?? '')),
    );
    if (made.kind === 'faults')
      return drawRequest(platform, c, {
        faults: [{ field: groundField, message: exportText(at.language).noGround }],
        typed,
        move: 'export',
      });
    if (made.kind === 'refused') return drawRequest(platform, c, { status: 403, refused: made.code, typed });
    return c.body(JSON.stringify(made.result, null, 2), 200, {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="request-${number}.json"`,
      'cache-control': 'private, no-store',
    });
  };
}
