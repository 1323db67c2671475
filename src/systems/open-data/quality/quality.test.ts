// Keeps: quality is the 405 points of the MQA and 100 of the city, each point by its own rule (open-data.md 7).
import { describe, expect, it } from 'vitest';
import { type CriterionId, criteria, ratingOf } from './criteria.ts';
import { type QualityFacts, qualityOf, type ResourceFacts } from './quality.ts';

const table: ResourceFacts = {
  id: 'r',
  title: 'Перелік',
  format: 'CSV',
  mediaType: 'text/csv',
  bytes: 120,
  answers: true,
  isFile: true,
  hasRows: true,
  isOfficial: true,
  columnsWithoutText: [],
};
const whole: QualityFacts = {
  title: 'Школи міста',
  notes: 'Перелік шкіл',
  keywords: ['освіта'],
  themes: ['EDUC'],
  katottg: 'UA12020010010037010',
  edrpou: '00032129',
  hasPeriod: true,
  licence: 'CC-BY-4.0',
  contact: { name: 'Ірина Демченко', email: 'data@misto.example' },
  publisher: 'Департамент освіти',
  language: 'ua',
  purpose: 'Закон про освіту',
  frequency: 'once a month',
  freshness: 'on time',
  isValid: true,
  issued: '2026-01-01',
  modified: '2026-11-01',
  resources: [table],
};
const failing = (facts: Partial<QualityFacts>, resource: Partial<ResourceFacts> = {}) =>
  qualityOf({ ...whole, resources: [{ ...table, ...resource }], ...facts })
    .points.filter((point) => point.met === false)
    .map((point) => point.id);

describe('quality of a dataset', () => {
  it('is 405 points of the MQA by dimension and 100 of the city, all of which a whole dataset has', () => {
    const of = (dimension: string) =>
      criteria.filter((one) => one.dimension === dimension).reduce((sum, one) => sum + one.points, 0);
    expect(
      ['findability', 'accessibility', 'interoperability', 'reusability', 'contextuality', 'city'].map(of),
    ).toEqual([100, 100, 110, 75, 20, 100]);
    expect(qualityOf(whole)).toMatchObject({ mqa: 405, city: 100, cityOf: 100, rating: 'excellent' });
  });

  it.each<[string, readonly CriterionId[], Partial<QualityFacts>, Partial<ResourceFacts>?]>([
    ['no keywords', ['keyword', 'passport'], { keywords: [] }],
    ['no theme of the EU list', ['theme'], { themes: ['nothing'] }],
    ['no territory', ['spatial', 'passport', 'identifiers'], { katottg: null }],
    ['no period', ['temporal'], { hasPeriod: false }],
    ['an address that does not answer', ['access-answers', 'download-answers'], {}, { answers: false }],
    ['an address that nobody has looked at', ['access-answers', 'download-answers'], {}, { answers: null }],
    ['no format', ['format', 'format-vocabulary'], {}, { format: '' }],
    ['no media type', ['media-type', 'format-vocabulary'], {}, { mediaType: null }],
    ['a format that the list has not', ['format-vocabulary'], {}, { format: 'DBF' }],
    ['a proprietary format', ['non-proprietary'], {}, { format: 'XLSX', hasRows: false }],
    ['a picture of a text', ['machine-readable'], {}, { format: 'PDF', hasRows: false }],
    ['a description that is not DCAT-AP', ['dcat-ap'], { isValid: false }],
    ['no licence', ['licence', 'licence-vocabulary'], { licence: null }],
    ['a licence that is not specified', ['licence', 'licence-vocabulary'], { licence: 'notspecified' }],
    ['a licence that the list has not', ['licence-vocabulary'], { licence: 'other-open' }],
    ['nobody to ask', ['contact', 'passport'], { contact: { name: null, email: null } }],
    ['no publisher', ['publisher'], { publisher: null }],
    ['no size', ['byte-size'], {}, { bytes: null }],
    ['no day of issue', ['issued'], { issued: null }],
    ['no day of change', ['modified'], { modified: null }],
    ['no purpose', ['passport'], { purpose: null }],
    ['a table of its own', ['official-table'], {}, { isOfficial: false }],
    ['data that are late', ['on-time'], { freshness: 'late' }],
    ['data that are long overdue', ['on-time'], { freshness: 'very late' }],
    ['no promise at all', ['passport', 'on-time'], { frequency: null, freshness: 'none' }],
    ['a wrong ЄДРПОУ', ['identifiers'], { edrpou: '00032120' }],
    ['columns without a word', ['field-texts'], {}, { columnsWithoutText: ['a'] }],
  ])('loses the points of %s and no others', (_, ids, facts, resource) => {
    expect(failing(facts, resource)).toEqual(ids);
  });

  it('asks each resource for its format, its size and an answer, and one of them for open and machine-readable data', () => {
    const pdf: ResourceFacts = {
      ...table,
      title: 'Скан',
      format: 'PDF',
      mediaType: 'application/pdf',
      hasRows: false,
    };
    expect(qualityOf({ ...whole, resources: [table, pdf] }).mqa).toBe(405);
    const silent = qualityOf({ ...whole, resources: [table, { ...pdf, answers: false, bytes: null }] });
    expect(silent.points.filter((point) => point.met === false)).toMatchObject([
      { id: 'access-answers', points: 50, where: ['Скан'] },
      { id: 'download-answers', points: 30, where: ['Скан'] },
      { id: 'byte-size', points: 5, where: ['Скан'] },
    ]);
  });

  it('gives nothing for files where there are none', () => {
    expect(failing({ resources: [] })).toEqual([
      'access-answers',
      'download',
      'download-answers',
      'format',
      'media-type',
      'format-vocabulary',
      'non-proprietary',
      'machine-readable',
      'byte-size',
      'official-table',
      'field-texts',
    ]);
  });

  it('does not count the promise where the period has no end', () => {
    const found = qualityOf({ ...whole, frequency: 'unscheduled', freshness: 'none' });
    expect(found).toMatchObject({ city: 75, cityOf: 75 });
  });

  it('is excellent from 351, good from 221, sufficient from 121', () => {
    expect([405, 351, 350, 221, 220, 121, 120, 0].map(ratingOf)).toEqual([
      'excellent',
      'excellent',
      'good',
      'good',
      'sufficient',
      'sufficient',
      'poor',
      'poor',
    ]);
  });
});
