import { describe, expect, it } from 'vitest';
import {
  answers,
  assets,
  branches,
  buildings,
  categories,
  complaints,
  districtOf,
  districts,
  inRing,
  organisations,
  questions,
  river,
  rules,
  streets,
} from './index.ts';

const codes = new Set(organisations.map((one) => one.code));

describe('the city of Dnipro as data', () => {
  it('has eight districts, each around its own centre and outside the river', () => {
    expect(districts).toHaveLength(8);
    for (const district of districts) {
      expect(inRing(district.centre, district.ring), district.code).toBe(true);
      expect(districtOf(district.centre)?.code).toBe(district.code);
      expect(inRing(district.centre, river)).toBe(false);
    }
  });

  it('has at least 300 buildings, each in a district, on dry land, with a known owner and a unique address', () => {
    expect(streets.length).toBeGreaterThanOrEqual(60);
    expect(buildings.length).toBeGreaterThanOrEqual(300);
    const stray = buildings
      .filter((one) => !one.district || inRing(one.point, river))
      .map((one) => `${one.street} ${one.point}`);
    expect(stray).toEqual([]);
    expect(new Set(buildings.map((one) => one.id)).size).toBe(buildings.length);
    expect(new Set(buildings.map((one) => `${one.street} ${one.house}`)).size).toBe(buildings.length);
    for (const one of buildings) expect(codes.has(one.owner)).toBe(true);
    expect(new Set(buildings.map((one) => one.district)).size).toBe(8);
  });

  it('has at least 60 categories in 18 branches with codes fit for GeoReport, some of them batch', () => {
    expect(branches).toHaveLength(18);
    expect(categories.length).toBeGreaterThanOrEqual(60);
    expect(new Set(categories.map((one) => one.code)).size).toBe(categories.length);
    expect(new Set(categories.map((one) => one.branch)).size).toBe(18);
    for (const one of categories) {
      expect(one.code).toMatch(/^[a-z0-9-]+$/);
      for (const asked of one.questions ?? []) expect(questions[asked], asked).toBeDefined();
    }
    expect(categories.some((one) => one.type === 'batch' && !one.questions)).toBe(true);
    expect(categories.some((one) => one.type === 'batch' && one.questions)).toBe(true);
    expect(categories.find((one) => one.code === 'gas-smell')?.stopper?.uk).toContain('104');
  });

  it('has things with numbers for every category that asks which one it is, each with a keeper', () => {
    const asked = categories.filter((one) => one.needs?.includes('asset'));
    expect(asked.map((one) => one.branch)).toEqual(expect.arrayContaining(['lighting', 'transport']));
    for (const one of asked)
      expect(
        assets.some(({ branch }) => branch === one.branch),
        one.code,
      ).toBe(true);
    for (const one of assets) expect(codes.has(one.keeper), one.id).toBe(true);
    expect(new Set(assets.map((one) => one.id)).size).toBe(assets.length);
    expect(new Set(assets.map((one) => `${one.branch} ${one.number}`)).size).toBe(assets.length);
  });

  it('has words for the demo requests of every category that has a form', () => {
    const silent = categories
      .filter((one) => !one.stopper && !one.competence && !one.regime && !complaints[one.code])
      .map((one) => one.code);
    expect(silent).toEqual([]);
    for (const one of branches) expect(answers[one.code], one.code).toBeDefined();
  });

  it('routes only to enterprises and units that exist, of which there are at least twelve', () => {
    expect(organisations.length).toBeGreaterThanOrEqual(12);
    const units = new Set(organisations.flatMap((one) => one.units.map((unit) => unit.code)));
    for (const rule of rules) {
      expect(codes.has(rule.to), rule.code).toBe(true);
      if (rule.unit) expect(units.has(rule.unit), rule.unit).toBe(true);
    }
  });
});
