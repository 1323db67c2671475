import { frequencyOf } from '../passport.ts';
import { obligationTitle } from './facets.tsx';
import { extraOf, type Here, instantOf, type ServedDataset } from './kit.tsx';

/** A field of the passport with its value in words. */
export interface PassportRow {
  /** As the API calls it. */
  readonly key: string;
  readonly label: string;
  readonly value: string;
}

/** The language of the data in words; data.gov.ua calls Ukrainian `ua`. */
function languageName(at: Here, code: string | undefined): string | undefined {
  if (!code) return undefined;
  const names = new Intl.DisplayNames([at.language], { type: 'language', fallback: 'code' });
  return /^[a-z]{2,3}$/.test(code) ? names.of(code === 'ua' ? 'uk' : code) : code;
}

/** Паспорт набору: every field that the law names (Resolution 835), those that are filled in. */
export function passportRows(at: Here, found: ServedDataset, due: string | null): PassportRow[] {
  const extra = (key: string) => extraOf(found, key);
  const obligation = extra('obligation');
  const rows: readonly (readonly [string, string, string | null | undefined | false])[] = [
    ['title', at.text.title, found.title],
    ['identifier', at.text.identifier, extra('identifier') ?? found.id],
    ['notes', at.text.notes, found.notes],
    ['owner_org', at.text.organisation, found.organization?.title || found.organization?.name],
    ['publisherIdentifier', at.text.edrpou, extra('publisherIdentifier')],
    ['katottg', at.text.katottg, extra('katottg')],
    ['maintainer', at.text.maintainer, found.maintainer],
    ['maintainer_email', at.text.maintainerEmail, found.maintainer_email],
    ['update_frequency', at.text.frequency, frequencyOf(extra('update_frequency')).title[at.language]],
    ['due_at', at.text.nextUpdate, due && at.time(new Date(due))],
    ['purpose_of_collecting_information', at.text.purpose, extra('purpose_of_collecting_information')],
    ['obligation', at.text.obligation, obligation && obligationTitle(at, obligation)],
    ['tags', at.text.keywords, found.tags.map((tag) => tag.name).join(', ')],
    ['formats', at.text.facet.res_format, [...new Set(found.resources.map((one) => one.format))].join(', ')],
    ['language', at.text.language, languageName(at, extra('language'))],
    ['license_id', at.text.licence, found.license_title],
    ['metadata_created', at.text.created, at.date(instantOf(found.metadata_created))],
    ['metadata_modified', at.text.updated, at.time(instantOf(found.metadata_modified))],
    ['version', at.text.version, versionsOf(found)],
  ];
  return rows.flatMap(([key, label, value]) => (value ? [{ key, label, value }] : []));
}

/** The version of each table that is served; of a single one just its number. */
function versionsOf({ resources }: ServedDataset): string {
  const served = resources.filter((one) => one.version !== null);
  if (served.length === 1) return String(served[0]!.version);
  return served.map((one) => `${one.name || one.format}: ${one.version}`).join('; ');
}
