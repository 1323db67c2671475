import { sql } from 'drizzle-orm';
import { companyNumberFault } from '#platform/identity/identifiers.ts';
import type { OrganisationData, UnitData } from '../city-data.ts';
import { flatText, isCode, isPhone, present, reader } from './fields.ts';
import type { DataKind } from './kind.ts';
import { keptApart } from './versions.ts';

type Organisation = OrganisationData & { readonly active: boolean };
type Unit = UnitData & { readonly active: boolean };

export const organisationKinds = ['executor', 'owner', 'council', 'other'] as const;
export const unitKinds = ['unit', 'duty_desk', 'crew'] as const;

const organisationSource = sql`select id, jsonb_strip_nulls(jsonb_build_object('id', id, 'name', name, 'kind', kind,
  'phone', phone, 'dutyPhone', duty_phone, 'edrpou', edrpou, 'url', url, 'active', active)) as body,
  lower(name->>'uk') as sort from cc_organisation`;

/** Enterprises, owners and bodies of the council. One that is no longer active gets nothing new and keeps what it had. */
export const organisations: DataKind = {
  name: 'organisation',
  key: 'id',
  source: organisationSource,
  flat(body) {
    const one = body as unknown as Organisation;
    return {
      id: one.id,
      ...flatText('name', one.name),
      kind: one.kind,
      ...present({ phone: one.phone, dutyPhone: one.dutyPhone, edrpou: one.edrpou, url: one.url }),
      active: one.active ? 'yes' : 'no',
    } as Record<string, string>;
  },
  body(flat, language) {
    const read = reader(flat, language);
    const body = present({
      id: read.text('id'),
      name: read.both('name'),
      kind: read.one('kind', organisationKinds),
      phone: read.text('phone'),
      dutyPhone: read.text('dutyPhone'),
      edrpou: read.text('edrpou'),
      url: read.text('url'),
      active: isActive(read.text('active')),
    });
    return { body, faults: read.faults };
  },
  faults(body, { language }) {
    const one = body as unknown as Organisation;
    const { faults, fault, t } = reader({}, language);
    if (!isCode(one.id ?? '')) fault('id', t.code);
    for (const field of ['phone', 'dutyPhone'] as const)
      if (one[field] && !isPhone(one[field])) fault(field, t.phone);
    if (one.edrpou && companyNumberFault(one.edrpou)) fault('edrpou', t.edrpou);
    if (one.url && !/^https?:\/\/\S+$/.test(one.url)) fault('url', t.url);
    return faults;
  },
  ...keptApart('organisation', organisationSource, async (work, bodies) => {
    await work.tx.execute(sql`insert into cc_organisation (id, name, kind, phone, duty_phone, edrpou, url, active)
      select id, name, kind, phone, "dutyPhone", edrpou, url, active from jsonb_to_recordset(${JSON.stringify(bodies)}::jsonb)
        as o(id text, name jsonb, kind text, phone text, "dutyPhone" text, edrpou text, url text, active boolean)
      on conflict (id) do update set name = excluded.name, kind = excluded.kind, phone = excluded.phone,
        duty_phone = excluded.duty_phone, edrpou = excluded.edrpou, url = excluded.url, active = excluded.active`);
  }),
};

const unitSource = sql`select id, jsonb_strip_nulls(jsonb_build_object('id', id, 'organisation', organisation, 'name', name,
  'kind', kind, 'phone', phone, 'active', active)) as body, organisation || lower(name->>'uk') as sort from cc_unit`;

/** Units, duty desks and crews of organisations. */
export const units: DataKind = {
  name: 'unit',
  key: 'id',
  source: unitSource,
  flat(body) {
    const one = body as unknown as Unit;
    return {
      id: one.id,
      organisation: one.organisation,
      ...flatText('name', one.name),
      kind: one.kind,
      ...(one.phone ? { phone: one.phone } : {}),
      active: one.active ? 'yes' : 'no',
    };
  },
  body(flat, language) {
    const read = reader(flat, language);
    const body = present({
      id: read.text('id'),
      organisation: read.text('organisation'),
      name: read.both('name'),
      kind: read.one('kind', unitKinds),
      phone: read.text('phone'),
      active: isActive(read.text('active')),
    });
    return { body, faults: read.faults };
  },
  faults(body, { city, previous, language }) {
    const one = body as unknown as Unit;
    const { faults, fault, t } = reader({}, language);
    if (!isCode(one.id ?? '')) fault('id', t.code);
    if (!one.organisation) fault('organisation', t.choose);
    else if (!city.organisations.has(one.organisation))
      fault('organisation', t.noOrganisation(one.organisation));
    else if (previous && previous.organisation !== one.organisation) fault('organisation', t.ownUnit);
    if (one.phone && !isPhone(one.phone)) fault('phone', t.phone);
    return faults;
  },
  ...keptApart('unit', unitSource, async (work, bodies) => {
    await work.tx.execute(sql`insert into cc_unit (id, organisation, name, kind, phone, active)
      select id, organisation, name, kind, phone, active from jsonb_to_recordset(${JSON.stringify(bodies)}::jsonb)
        as u(id text, organisation text, name jsonb, kind text, phone text, active boolean)
      on conflict (id) do update set name = excluded.name, kind = excluded.kind, phone = excluded.phone, active = excluded.active`);
  }),
};

/** In a file the column may be missing: whoever is listed there is active. */
const isActive = (typed: string): boolean => !/^(no|ні|false|0)$/i.test(typed);
