import type { Work } from '#platform/work.ts';
import type { KeptPhoto } from '../photos.ts';
import type { Closing, Move, State } from '../states.ts';

/** A report as it came through the API, checked against its service. */
export interface Report {
  /** Unique within Open311: the client's own key where it sent one. */
  readonly intakeKey: string;
  /** Id of the key that posted it: it may see its own private requests. */
  readonly client: string;
  readonly category: string;
  readonly text: string;
  readonly answers: readonly { readonly code: string; readonly values: readonly string[] }[];
  readonly point: { readonly lat: number; readonly lon: number } | null;
  readonly building: string | null;
  readonly address: string | null;
  /** Id of the thing of the city that it is about: a lamp post, a stop. */
  readonly asset: string | null;
  readonly reporter: {
    readonly name: string | null;
    readonly email: string | null;
    readonly phone: string | null;
    readonly device: string | null;
    readonly account: string | null;
  };
  /** Addresses of pictures that lie elsewhere: shown to staff as text, never fetched. */
  readonly mediaUrls: readonly string[];
  /** Pictures that were sent along, cleaned and kept. */
  readonly photos: readonly KeptPhoto[];
  readonly language: 'uk' | 'en';
}

/** Where a request stands, as far as a pushed update must know. */
export interface Standing {
  readonly state: State;
  readonly closing: Closing | null;
  readonly client: string | null;
  readonly organisation: string | null;
  /** Whether everybody may know of it. */
  readonly public: boolean;
  /** When its state last changed. */
  readonly changedAt: Date;
}

export interface PushedWords {
  readonly text: string;
  readonly date: Date | null;
  readonly mediaUrls: readonly string[];
  /** Pictures that were sent along, cleaned and kept. */
  readonly photos: readonly KeptPhoto[];
}

/**
 * What the API lets happen. The city's are the domain's own functions, which check rights, states and rules; the
 * sandbox's touch nothing but the sandbox.
 */
export interface Acts {
  /** @returns the number, and until when the matter should be fixed. */
  register(work: Work, report: Report): Promise<{ number: string; due: Date | null }>;
  /** Locks the request for the rest of the transaction. */
  standing(work: Work, number: string): Promise<Standing | null>;
  /** @returns the number of the history entry. */
  move(work: Work, number: string, move: Move, words: PushedWords, status: string): Promise<number>;
  note(work: Work, number: string, words: PushedWords, status: string): Promise<number>;
}
