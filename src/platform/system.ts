import type { Hono } from 'hono';
import type { IconName } from '#ui/index.ts';
import type { Clock, ManualClock } from './clock.ts';
import type { Config } from './config/index.ts';
import type { Db } from './database/pool.ts';
import type { Visit } from './http/visit.ts';
import type { Language, Text } from './i18n/index.ts';
import type { LiveDataset } from './live-data.ts';
import type { Outcome } from './personal-data/erase.ts';
import type { PurposeRegister } from './personal-data/purposes.ts';
import type { ExportWords } from './personal-data/readable.tsx';
import type { SealedColumn } from './personal-data/reseal.ts';
import type { Actor, Work } from './work.ts';

/** What Hono handlers of pages and APIs find in `c.var`. */
export interface MistoEnv {
  Variables: { visit: Visit };
}

/** The running platform, as handed to every system. */
export interface Platform {
  readonly config: Config;
  readonly clock: Clock;
  readonly db: Db;
  /** Runs a domain act in one transaction; what it emitted is delivered after commit. */
  work<T>(
    actor: Actor,
    act: (work: Work) => Promise<T>,
    options?: { requestId?: string; clock?: Clock },
  ): Promise<T>;
  readonly systems: readonly System[];
}

export interface MenuEntry {
  readonly title: Text;
  /** Path without language prefix. */
  readonly href: string;
  readonly summary?: Text;
  /** Desk entries are shown to those who hold this permission anywhere. */
  readonly permission?: string;
}

/** What people come for: shown on the home page with a picture. */
export interface Act {
  readonly title: Text;
  readonly summary: Text;
  /** Path without language prefix. */
  readonly href: string;
  readonly icon: IconName;
}

/** Something that has just happened in public. */
export interface Happening {
  readonly at: Date;
  readonly title: string;
  readonly summary: string;
  /** Path without language prefix. */
  readonly href: string;
}

/** What waits for a member of staff in one system: queues with their sizes, and what is due next. */
export interface Waiting {
  readonly queues: readonly {
    readonly title: string;
    readonly size: number;
    readonly href: string;
    /** What is wrong already, rather than merely to be done. */
    readonly urgent?: boolean;
  }[];
  /** The nearest first; `due` may be past. */
  readonly deadlines: readonly {
    readonly title: string;
    readonly place: string;
    readonly href: string;
    readonly due: Date;
  }[];
}

/** A usual bundle of permissions. */
export interface RoleDefinition {
  readonly name: string;
  readonly title: Text;
  readonly permissions: readonly string[];
}

/** An event as it is delivered: at least once, in the order of `number`. */
export interface DeliveredEvent {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly topic: string | null;
  readonly payload: Record<string, unknown>;
  readonly occurredAt: Date;
}

export interface JobDefinition {
  readonly name: string;
  /** Cron in Europe/Kyiv time, or none: run when enqueued. */
  readonly schedule?: string;
  /** Whether it runs once more whenever a process starts, which may have ended in the middle of things. */
  readonly atStart?: boolean;
  run(platform: Platform, data: Record<string, unknown>): Promise<void>;
}

/** A figure of one system that others may show or use as evidence. */
export interface PublicFigure {
  readonly name: string;
  readonly title: Text;
  readonly href: string;
  read(db: Db, now: Date): Promise<number>;
  /** The number is a share in percent. */
  readonly isPercent?: true;
  /** What it is counted out of, where that matters: «7 з 74». */
  outOf?(db: Db, now: Date): Promise<number>;
}

/** Something found by the city-wide search. */
export interface SearchHit {
  readonly title: string;
  readonly href: string;
  readonly summary: string;
  readonly kind: Text;
  /** Nothing that was found, but other words to look for: it stands above the finds and is not counted. */
  readonly offer?: true;
}

/** A person of the demo city who can be signed in with one click. */
export interface Persona {
  readonly name: string;
  readonly title: Text;
  readonly personName: string;
  /** Role names of this or other systems; none: a resident. */
  readonly roles: readonly {
    readonly role: string;
    readonly organisation?: string;
    readonly district?: string;
  }[];
  readonly organisation?: string;
  /** Where signing in leads. */
  readonly home: string;
}

/** What a city's files bring for a system; `MISTO_CITY` names them. */
export interface CityPart {
  /** Looks whether they can be used. @throws ConfigError in one line. */
  check(config: Config): Promise<void>;
  /** Takes them in, unless there is something already: from then on pages change it. */
  load(platform: Platform): Promise<void>;
  /** Whether the city has any. */
  isThere(db: Db): Promise<boolean>;
}

/** One city system: a value that tells the platform what it adds. */
export interface System {
  /** Folder, URL prefix and permission prefix. */
  readonly name: string;
  readonly title: Text;
  readonly summary: Text;
  /** Mounted under `/{name}`. */
  pages?(platform: Platform): Hono<MistoEnv>;
  /** Mounted at `/`: standards choose their own paths. */
  api?(platform: Platform): Hono<MistoEnv>;
  /**
   * Mounted at `/` before sessions, form tokens, repeated keys and limits of size: for standards whose clients must meet none of
   * them. It answers its own errors, and hands on what is not its own.
   */
  programs?(platform: Platform): Hono<MistoEnv>;
  /** Prepares in each process, while visitors come already, what the first of them would have to wait for. */
  warm?(platform: Platform): Promise<void>;
  readonly menu?: {
    readonly site?: readonly MenuEntry[];
    readonly cabinet?: readonly MenuEntry[];
    readonly desk?: readonly MenuEntry[];
  };
  /** The most wanted first. */
  readonly acts?: readonly Act[];
  /** Newest first. */
  happenings?(db: Db, language: Language, limit: number): Promise<readonly Happening[]>;
  /** For the start page of the staff desk; nothing where the actor has no part in the system. */
  waiting?(db: Db, actor: Actor, language: Language, now: Date): Promise<Waiting>;
  readonly permissions?: readonly string[];
  readonly roles?: readonly RoleDefinition[];
  readonly jobs?: readonly JobDefinition[];
  /** Handlers of events by name; they must bear being called twice. */
  readonly on?: Readonly<Record<string, (work: Work, event: DeliveredEvent) => Promise<void>>>;
  /** Queries of one column without nulls, the ids of files as text (src/platform/files) that are in use; what no query names goes after a week. */
  readonly fileReferences?: readonly string[];
  /** Tables that it publishes on the open-data portal by itself, without anybody's personal data. */
  readonly datasets?: readonly LiveDataset[];
  readonly figures?: readonly PublicFigure[];
  search?(platform: Platform, query: string, language: Language, limit: number): Promise<SearchHit[]>;
  /** Columns whose values the key ring sealed, for the rotation of its keys. */
  readonly sealed?: readonly SealedColumn[];
  /** What it processes about people and why: a public register, and the purpose of every field of its forms for them. */
  readonly purposes?: PurposeRegister;
  /** How people call the keys of `export`. */
  readonly exportWords?: ExportWords;
  /** Everything held about a person, as plain JSON. An object that speaks of a file has its id under `file`: its bytes come along. */
  export?(work: Work, personId: string): Promise<Record<string, unknown>>;
  /**
   * Removes or anonymises a person's data, in the database alone: a dry run is the same, taken back. Returns what goes, and what
   * stays and why; no personal data in either, they stand in the certificate.
   */
  erase?(work: Work, personId: string): Promise<Outcome>;
  /** Where the pictures of the city's ground lie, for the maps of every system: `/contact-centre/tiles/{z}/{x}/{y}`. */
  readonly mapTiles?: string;
  readonly city?: CityPart;
  readonly personas?: readonly Persona[];
  /**
   * Makes its part of the demo city through its own functions, on an advancing clock, while the other systems make theirs. Goes on
   * where an earlier try was cut off.
   */
  demo?(platform: Platform, clock: ManualClock): Promise<void>;
  /**
   * Makes what of its part lies longer ago, on the same clock, while the city is open already. Goes on where an earlier try was
   * cut off, and stops between two steps when the signal says so.
   */
  demoPast?(platform: Platform, clock: ManualClock, stopping: AbortSignal): Promise<void>;
}
