import { describe, expect, it } from 'vitest';
import { tableSchemaOf } from '../schema-documents.ts';
import { readTableSchema, SchemaFault } from './table-schema-input.ts';

const read = (schema: unknown) => readTableSchema(JSON.stringify(schema));

describe('an own schema in Table Schema', () => {
  it('says names, titles, types, constraints and the key', () => {
    expect(
      read({
        fields: [
          { name: '_id', type: 'integer' },
          {
            name: 'код',
            title: 'Код',
            type: 'string',
            constraints: { required: true, pattern: '[А-Я]{2}\\d+' },
          },
          { name: 'площа', type: 'number', constraints: { minimum: 0, maximum: 100 } },
          { name: 'стан', constraints: { enum: ['так', 'ні'], maxLength: 3 } },
          { name: 'сторінка', type: 'string', format: 'uri' },
          { name: 'дата', type: 'date', constraints: { unique: true } },
        ],
        primaryKey: 'код',
      }),
    ).toEqual({
      origin: 'own',
      key: ['код'],
      keyIsUnique: true,
      columns: [
        { id: 'код', title: 'Код', type: 'text', role: null, required: true, pattern: '[А-Я]{2}\\d+' },
        { id: 'площа', title: null, type: 'numeric', role: null, required: false, min: 0, max: 100 },
        {
          id: 'стан',
          title: null,
          type: 'text',
          role: null,
          required: false,
          enum: ['так', 'ні'],
          maxLength: 3,
        },
        { id: 'сторінка', title: null, type: 'url', role: null, required: false },
        { id: 'дата', title: null, type: 'date', role: null, required: false, unique: true },
      ],
    });
  });

  it('is read as a resource tells it', () => {
    const schema = read({
      fields: [{ name: 'n', type: 'integer', constraints: { required: true } }],
      primaryKey: ['n'],
    });
    const told = tableSchemaOf({
      fields: [{ id: 'n', type: 'int8' }],
      key: ['n'],
      schema,
      title: '',
      licence: null,
      csv: '',
    });
    expect(read(told)).toEqual(schema);
  });

  it.each<[string, unknown, string, number | null]>([
    ['no fields', {}, 'fields', null],
    ['a list', [], 'fields', null],
    ['no columns', { fields: [] }, 'fields', null],
    [
      'too many columns',
      { fields: Array.from({ length: 1_501 }, (_, n) => ({ name: `c${n}` })) },
      'fields',
      null,
    ],
    ['a column without a name', { fields: [{ name: 'a' }, { type: 'string' }] }, 'name', 2],
    ['a name twice', { fields: [{ name: 'a' }, { name: 'a' }] }, 'name', 2],
    ['a type that is none', { fields: [{ name: 'a', type: 'geopoint' }] }, 'type', 1],
    [
      'a pattern that does not close',
      { fields: [{ name: 'a', constraints: { pattern: '(' } }] },
      'constraint',
      1,
    ],
    [
      'a pattern that looks ahead',
      { fields: [{ name: 'a', constraints: { pattern: '(?=a)b' } }] },
      'constraint',
      1,
    ],
    [
      'a pattern that goes back',
      { fields: [{ name: 'a', constraints: { pattern: '(a)\\1' } }] },
      'constraint',
      1,
    ],
    [
      'a limit that is no number',
      { fields: [{ name: 'a', constraints: { minimum: 'багато' } }] },
      'constraint',
      1,
    ],
    ['a list that is none', { fields: [{ name: 'a', constraints: { enum: 'так' } }] }, 'constraint', 1],
    ['a key of another table', { fields: [{ name: 'a' }], primaryKey: ['b'] }, 'key', null],
  ])('with %s is refused, and where', (_, schema, what, column) => {
    try {
      read(schema);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(SchemaFault);
      expect(error).toMatchObject({ what, column });
    }
  });

  it('that is no JSON is refused', () => {
    expect(() => readTableSchema('{')).toThrow(SchemaFault);
  });
});
