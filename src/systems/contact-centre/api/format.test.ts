import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import {
  chooseFormat,
  contentType,
  type Document,
  formatOf,
  legal,
  mediaType,
  splitSuffix,
  tidyPath,
  write,
  writeJson,
  writeXml,
} from './format.ts';

describe('the format of an answer', () => {
  it('follows the suffix, in any case of letters, whatever Accept says', () => {
    expect(chooseFormat('xml', 'application/json')).toBe('xml');
    expect(chooseFormat('json', 'text/xml')).toBe('json');
    expect(splitSuffix('/services.JSON')).toEqual({ name: '/services', suffix: 'json' });
  });

  it('without a suffix follows Accept, and is XML without either', () => {
    expect(chooseFormat(null, 'application/json')).toBe('json');
    expect(chooseFormat(null, 'text/xml')).toBe('xml');
    expect(chooseFormat(null, null)).toBe('xml');
    expect(chooseFormat(null, '*/*')).toBe('xml');
    expect(splitSuffix('/services/heat-none')).toEqual({ name: '/services/heat-none', suffix: null });
  });

  it('is unknown for an unknown suffix', () => {
    expect(chooseFormat('html', 'application/json')).toBeNull();
    expect(chooseFormat('', null)).toBeNull();
  });

  it('weighs the ranges of Accept as HTTP does', () => {
    expect(formatOf('application/json, text/plain, */*')).toBe('json');
    expect(formatOf('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8')).toBe('xml');
    expect(formatOf('application/json;q=0.5, text/xml')).toBe('xml');
    expect(formatOf('text/xml;q=0.5, application/json')).toBe('json');
    expect(formatOf('application/json, text/xml')).toBe('json');
    expect(formatOf('text/xml, application/json')).toBe('xml');
    expect(formatOf('application/*')).toBe('xml');
    expect(formatOf('text/xml;q=0, */*')).toBe('json');
    expect(formatOf('application/json;q=0')).toBe('xml');
    expect(formatOf('image/png')).toBe('xml');
  });
});

describe('paths', () => {
  it('bear double slashes and a slash at the end', () => {
    expect(tidyPath('//open311/v2//services.json')).toBe('/open311/v2/services.json');
    expect(tidyPath('/open311/v2/requests///')).toBe('/open311/v2/requests');
    expect(tidyPath('/')).toBe('/');
  });
});

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  isArray: (name) => ['item', 'value', 'attribute', 'note'].includes(name),
});

describe('the writers', () => {
  const document: Document = {
    root: 'things',
    item: 'item',
    value: [{ a: 'x < y & "z"', b: null, c: 48.4501, d: true, notes: [{ type: 'open' }], values: [] }],
  };

  it('say the same in XML and in JSON', () => {
    expect(writeXml(document)).toBe(
      '<?xml version="1.0" encoding="utf-8"?>\n<things><item><a>x &lt; y &amp; "z"</a><b/><c>48.4501</c><d>true</d>' +
        '<notes><note><type>open</type></note></notes><values/></item></things>',
    );
    expect(writeJson(document.value)).toBe(
      '[{"a":"x < y & \\"z\\"","b":null,"c":48.4501,"d":true,"notes":[{"type":"open"}],"values":[]}]',
    );
  });

  it('drop the JSON root, keep the XML root even of an empty list', () => {
    expect(write('json', { root: 'things', item: 'item', value: [] })).toBe('[]');
    expect(write('xml', { root: 'things', item: 'item', value: [] })).toMatch(/<things\/>$/);
  });

  it('drop characters that XML forbids, from both formats alike', () => {
    const nasty =
      'a\u0000b\u0008c\u000bd\ud800e\udc00f\ufffeg\uffffh\ttab\nline\rreturn \u{1f6a7} \u007f кінець ]]>';
    const value = [{ text: nasty }];
    const fromJson = JSON.parse(writeJson(value))[0].text;
    const fromXml = parser.parse(writeXml({ root: 'r', item: 'item', value })).r.item[0].text;
    expect(fromJson).toBe('abcdefgh\ttab\nline\rreturn \u{1f6a7} \u007f кінець ]]>');
    expect(fromXml.replaceAll('&#13;', '\r')).toBe(fromJson);
    expect(legal(fromJson)).toBe(fromJson);
  });

  it('refuse a list whose elements have no name, rather than invent one', () => {
    expect(() => writeXml({ root: 'r', value: { unknown: ['a'] } })).toThrow('<unknown>');
  });
});

describe('content types', () => {
  it('carry the charset, and bare ones exist for discovery', () => {
    expect(contentType('xml')).toBe('text/xml; charset=utf-8');
    expect(contentType('json')).toBe('application/json; charset=utf-8');
    expect(mediaType).toEqual({ xml: 'text/xml', json: 'application/json' });
  });
});
