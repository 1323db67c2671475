import { sql } from 'drizzle-orm';
import type { ManualClock } from '#platform/clock.ts';
import { runOneLoad } from '../../loading/loads.ts';
import { officer, type TestPortal } from '../ckan/testing.ts';

/** Days and files of a portal under test. */
export function publisherOf(portal: TestPortal) {
  const clock = portal.platform.clock as ManualClock;
  return {
    clock,
    /** Sends a file as clients do, the next version of `resource` or a new one, and waits until it is loaded. @returns the resource */
    async send(dataset: string, text: string, resource?: string, name = 'data.csv'): Promise<string> {
      const form = new FormData();
      for (const [key, value] of Object.entries(
        resource ? { id: resource } : { package_id: dataset, name: 'Дані' },
      ))
        form.set(key, value);
      form.set('upload', new Blob([text]), name);
      const answer = await portal.fetch(
        `/open-data/api/3/action/${resource ? 'resource_patch' : 'resource_create'}`,
        { method: 'POST', headers: { authorization: officer }, body: form },
      );
      const { result } = (await answer.json()) as { result: { id: string } };
      const { rows } = await portal.platform.db.execute<{ id: string }>(
        sql`select id from od_load where resource = ${result.id} order by n desc limit 1`,
      );
      await runOneLoad(portal.platform, rows[0]!.id);
      return result.id;
    },
    /** Asks the native API of a resource. */
    async ask(resource: string, path: string, token?: string) {
      const answer = await portal.fetch(`/api/v1/open-data/resources/${resource}${path}`, {
        headers: token ? { authorization: token } : {},
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      const isJson =
        /json/.test(answer.headers.get('content-type') ?? '') &&
        !/ndjson|geo/.test(answer.headers.get('content-type') ?? '');
      return {
        status: answer.status,
        headers: answer.headers,
        bytes,
        text: bytes.toString(),
        // biome-ignore lint/suspicious/noExplicitAny: a client knows nothing of the shape beforehand
        body: (isJson && bytes.length ? JSON.parse(bytes.toString()) : null) as any,
      };
    },
  };
}
