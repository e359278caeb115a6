import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './infrastructure/state.mjs';
import { lookAtDemo } from './pages/demo.mjs';
import { WAYS } from './pages/looking.mjs';
import { nameOf, PAGES } from './pages/pages.mjs';

const FOLDER = join(ROOT, 'screenshots');
/** Dark is seen once, in English and wide: it differs in colours only. */
const SEEN = WAYS.filter(({ colorScheme, name }) => colorScheme === 'light' || name === 'en-wide-dark');

/** Writes the pages in one way of looking. */
async function picture(looking, way, chosen) {
  const folder = join(FOLDER, way.name);
  mkdirSync(folder, { recursive: true });
  let count = 0;
  for (const [who, routes] of Object.entries(PAGES)) {
    const page = await looking.window(who, way);
    for (const route of routes.filter((one) => nameOf(one).includes(chosen))) {
      await looking.open(page, who, route);
      const path = join(folder, `${nameOf(route)}.png`);
      await page.screenshot({ path, fullPage: true, animations: 'disabled' });
      count += 1;
    }
    await page.context().close();
  }
  console.log(`${way.name}: ${count} pages in ${folder}`);
}

// `npm run screenshots` writes every page of the demo network, in both languages, wide and narrow, into `screenshots/`;
// `npm run screenshots -- orders` those with that in their name, `-- orders fr` in French only.
const [chosen = '', ways = ''] = process.argv.slice(2);
await lookAtDemo(async (looking) => {
  for (const way of SEEN.filter(({ name }) => name.includes(ways))) await picture(looking, way, chosen);
});
