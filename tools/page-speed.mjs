import { lookAtDemo } from './pages/demo.mjs';
import { figuresOf, WAYS } from './pages/looking.mjs';
import { PAGES } from './pages/pages.mjs';

/**
 * `npm run page-speed` prints of each page, as Chromium measures it on the built files with an empty cache: when something
 * is first painted, when all that was fetched is shown, the compressed size of its scripts, and how much of it moved.
 */
await lookAtDemo(async (looking) => {
  console.log('first paint   all shown   scripts   moved   page');
  for (const [who, routes] of Object.entries(PAGES)) {
    for (const route of routes) {
      // A new window, so that nothing is cached.
      const page = await looking.window(who, WAYS[0]);
      await looking.open(page, who, route);
      const { paintMs, shownMs, scriptBytes, shift } = await figuresOf(page);
      await page.context().close();
      const cells = [
        `${Math.round(paintMs)} ms`.padStart(11),
        `${Math.round(shownMs)} ms`.padStart(11),
        `${Math.round(scriptBytes / 1000)} kB`.padStart(9),
        shift.toFixed(3).padStart(7),
        route,
      ];
      console.log(cells.join(' '));
    }
  }
});
