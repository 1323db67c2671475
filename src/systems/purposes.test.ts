// Keeps: the public register of purposes, and that every field of a form for people serves one (platform.md §14).
import { describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { createApp } from '#platform/http/app.ts';
import { platformPurposes } from '#platform/personal-data/purposes.ts';
import { systems } from '#systems/index.ts';

const sources: Record<string, string> = import.meta.glob(
  [
    '/src/platform/**/*.tsx',
    '/src/systems/*/**/*.tsx',
    '!/src/**/*.test.tsx',
    '!/src/systems/*/pages/desk/**',
    '!/src/**/islands/**',
  ],
  { query: '?raw', import: 'default', eager: true },
);
const field =
  /<(?:TextInput|TextArea|Select|Radios|Checkboxes|Checkbox|DateInput|FileInput|Search)\b(?:[^<>]|=>)*?\bname=(?:"([^"]+)"|(\{[^\n]*?\}))(?=[\s/>])/g;

/** The fields of a part's forms for people: as they are named, or the expression that names them. */
function fieldsUnder(folder: string): string[] {
  const own = Object.entries(sources).filter(([path]) => path.startsWith(folder));
  return [
    ...new Set(own.flatMap(([, text]) => [...text.matchAll(field)].map((found) => found[1] ?? found[2]!))),
  ];
}

const parts = [
  { name: 'platform', folder: '/src/platform/', register: platformPurposes },
  ...systems.map((system) => ({
    name: system.name,
    folder: `/src/systems/${system.name}/`,
    register: system.purposes ?? { purposes: [], fields: {}, impersonal: [] },
  })),
];

describe.each(parts)('$name', ({ folder, register }) => {
  it('says of every field of its forms for people what it is for, or that it asks nothing about anybody', () => {
    const known = [...Object.keys(register.fields), ...register.impersonal];
    expect(fieldsUnder(folder).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('names no field that is not there, and no purpose that the register does not hold', () => {
    const there = fieldsUnder(folder);
    expect(
      [...Object.keys(register.fields), ...register.impersonal].filter((name) => !there.includes(name)),
    ).toEqual([]);
    const codes = register.purposes.map(({ code }) => code);
    expect(
      Object.values(register.fields)
        .flat()
        .filter((code) => !codes.includes(code)),
    ).toEqual([]);
    for (const named of Object.values(register.fields)) expect(named.length).toBeGreaterThan(0);
  });
});

it('everybody reads the register: purpose, ground, categories, recipients, retention, owner', async () => {
  const platform = await testPlatform({ systems });
  const html = await (await createApp(platform).request('/privacy/purposes')).text();
  for (const { purposes } of [platformPurposes, ...systems.flatMap((system) => system.purposes ?? [])])
    for (const purpose of purposes) {
      const { code, ...facts } = purpose;
      for (const fact of Object.values(facts)) expect(html, code).toContain(fact.uk);
    }
});
