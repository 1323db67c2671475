import type { ZoneData } from '../../../../city-data.ts';
import {
  both,
  branchOptions,
  districtOptions,
  type KindSpec,
  named,
  organisationOptions,
  text,
} from './kit.tsx';

/** Houses. */
export const buildingSpec: KindSpec = {
  nameOf: (body) => `${text(body.street)}, ${text(body.house)}`,
  columns: (desk, city) => [
    { title: desk.words.fields.address, cell: (body) => `${text(body.street)}, ${text(body.house)}` },
    {
      title: desk.words.fields.district,
      cell: (body) =>
        city.districts.find(({ code }) => code === body.district)?.name[desk.at.language] ??
        text(body.district),
    },
    {
      title: desk.words.fields.owner,
      cell: (body) =>
        city.known.organisations.get(String(body.owner))?.name[desk.at.language] ?? text(body.owner),
    },
    { title: desk.words.fields.flats, cell: (body) => text(body.flats) },
  ],
  groups: (desk, city) => [
    {
      title: desk.words.fields.main,
      fields: [
        {
          name: 'id',
          label: desk.words.fields.code,
          hint: desk.words.fields.buildingCodeHint,
          fixed: true,
          width: 's',
        },
        { name: 'street', label: desk.words.fields.street, hint: desk.words.fields.streetHint, width: 'm' },
        { name: 'house', label: desk.words.fields.house, width: 'xs' },
        {
          name: 'district',
          label: desk.words.fields.district,
          as: 'select',
          empty: desk.words.choose,
          options: districtOptions(city, desk),
          width: 'm',
        },
        { name: 'zipcode', label: desk.words.fields.zipcode, optional: true, width: 's' },
        { name: 'lat', label: desk.words.fields.lat, width: 's' },
        { name: 'lon', label: desk.words.fields.lon, width: 's' },
        {
          name: 'owner',
          label: desk.words.fields.owner,
          as: 'select',
          optional: true,
          empty: desk.words.unknown,
          options: organisationOptions(city, desk),
        },
        { name: 'flats', label: desk.words.fields.flats, optional: true, width: 'xs' },
        {
          name: 'networkZones',
          label: desk.words.fields.networkZones,
          hint: desk.words.fields.zonesHint,
          optional: true,
          width: 'full',
        },
      ],
    },
  ],
};

/** Who does which work where. */
export const contractSpec: KindSpec = {
  nameOf: (body, desk) => desk.words.contractName(text(body.number)),
  columns: (desk, city) => [
    { title: desk.words.fields.contractNumber, cell: (body) => text(body.number) },
    {
      title: desk.words.fields.organisation,
      cell: (body) =>
        city.known.organisations.get(String(body.organisation))?.name[desk.at.language] ??
        text(body.organisation),
    },
    {
      title: desk.words.fields.branch,
      cell: (body) => city.branches.get(String(body.branch))?.name[desk.at.language] ?? text(body.branch),
    },
    { title: desk.words.fields.contractPlace, cell: (body) => text(body.building ?? body.asset) },
    { title: desk.words.fields.from, cell: (body) => text(body.from) },
    { title: desk.words.fields.to, cell: (body) => text(body.to) },
  ],
  groups: (desk, city) => [
    {
      title: desk.words.fields.main,
      fields: [
        {
          name: 'id',
          label: desk.words.fields.code,
          hint: desk.words.fields.codeHint,
          fixed: true,
          width: 'm',
        },
        { name: 'number', label: desk.words.fields.contractNumber, width: 'm' },
        {
          name: 'organisation',
          label: desk.words.fields.organisation,
          as: 'select',
          empty: desk.words.choose,
          options: organisationOptions(city, desk),
        },
        {
          name: 'branch',
          label: desk.words.fields.branch,
          as: 'select',
          empty: desk.words.choose,
          options: branchOptions(city, desk),
        },
        {
          name: 'building',
          label: desk.words.fields.building,
          hint: desk.words.fields.buildingHint,
          width: 's',
          optional: true,
        },
        {
          name: 'asset',
          label: desk.words.fields.asset,
          hint: desk.words.fields.assetHint,
          optional: true,
          width: 's',
        },
        { name: 'from', label: desk.words.fields.from, as: 'date' },
        {
          name: 'to',
          label: desk.words.fields.to,
          as: 'date',
          optional: true,
          hint: desk.words.fields.toHint,
        },
      ],
    },
  ],
};

/** Lamp posts, stops, playgrounds. */
export const assetSpec: KindSpec = {
  nameOf: (body, desk) => `${named(body, desk)} ${text(body.number)}`,
  columns: (desk, city) => [
    { title: desk.words.fields.assetNumber, cell: (body) => text(body.number) },
    { title: desk.words.fields.name, cell: (body) => named(body, desk) },
    {
      title: desk.words.fields.parent,
      cell: (body) => city.branches.get(String(body.branch))?.name[desk.at.language] ?? text(body.branch),
    },
    {
      title: desk.words.fields.owner,
      cell: (body) =>
        city.known.organisations.get(String(body.keeper))?.name[desk.at.language] ?? text(body.keeper),
    },
  ],
  groups: (desk, city) => {
    const f = desk.words.fields;
    return [
      {
        title: f.main,
        fields: [
          { name: 'id', label: f.code, hint: f.codeHint, fixed: true, width: 'm' },
          { name: 'number', label: f.assetNumber, hint: f.assetNumberHint, width: 's' },
          ...both('name', f.name, desk, { hint: f.assetNameHint }),
          {
            name: 'branch',
            label: f.parent,
            hint: f.assetBranchHint,
            as: 'select',
            empty: desk.words.choose,
            options: branchOptions(city, desk),
          },
          {
            name: 'keeper',
            label: f.owner,
            as: 'select',
            optional: true,
            empty: desk.words.unknown,
            options: organisationOptions(city, desk),
          },
          { name: 'lat', label: f.lat, width: 's' },
          { name: 'lon', label: f.lon, width: 's' },
        ],
      },
    ];
  },
};

/** Areas with their boundaries. */
const areaSpec: KindSpec = {
  nameOf: named,
  columns: (desk) => [
    { title: desk.words.fields.name, cell: (body) => named(body, desk) },
    {
      title: desk.words.fields.points,
      cell: (body) => (body as unknown as ZoneData).rings.reduce((sum, { ring }) => sum + ring.length, 0),
    },
  ],
  groups: (desk) => [
    {
      title: desk.words.fields.main,
      fields: [
        {
          name: 'code',
          label: desk.words.fields.code,
          hint: desk.words.fields.codeHint,
          fixed: true,
          width: 'm',
        },
        ...both('name', desk.words.fields.name, desk),
        { name: 'rings', label: desk.words.fields.ring, hint: desk.words.fields.ringHint, as: 'area' },
      ],
    },
  ],
};

/** Districts: a point is in the one that holds it. */
export const districtSpec = areaSpec;

/** Areas by which rules decide. */
export const zoneSpec = areaSpec;
