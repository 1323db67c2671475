import type { KindName } from '../../../../city-editing/index.ts';
import { categorySpec } from './categories.tsx';
import { daySpec, lawSpec } from './days.tsx';
import type { KindSpec } from './kit.tsx';
import { organisationSpec, unitSpec } from './organisations.tsx';
import { assetSpec, buildingSpec, contractSpec, districtSpec, zoneSpec } from './places.tsx';
import { settingsSpec } from './settings.tsx';
import { articleSpec, templateSpec } from './words.tsx';

export * from './kit.tsx';

/** How each kind is shown: its list, its form, its name. */
export const specs: Readonly<Record<KindName, KindSpec>> = {
  category: categorySpec,
  organisation: organisationSpec,
  unit: unitSpec,
  contract: contractSpec,
  building: buildingSpec,
  asset: assetSpec,
  district: districtSpec,
  zone: zoneSpec,
  day: daySpec,
  law: lawSpec,
  template: templateSpec,
  article: articleSpec,
  settings: settingsSpec,
};
