import { describe, expect, it } from 'vitest';
import { Faults } from './errors.ts';
import { Parameters, readParameters } from './parameters.ts';

const of = (query: string, body = '') =>
  new Parameters(new URLSearchParams(query), new URLSearchParams(body));
const post = (query: string, body: BodyInit, type?: string) =>
  readParameters(
    new Request(`http://misto.test/open311/v2/requests.json?${query}`, {
      method: 'POST',
      body,
      headers: type ? { 'content-type': type } : {},
    }),
  );

describe('parameters', () => {
  it('come from query and body, and the body wins', () => {
    const given = of('jurisdiction_id=a&service_code=query', 'service_code=body');
    expect(given.one('jurisdiction_id')).toBe('a');
    expect(given.one('service_code')).toBe('body');
  });
  it('that are empty are absent, and do not hide the query', () => {
    const given = of('email=a@b.c&phone=', 'email=&description=%20%20');
    expect(given.one('email')).toBe('a@b.c');
    expect(given.one('phone')).toBeNull();
    expect(given.one('description')).toBeNull();
  });
  it('know deviceid as device_id', () => {
    expect(of('deviceid=7').one('device_id')).toBe('7');
  });
  it.each([
    'media_url=a&media_url=b',
    'media_url[]=a&media_url[]=b',
    'media_url[1]=b&media_url[0]=a',
    'media_url%5B0%5D=a&media_url%5B1%5D=b',
  ])('read the list notation %s', (query) => {
    expect(of(query).list('media_url')).toEqual(['a', 'b']);
  });
  it.each([
    'attribute[scope]=a&attribute[scope]=b',
    'attribute[scope][]=a&attribute[scope][]=b',
    'attribute[scope][1]=b&attribute[scope][0]=a',
    'attribute%5Bscope%5D%5B%5D=a&attribute%5Bscope%5D%5B%5D=b',
    'attribute%5Bscope%5D%5B0%5D=a&attribute%5Bscope%5D%5B1%5D=b',
  ])('read the attribute notation %s', (query) => {
    expect(of(query).attributes.get('scope')).toEqual(['a', 'b']);
  });
  it('read comma lists and repeated ones, each value once', () => {
    expect(of('status=open,closed&status=open').commaList('status')).toEqual(['open', 'closed']);
  });
  it('read numbers strictly and name those that are none', () => {
    const faults = new Faults();
    const given = of('lat=48.45&long=95..2&page=1.5&page_size=20');
    expect(given.number('lat', faults, { min: -90, max: 90 })).toBe(48.45);
    expect(given.number('long', faults, { min: -180, max: 180 })).toBeNull();
    expect(given.integer('page', faults, { min: 1, max: 9 })).toBeNull();
    expect(given.integer('page_size', faults, { min: 1, max: 1000 })).toBe(20);
    expect(() => faults.check()).toThrow(/long: .*page: /);
  });
});

describe('bodies', () => {
  it('may be urlencoded, also without a Content-Type', async () => {
    const form = 'service_code=heat&attribute%5Ba%5D=%D1%82%D0%B0%D0%BA';
    for (const type of [
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded; charset=UTF-8',
      'text/plain',
    ]) {
      const given = await post('jurisdiction_id=j', form, type);
      expect(given.one('service_code')).toBe('heat');
      expect(given.one('jurisdiction_id')).toBe('j');
      expect(given.attributes.get('a')).toEqual(['так']);
    }
    const bare = await post('', new TextEncoder().encode(form));
    expect(bare.one('service_code')).toBe('heat');
  });
  it('may be multipart, with files in any field', async () => {
    const form = new FormData();
    form.set('service_code', 'heat');
    form.append('attribute[a][]', 'x');
    form.append('attribute[a][]', 'y');
    form.append('media', new File(['1'], 'one.jpg', { type: 'image/jpeg' }));
    form.append('file2', new File(['22'], 'two.png', { type: 'image/png' }));
    form.append('empty', new File([], ''));
    const given = await post('', form);
    expect(given.one('service_code')).toBe('heat');
    expect(given.attributes.get('a')).toEqual(['x', 'y']);
    expect(given.files.map((sent) => [sent.field, sent.file.name])).toEqual([
      ['media', 'one.jpg'],
      ['file2', 'two.png'],
    ]);
  });
  it('may be JSON, with lists, numbers and nested attributes', async () => {
    const given = await post(
      'service_code=query',
      JSON.stringify({
        service_code: 'heat',
        lat: 48.45,
        phone: null,
        media_url: ['a', 'b'],
        attribute: { scope: ['flat', 'house'], n: 3 },
        'attribute[other]': true,
      }),
      'application/json',
    );
    expect(given.one('service_code')).toBe('heat');
    expect(given.one('lat')).toBe('48.45');
    expect(given.one('phone')).toBeNull();
    expect(given.list('media_url')).toEqual(['a', 'b']);
    expect(given.attributes.get('scope')).toEqual(['flat', 'house']);
    expect(given.attributes.get('n')).toEqual(['3']);
    expect(given.attributes.get('other')).toEqual(['true']);
  });
  it('that cannot be read are refused by name', async () => {
    await expect(post('', '{"a":', 'application/json')).rejects.toThrow('body: is not JSON');
    await expect(post('', '[1]', 'application/json')).rejects.toThrow('body: must be a JSON object');
    await expect(post('', '<a/>', 'text/xml')).rejects.toThrow('Content-Type: text/xml');
    await expect(post('', 'x', 'multipart/form-data')).rejects.toThrow('body: the multipart form');
    await expect(post('', 'a'.repeat(1_000_001), 'text/plain')).rejects.toThrow('larger than 1 MB');
  });
});
