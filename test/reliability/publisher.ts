import { setTimeout as sleep } from 'node:timers/promises';

/** Rows of each file. */
const rows = 400;

/**
 * A program that sends one file after another, each with one number in all of its rows, and a reader of what is served meanwhile.
 *
 * @param origin where the city is now: it may be killed and come back elsewhere.
 */
export async function publisherOn(origin: () => string) {
  const call = (action: string, body: object | FormData): Promise<Response> =>
    fetch(`${origin()}/open-data/api/3/action/${action}`, {
      method: 'POST',
      headers: {
        authorization: 'demo',
        ...(body instanceof FormData ? {} : { 'content-type': 'application/json' }),
      },
      body: body instanceof FormData ? body : JSON.stringify(body),
    });
  const resultOf = async (answer: Response) =>
    ((await answer.json()) as { result: Record<string, unknown> }).result;
  await call('organization_create', { name: 'crashes', title: 'Перевірка' });
  await call('package_create', { name: 'crashes', title: 'Перевірка', owner_org: 'crashes' });
  /** @returns whether the portal said that it has the file. */
  async function send(number: number, target: Record<string, string>): Promise<Response | null> {
    const form = new FormData();
    for (const [key, value] of Object.entries(target)) form.set(key, value);
    const lines = Array.from({ length: rows }, (_, n) => `${n},f${number}`);
    form.set('upload', new Blob([`n,file\n${lines.join('\n')}\n`]), 'a.csv');
    const answer = await call(target.id ? 'resource_patch' : 'resource_create', form).catch(() => null);
    return answer?.ok ? answer : null;
  }
  const first = await send(0, { package_id: 'crashes', name: 'Файл' });
  const id = String((await resultOf(first!)).id);
  const state = { sent: 0, acknowledged: 0, looks: 0 };
  const odd: unknown[] = [];

  /** What is served: the number in its rows. @returns null while nobody answers */
  async function look(): Promise<number | null> {
    const answer = await call('datastore_search', { resource_id: id, limit: rows + 1 }).catch(() => null);
    if (!answer?.ok) return null;
    const found = (await resultOf(answer)) as { total: number; records: { file: string }[] };
    const files = [...new Set(found.records.map(({ file }) => file))];
    if (found.total !== rows || found.records.length !== rows || files.length !== 1)
      odd.push({ ...found, files });
    state.looks += 1;
    return Number(files[0]!.slice(1));
  }

  let newest = 0;
  return {
    id,
    state,
    /** Looks that showed half a version, or an older one after a newer. */
    odd,
    look,
    loadState: async () => String((await resultOf(await call('resource_show', { id }))).load_status),
    /** Sends and reads until the answer is yes. */
    async until(isOver: () => boolean): Promise<void> {
      const sending = (async () => {
        while (!isOver()) {
          state.sent += 1;
          const number = state.sent;
          if (await send(number, { id })) state.acknowledged = number;
          await sleep(50);
        }
      })();
      while (!isOver()) {
        const seen = await look();
        if (seen !== null && seen < newest) odd.push({ seen, newest });
        newest = Math.max(newest, seen ?? 0);
        await sleep(50);
      }
      await sending;
    },
  };
}
