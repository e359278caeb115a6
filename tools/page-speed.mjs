import { lookAtDemo } from './pages/demo.mjs';
import { figuresOf, interactiveMs, WAYS } from './pages/looking.mjs';
import { nameOf, PAGES } from './pages/pages.mjs';

const SHOP = '/hubs/:hubId';
const MOST_SHOP_MS = 1_500;

/**
 * `npm run page-speed` prints of each page, as Chromium measures it on the built files with an empty cache: when something
 * is first painted, when all that was fetched is shown and can be used, the compressed size of its scripts, and how much
 * of it moved; then how long a shop of 400 products takes to its end. Part of a page's name chooses.
 */
const [chosen = ''] = process.argv.slice(2);
const milliseconds = (ms) => `${Math.round(ms)} ms`;

await lookAtDemo(async (looking) => {
  console.log('first paint  interactive   scripts   moved   page');
  for (const [who, routes] of Object.entries(PAGES)) {
    for (const route of routes.filter((one) => nameOf(one).includes(chosen))) {
      // A new window, so that nothing is cached.
      const page = await looking.window(who, WAYS[0]);
      await looking.open(page, who, route);
      const usableMs = await interactiveMs(page);
      const { paintMs, scriptBytes, shift } = await figuresOf(page);
      const cells = [
        milliseconds(paintMs).padStart(11),
        milliseconds(usableMs).padStart(12),
        `${Math.round(scriptBytes / 1000)} kB`.padStart(9),
        shift.toFixed(3).padStart(7),
        route,
      ];
      console.log(cells.join(' '));
      if (route === SHOP) await sayHowLong(page, usableMs);
      await page.context().close();
    }
  }
});

/** Scrolls to the end of the shop, and says how long that took beside when it could be used. */
async function sayHowLong(page, usableMs) {
  const from = Date.now();
  const more = page.getByRole('button', { name: 'Show more' });
  while (await more.isVisible()) {
    await more.scrollIntoViewIfNeeded({ timeout: 500 }).catch(() => undefined);
  }
  const products = await page.evaluate(() => document.querySelector('[aria-setsize]')?.ariaSetSize);
  const verdict = usableMs < MOST_SHOP_MS ? 'below' : 'NOT below';
  console.log(
    `            a shop of ${products} products: interactive ${verdict} ${milliseconds(MOST_SHOP_MS)}, ` +
      `at its end ${milliseconds(Date.now() - from)} later`,
  );
}
