import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { anonymous } from '#platform/work.ts';
import { contactCentreData } from '../../../../../city/dnipro/index.ts';
import { type NewRequest, registerRequest } from '../../requests.ts';
import type { State } from '../../states.ts';
import { testDesk } from './testing.ts';

/** The desks with people at them and reports coming in, for tests that work in pages as people do, without scripts. */
export async function deskWorld() {
  const { platform, clock, enter } = await testDesk();
  const app = createApp(platform);
  const pool = platform.db.$client;
  let key = 0;
  return {
    platform,
    app,
    pool,
    clock,
    enter,
    visitor: () => new TestBrowser(app),
    /** A cold house, routed to the enterprise of the demo's dispatcher. */
    async report(more: Partial<NewRequest> = {}): Promise<string> {
      key += 1;
      const made = await platform.work(anonymous, (work) =>
        registerRequest(work, {
          source: 'web',
          intakeKey: `desk-${key}`,
          category: 'heat-none',
          text: 'Батареї холодні, дзвоніть 067 123 45 67',
          answers: [{ code: 'scope', values: ['house'] }],
          place: { building: contactCentreData.buildings[0]!.id, flat: '7' },
          reporter: { channel: 'web', language: 'uk', name: 'Олена Калиногай', phone: '+380670000002' },
          ...more,
        }),
      );
      return made.number;
    },
    async stateOf(number: string): Promise<State> {
      const { rows } = await pool.query('select state from cc_request where number = $1', [number]);
      return rows[0].state;
    },
  };
}

/** The text of a page as it is read, without marks of HTML. */
export const readable = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll(/\s+/g, ' ');

/** A hidden field of the page's first form that has it. */
export function hiddenField(html: string, name: string): string {
  const found = new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1];
  if (found === undefined) throw new Error(`the page has no field ${name}`);
  return found;
}

/** What the browser would send as its cookies, for requests that a test makes by hand. */
export const cookiesOf = (browser: TestBrowser): string =>
  [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

/** What stands in the form of the last page, as a browser would send it. */
export function filled(html: string, action: string): Record<string, string> {
  const form = new RegExp(`<form[^>]*action="${action}"[^>]*>(.*?)</form>`, 's').exec(html)![1]!;
  const fields: Record<string, string> = {};
  const plain = (text = '') =>
    text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&');
  for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(tag)?.[1];
    const isTick = /type="(checkbox|radio)"/.test(tag);
    if (!name || name.startsWith('_') || (isTick && !/\bchecked/.test(tag))) continue;
    const value = plain(/\bvalue="([^"]*)"/.exec(tag)?.[1]);
    fields[name] = fields[name] && isTick ? `${fields[name]},${value}` : value;
  }
  for (const [, name, text] of form.matchAll(/<textarea\b[^>]*\bname="([^"]*)"[^>]*>(.*?)<\/textarea>/gs))
    fields[name!] = plain(text);
  for (const [, name, inside] of form.matchAll(/<select\b[^>]*\bname="([^"]*)"[^>]*>(.*?)<\/select>/gs)) {
    const options = [...inside!.matchAll(/<option value(?:="([^"]*)")?( selected)?/g)];
    fields[name!] = plain((options.find(([, , selected]) => selected) ?? options[0])?.[1]);
  }
  return fields;
}
