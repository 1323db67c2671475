import type { Phone } from '#platform/city.ts';
import type { Area, Position } from '#platform/geo/index.ts';
import type { Text } from '#platform/i18n/index.ts';

/** Everything about requests that a city decides for itself; the files of `city/<name>/` bring it, pages edit it. */
export interface CityData {
  readonly city: CitySettings;
  readonly organisations: readonly OrganisationData[];
  readonly units: readonly UnitData[];
  readonly districts: readonly DistrictData[];
  readonly buildings: readonly BuildingData[];
  /** Things of the city besides houses; none unless told. */
  readonly assets?: readonly AssetData[];
  /** Areas by which rules decide; they may overlap. None unless told. */
  readonly zones?: readonly ZoneData[];
  /** Former and other names of streets. */
  readonly streetAliases?: readonly StreetAlias[];
  readonly contracts: readonly ContractData[];
  /** Branches and leaves, a parent before its children. */
  readonly categories: readonly CategoryData[];
  /** In the order in which they are tried; branch defaults come after all others by themselves. */
  readonly rules: readonly RuleData[];
  /** What people ask most, with the answers. */
  readonly articles?: readonly ArticleData[];
  /** Ready words of staff; none unless told. */
  readonly templates?: readonly TemplateData[];
  /** What maps show under everything else; without it they have districts and houses alone. */
  readonly ground?: GroundData;
}

/** Waters and streets, for maps to be drawn from. */
export interface GroundData {
  /** Closed rings. */
  readonly waters: readonly (readonly Position[])[];
  readonly streets: readonly {
    /** «вулиця», «проспект» … */
    readonly type: string;
    readonly name: string;
    /** Two points at least. */
    readonly line: readonly Position[];
  }[];
}

/** An answer to what people ask, for residents to read and for operators to tell. */
export interface ArticleData {
  readonly code: string;
  /** Branch of the categories that it belongs to. */
  readonly branch: string;
  readonly title: Text;
  /** Paragraphs parted by empty lines; for residents too. */
  readonly body: Text;
  /** What the operator says and asks, step by step. */
  readonly script: readonly Text[];
  /** Other words by which it is looked for, in any language. */
  readonly tags: readonly string[];
}

export type { Position } from '#platform/geo/index.ts';

export interface CitySettings {
  readonly centre: Position;
  /** South-west and north-east corner; points more than 30 km beyond are refused. */
  readonly bounds: readonly [Position, Position];
  /** Open311 jurisdiction. */
  readonly jurisdiction: string;
  readonly name: Text;
  /** What the city was called before, and in other languages: people still write it into addresses. */
  readonly otherNames?: readonly string[];
  /** Telephone of the contact centre, shown wherever something cannot be done here. */
  readonly phone: string;
  /** Whom to call when life or health is in danger. */
  readonly emergencyPhones?: readonly Phone[];
  readonly zipcode?: string;
  /** Whoever wrote routing rules may publish them too; otherwise somebody else must. */
  readonly authorMayPublish?: boolean;
  /** Terms of each urgency where neither rule nor category says otherwise; those of the specification unless told. */
  readonly classTerms?: Readonly<Record<RequestClass, Terms>>;
  /** How much one may send in; those of the specification unless told. */
  readonly intakeLimits?: Partial<IntakeLimits>;
  /** How long things are kept, how often checked, when people are left alone; those of the specification unless told. */
  readonly defaults?: Partial<CityDefaults>;
}

/** What a city may decide otherwise. */
export interface CityDefaults {
  /** After closing, personal data of a request is kept so many months; of an appeal the law says how long. */
  readonly requestKeptMonths: number;
  readonly callKeptMonths: number;
  /** A report that was begun and not sent, and the typed words of a conversation. */
  readonly draftDays: number;
  /** Of 100 claims that people confirmed by link, so many are called as a check … */
  readonly checkPercent: number;
  /** … within these days after closing. */
  readonly checkDays: number;
  /** Hours in which reporters judge a claim where the category does not say. */
  readonly verificationHours: number;
  readonly urgentVerificationHours: number;
  /** Letters that can wait do not go out from this full hour until that one. */
  readonly quietFrom: number;
  readonly quietUntil: number;
}

/** Limits of what the public sends in by itself; staff and emergencies are never stopped. */
export interface IntakeLimits {
  /** From one IPv4 address or IPv6 /64 without signing in. */
  readonly anonymousPerHour: number;
  /** With one telephone, e-mail or account. */
  readonly contactPerDay: number;
  /** Addresses and networks (CIDR) that many people share: schools, offices, mobile operators. */
  readonly sharedAddresses: readonly string[];
}

export interface OrganisationData {
  readonly id: string;
  readonly name: Text;
  readonly kind: 'executor' | 'owner' | 'council' | 'other';
  readonly phone?: string;
  readonly dutyPhone?: string;
  readonly edrpou?: string;
  readonly url?: string;
}

export interface UnitData {
  readonly id: string;
  readonly organisation: string;
  readonly name: Text;
  readonly kind: 'unit' | 'duty_desk' | 'crew';
  readonly phone?: string;
}

export interface DistrictData extends Area {
  readonly name: Text;
}

export interface BuildingData {
  /** Open311 address_id, such as `a-1207`. */
  readonly id: string;
  /** With its type: «вулиця Робоча». */
  readonly street: string;
  readonly house: string;
  readonly district: string;
  readonly zipcode?: string;
  readonly lat: number;
  readonly lon: number;
  /** Who keeps it on the balance (балансоутримувач). */
  readonly owner?: string;
  readonly flats?: number;
  /** Boiler house, feeder … */
  readonly networkZones?: readonly string[];
}

/** A thing with a number of its own: a lamp post, a stop, a playground. */
export interface AssetData {
  readonly id: string;
  /** As it is written on the thing: «214-7». */
  readonly number: string;
  /** What it is: «Опора освітлення». */
  readonly name: Text;
  /** Branch of the categories whose matters it has. */
  readonly branch: string;
  /** Who keeps it on the balance (балансоутримувач). */
  readonly keeper?: string;
  readonly lat: number;
  readonly lon: number;
}

/** An area of the city's own: a park, an industrial area. */
export interface ZoneData extends Area {
  readonly name: Text;
}

export interface StreetAlias {
  /** As it is called now, with its type. */
  readonly street: string;
  readonly name: string;
  /** Last year in which the name was official, where that is known. */
  readonly until: number | null;
}

export interface ContractData {
  readonly id: string;
  readonly number: string;
  readonly organisation: string;
  /** Category branch whose work it covers. */
  readonly branch: string;
  /** A house or a thing, one of the two. */
  readonly building?: string;
  readonly asset?: string;
  /** YYYY-MM-DD. */
  readonly from: string;
  readonly to?: string;
}

/** Words that staff may take and change when they make a move. */
export interface TemplateData {
  readonly code: string;
  /** Name of the move, such as `claim`. */
  readonly move: string;
  /** Code of the leaf or branch to which it belongs; everywhere unless told. */
  readonly for?: string;
  readonly name: Text;
  readonly text: Text;
}

export type RequestClass = 'urgent' | 'emergency' | 'ordinary' | 'question';
export type Regime = 'service' | 'statutory';
export type ClockKind = 'accept' | 'arrive' | 'fix' | 'answer' | 'statutory';

/** A legal or promised length of time. Days count from the next day and end at 23:59:59; hours are elapsed time. */
export interface TermData {
  readonly amount: number;
  readonly unit: 'minutes' | 'hours' | 'days' | 'working_days' | 'months';
  /** Where an end on a day off goes; statutory ends move on. */
  readonly end?: 'stay' | 'next';
  readonly reference?: string;
}
export type Terms = Partial<Readonly<Record<ClockKind, TermData>>>;

interface CategoryCommon {
  readonly code: string;
  /** Code of the branch above; null for a branch at the top. */
  readonly parent: string | null;
  /** NN for a branch, NN.NN for a leaf. */
  readonly number: string;
  readonly name: Text;
  readonly description?: Text;
}

export interface BranchData extends CategoryCommon {
  readonly kind: 'branch';
}

export interface LeafData extends CategoryCommon {
  readonly kind: 'leaf';
  readonly keywords: readonly string[];
  readonly class: RequestClass;
  readonly regime?: Regime;
  /** Set: the city is not competent; nothing is routed and the person is told whom to ask. */
  readonly competence?: Text;
  /** `asset`: asked for by its number where there are any near; whoever does not know it goes on without. */
  readonly needs?: readonly ('place' | 'building' | 'asset' | 'flat')[];
  /** What the public sees at once, after the moderator, or never. */
  readonly visibility?: 'public' | 'moderated' | 'private';
  readonly precision?: 'exact' | 'building' | 'street' | 'none';
  readonly evidence?: 'none' | 'after' | 'before+after';
  /** Whether the executor must see phone and flat to get in. */
  readonly access?: boolean;
  /** Metres; 250 unless told. */
  readonly duplicateRadius?: number;
  /** Leaves of one group cluster into one outage and count as duplicates of each other; the leaf's own code unless told. */
  readonly clusterGroup?: string;
  /** Hours in which reporters judge a claim; those of the city unless told. */
  readonly verificationHours?: number;
  /** Where they differ from those of the class. */
  readonly terms?: Terms;
  readonly notice?: Text;
  /** Shown instead of the form: gas smell → call 104. */
  readonly stopper?: Text;
  readonly type?: 'realtime' | 'batch' | 'blackbox';
  readonly questions?: readonly QuestionData[];
  /** Retired leaves keep their requests and name what to use instead. */
  readonly successor?: string;
}

export type CategoryData = BranchData | LeafData;

export interface QuestionData {
  readonly code: string;
  readonly datatype:
    | 'string'
    | 'number'
    | 'datetime'
    | 'text'
    | 'singlevaluelist'
    | 'multivaluelist'
    | 'information';
  readonly required?: boolean;
  readonly description: Text;
  readonly hint?: Text;
  readonly values?: readonly QuestionValue[];
  /** Asked only when the other question was answered with one of these keys. */
  readonly showIf?: { readonly question: string; readonly in: readonly string[] };
}

export interface QuestionValue {
  readonly key: string;
  readonly name: Text;
  /** An answer may make the matter more urgent, never less. */
  readonly raisesTo?: RequestClass;
}

/** All conditions that are given must hold; an unknown fact never matches. */
export interface RuleConditions {
  readonly branches?: readonly string[];
  readonly categories?: readonly string[];
  readonly districts?: readonly string[];
  /** The place lies in one of these areas. */
  readonly zones?: readonly string[];
  readonly buildings?: readonly string[];
  /** Ids of things. */
  readonly assets?: readonly string[];
  /** It is about a thing that somebody keeps, whoever that is. */
  readonly keeperKnown?: true;
  readonly owners?: readonly string[];
  /** The building has an owner, whoever it is. */
  readonly ownerKnown?: true;
  /** A contract for the category's branch is valid for this building or thing today. */
  readonly contract?: true;
  /** Local time, [from, to) as HH:MM; past midnight when from > to. */
  readonly hours?: readonly [from: string, to: string];
  /** 1 Monday … 7 Sunday. */
  readonly weekdays?: readonly number[];
  readonly dayOff?: boolean;
  readonly classes?: readonly RequestClass[];
  readonly regimes?: readonly Regime[];
  readonly sources?: readonly string[];
}

export interface RuleData {
  /** `R-12`. */
  readonly id: string;
  readonly name: Text;
  readonly when: RuleConditions;
  readonly to: { readonly organisation: string } | 'owner' | 'keeper' | 'contractor';
  readonly unit?: string;
  readonly coExecutors?: readonly string[];
  readonly terms?: Terms;
  /** Tried after every rule that is not one. */
  readonly default?: true;
}
