/** A licence as CKAN lists it. */
export interface Licence {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly family: string;
  readonly is_generic: boolean;
  readonly domain_content: boolean;
  readonly domain_data: boolean;
  readonly domain_software: boolean;
  readonly od_conformance: 'approved' | 'not reviewed' | 'rejected';
  readonly osd_conformance: 'approved' | 'not reviewed' | 'rejected';
  readonly maintainer: string;
  readonly status: 'active';
}

type Domain = 'content' | 'data' | 'software';

const licence = (
  id: string,
  title: string,
  url: string,
  open: boolean,
  domains: readonly Domain[],
  isGeneric = false,
): Licence => ({
  id,
  title,
  url,
  family: '',
  is_generic: isGeneric,
  domain_content: domains.includes('content'),
  domain_data: domains.includes('data'),
  domain_software: domains.includes('software'),
  od_conformance: open ? 'approved' : isGeneric ? 'not reviewed' : 'rejected',
  osd_conformance: 'not reviewed',
  maintainer: '',
  status: 'active',
});

const creative = 'https://creativecommons.org';

/** The licence of the terms of use that the law sets: any reuse with a link to the source. */
export const usualLicence = 'CC-BY-4.0';

export const licences: readonly Licence[] = [
  licence(
    usualLicence,
    'Creative Commons Attribution 4.0 International',
    `${creative}/licenses/by/4.0/`,
    true,
    ['content', 'data'],
  ),
  licence('notspecified', 'License not specified', '', false, [], true),
  licence(
    'odc-pddl',
    'Open Data Commons Public Domain Dedication and License (PDDL)',
    'https://opendatacommons.org/licenses/pddl/',
    true,
    ['data'],
  ),
  licence(
    'odc-odbl',
    'Open Data Commons Open Database License (ODbL)',
    'https://opendatacommons.org/licenses/odbl/',
    true,
    ['data'],
  ),
  licence(
    'odc-by',
    'Open Data Commons Attribution License',
    'https://opendatacommons.org/licenses/by/',
    true,
    ['data'],
  ),
  licence('cc-zero', 'Creative Commons CCZero', `${creative}/publicdomain/zero/1.0/`, true, [
    'content',
    'data',
  ]),
  licence('cc-by', 'Creative Commons Attribution', `${creative}/licenses/by/4.0/`, true, ['content', 'data']),
  licence('cc-by-sa', 'Creative Commons Attribution Share-Alike', `${creative}/licenses/by-sa/4.0/`, true, [
    'content',
    'data',
  ]),
  licence('gfdl', 'GNU Free Documentation License', 'https://www.gnu.org/licenses/fdl-1.3.html', true, [
    'content',
  ]),
  licence('other-open', 'Other (Open)', '', true, ['content', 'data'], true),
  licence('other-pd', 'Other (Public Domain)', '', true, ['content', 'data'], true),
  licence('other-at', 'Other (Attribution)', '', true, ['content', 'data'], true),
  licence(
    'uk-ogl',
    'UK Open Government Licence (OGL)',
    'https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/',
    true,
    ['content', 'data'],
  ),
  licence('cc-nc', 'Creative Commons Non-Commercial (Any)', `${creative}/licenses/by-nc/4.0/`, false, []),
  licence('other-nc', 'Other (Non-Commercial)', '', false, [], true),
  licence('other-closed', 'Other (Not Open)', '', false, [], true),
];

const byId = new Map(licences.map((one) => [one.id, one]));

export function licenceOf(id: string | null): Licence | null {
  return id === null ? null : (byId.get(id) ?? null);
}
