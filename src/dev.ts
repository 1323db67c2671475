import { type Background, startBackground } from '#platform/background.ts';
import { systemClock } from '#platform/clock.ts';
import { fillDemo } from '#platform/demo.ts';
import { takeCityIn } from '#platform/first-start.ts';
import { createApp } from '#platform/http/app.ts';
import { mailerOf } from '#platform/notify/kept.ts';
import { createPlatform } from '#platform/platform.ts';
import { systems } from '#systems/index.ts';
import { type Ground, openGround } from './open.ts';

/** What outlives a reload: Vite evaluates this module anew after each change of the code. */
const kept = globalThis as unknown as {
  mistoGround?: Promise<Ground>;
  mistoBackground?: Promise<Background>;
};

kept.mistoGround ??= openGround();
const { config, directUrl, appUrl, pool } = await kept.mistoGround;
let ping = () => {};
const platform = createPlatform({ config, clock: systemClock, pool, systems, afterCommit: () => ping() });
await takeCityIn(platform);
await fillDemo(platform);

/** The machinery of the code before gives way to that of the code now; pages do not wait for it. */
kept.mistoBackground = (async () => {
  await (await kept.mistoBackground)?.stop();
  const background = await startBackground(platform, { url: directUrl, appUrl });
  ping = background.ping;
  return background;
})();

const mailer = mailerOf(platform);

/** The site as `npm run dev` serves it: nothing is kept in memory, and nobody is counted. */
export default createApp(platform, { cache: false, limits: false, ...(mailer ? { mailer } : {}) });
