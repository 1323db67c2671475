import { sql } from 'drizzle-orm';
import type { ManualClock } from '#platform/clock.ts';
import { filesOf } from '#platform/files/index.ts';
import { personaActor } from '#platform/identity/personas.ts';
import type { Platform } from '#platform/system.ts';
import { openDataCity } from '../../../city/dnipro/index.ts';
import { createDataset } from './datasets.ts';
import { usualLicence } from './licences.ts';
import { Upload } from './resource-input.ts';
import { demoOfficer } from './tokens.ts';
import { createUnit } from './units.ts';

/** The demo's publishers with a small catalogue, made by the officer through the functions that the API calls. */
export async function demo(platform: Platform, clock: ManualClock): Promise<void> {
  const officer = await personaActor(platform, demoOfficer);
  const store = filesOf(platform.config);
  for (const publisher of openDataCity.publishers) {
    const { rows } = await platform.db.execute(
      sql`select from od_organisation where name = ${publisher.name}`,
    );
    if (rows.length === 0)
      await platform.work(officer, (work) => createUnit(work, 'organization', { ...publisher }), { clock });
  }
  for (const dataset of openDataCity.datasets) {
    const { rows } = await platform.db.execute(sql`select from od_dataset where name = ${dataset.name}`);
    if (rows.length > 0) continue;
    const content = await store.put(new TextEncoder().encode(dataset.file.content));
    await platform.work(
      officer,
      (work) =>
        createDataset(work, {
          name: dataset.name,
          title: dataset.title,
          notes: dataset.notes,
          owner_org: dataset.publisher,
          license_id: usualLicence,
          maintainer: 'Відповідальна особа (демо)',
          maintainer_email: 'data@misto.example',
          language: 'ua',
          update_frequency: dataset.frequency,
          purpose_of_collecting_information: 'Показ можливостей порталу',
          ...(dataset.obligation ? { obligation: dataset.obligation } : {}),
          tags: dataset.tags.map((name) => ({ name })),
          groups: dataset.themes.map((name) => ({ name })),
          resources: [
            {
              name: dataset.file.title,
              upload: new Upload(content, dataset.file.name, store),
            },
          ],
        }),
      { clock },
    );
  }
}
