import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import type { Text } from '#platform/i18n/index.ts';
import { type Actor, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../city/dnipro/index.ts';
import { loadCityData } from './city.ts';
import type { TemplateData } from './city-data.ts';
import { retireData, saveData } from './city-editing/edit.ts';
import { dataKinds } from './city-editing/index.ts';
import type { Body } from './city-editing/kind.ts';
import { permission } from './permissions.ts';
import { staff } from './seeding.ts';
import { readTemplates, templatesFor } from './templates.ts';

const platform = await testPlatform();
const load = () => platform.work(systemActor('city'), (work) => loadCityData(work, contactCentreData));
beforeAll(load);

const editor = staff([permission('data_write')]);
const draft: TemplateData = {
  code: 'claim-test',
  move: 'claim',
  for: 'heating',
  name: { uk: 'Проба', en: 'Trial' },
  text: { uk: 'Зроблено', en: 'Done' },
};
const { template: kind } = dataKinds;
const write = async (template: TemplateData, known: number | null, actor: Actor = editor) => {
  const flat = kind.flat(template as unknown as Body);
  return (await platform.work(actor, (work) => saveData(work, kind, { flat, known }, 'uk'))).version;
};
const current = async (code: string) => (await readTemplates(platform.db)).find((one) => one.code === code);

describe('a template of staff', () => {
  it('comes with the city, and loading the city again neither doubles nor undoes what was edited', async () => {
    const before = await readTemplates(platform.db);
    expect(before.length).toBe(contactCentreData.templates!.length);
    const one = before.find(({ code }) => code === 'ask-entrance')!;
    await write({ ...one, text: { uk: 'Який підʼїзд?', en: 'Which entrance?' } }, 1);
    await platform.work(editor, (work) => retireData(work, dataKinds.template, 'ask-since-when', 1));
    await load();
    expect((await current('ask-entrance'))?.text.uk).toBe('Який підʼїзд?');
    expect(await current('ask-since-when')).toBeUndefined();
    expect((await readTemplates(platform.db)).length).toBe(before.length - 1);
  });

  it('gets a new version when its words change, and keeps the old one', async () => {
    expect(await write(draft, null)).toBe(1);
    expect(await write(draft, 1)).toBe(1);
    expect(await write({ ...draft, text: { uk: 'Готово', en: 'Ready' } }, 1)).toBe(2);
    expect(
      (await kind.versions(platform.db, 'claim-test')).map(({ body }) => (body.text as Text).uk),
    ).toEqual(['Готово', 'Зроблено']);
  });

  it('is not overwritten by somebody who saw an older version', async () => {
    await expect(write({ ...draft, name: { uk: 'Інше', en: 'Other' } }, 1)).rejects.toMatchObject({
      code: 'stale',
      detail: { version: 2 },
    });
  });

  it('needs words in both languages and a move that there is', async () => {
    await expect(
      write({ ...draft, code: 'x y', move: 'dance', text: { uk: '', en: 'Done' } }, null),
    ).rejects.toMatchObject({
      faults: [{ field: 'move' }, { field: 'text-uk' }, { field: 'code' }],
    });
  });

  it('is refused with a mark that nothing fills in, or with what would be blacked out', async () => {
    const spoken = { en: 'Done', uk: 'Зроблено' };
    const refused = async (uk: string) =>
      write({ ...draft, code: 'claim-lint', text: { ...spoken, uk } }, null).then(
        () => [],
        (error: { faults: readonly { message: string }[] }) => error.faults.map(({ message }) => message),
      );
    for (const mark of ['{{number}}', '{адреса}', '%name%', '<ім’я>'])
      expect(await refused(`Заявку ${mark} виконано`), mark).toEqual([expect.stringContaining(`«${mark}»`)]);
    expect(await refused('Телефонуйте диспетчеру: 067 123 45 67')).toEqual([
      expect.stringContaining('«Телефонуйте диспетчеру: [приховано]»'),
    ]);
    expect(await refused('Виконано на 100 %, тиск < 6 бар')).toEqual([]);
  });

  it('is written only by those who edit the city', async () => {
    await expect(write(draft, 2, staff([]))).rejects.toMatchObject({ status: 403 });
    await expect(
      platform.work(editor, (work) => retireData(work, dataKinds.template, 'there-is-none', 1)),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('is offered with the nearest first: the category, its branches, then everywhere', async () => {
    const all = await readTemplates(platform.db);
    await write({ ...draft, code: 'claim-leaf', for: 'heat-none' }, null);
    const offered = templatesFor(await readTemplates(platform.db), 'claim', 'heat-none', ['heating']);
    expect(offered[0]?.code).toBe('claim-leaf');
    expect(offered.at(-1)?.code).toBe('claim-explained');
    expect(offered.some((one) => one.for === 'water')).toBe(false);
    expect(templatesFor(all, 'accept', 'heat-none', ['heating'])).toEqual([]);
  });
});
