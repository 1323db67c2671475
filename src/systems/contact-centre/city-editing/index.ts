import { categories } from './categories.ts';
import { days } from './days.ts';
import type { DataKind } from './kind.ts';
import { law } from './law.ts';
import { organisations, units } from './organisations.ts';
import { assets, buildings, contracts, districts, zones } from './places.ts';
import { settings } from './settings.ts';
import { articles, templates } from './words.ts';

/** Everything about requests that administrators edit on pages, by the name that stands in addresses and the audit. */
export const dataKinds = {
  category: categories,
  organisation: organisations,
  unit: units,
  contract: contracts,
  building: buildings,
  asset: assets,
  district: districts,
  zone: zones,
  day: days,
  law,
  template: templates,
  article: articles,
  settings,
} as const satisfies Readonly<Record<string, DataKind>>;

export type KindName = keyof typeof dataKinds;
