import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { homeFolder, readJson, readRunning, ROOT } from './infrastructure/state.mjs';
import { Looking, WAYS } from './pages/looking.mjs';
import { nameOf, PAGES, routesOf } from './pages/pages.mjs';
import { obtainChromium } from './start/chromium.mjs';

const FOLDER = join(ROOT, 'screenshots');
const ROLES = {
  buyer: 'Buyer',
  hub: 'Hub manager',
  producer: 'Producer',
  developer: 'Developer',
  steward: 'Steward',
};
/** Dark is seen once, in English and wide: it differs in colours only. */
const SEEN = WAYS.filter(({ colorScheme, name }) => colorScheme === 'light' || name === 'en-wide-dark');

/**
 * `npm run screenshots` writes every page, in both languages, wide and narrow, into `screenshots/`; a part of a page's
 * name chooses pages (`npm run screenshots -- orders`). It uses the demo network that runs (or GATEWAY_URL), else it starts it meanwhile.
 */
async function main([chosen = '']) {
  const home = homeFolder();
  const running = process.env.GATEWAY_URL ?? readRunning(home)?.url;
  const started = running ? undefined : await startDemo();
  const browser = await chromium.launch({
    executablePath: await obtainChromium(console.log),
    args: ['--no-sandbox'],
  });
  try {
    const url = running ?? readRunning(home).url;
    const { signIns, networks } = readJson(join(home, 'demo.json'));
    const people = Object.fromEntries(
      Object.entries(ROLES).map(([who, role]) => [who, signIns.find((signIn) => signIn.role === role)]),
    );
    const looking = new Looking({ browser, url, instance: networks[0].slug, people });
    await looking.begin();
    const missing = routesOf(readFileSync(join(ROOT, 'apps/web/src/routes.tsx'), 'utf8')).filter(
      (route) => !Object.values(PAGES).flat().includes(route),
    );
    if (missing.length > 0) console.log(`Not in tools/pages/pages.mjs: ${missing.join(', ')}`);
    for (const way of SEEN) await picture(looking, way, chosen);
  } finally {
    await browser.close();
    started?.kill('SIGINT');
  }
}

/** Writes the pages in one way of looking. */
async function picture(looking, way, chosen) {
  const folder = join(FOLDER, way.name);
  mkdirSync(folder, { recursive: true });
  let count = 0;
  for (const [who, routes] of Object.entries(PAGES)) {
    const page = await looking.window(who, way);
    for (const route of routes.filter((one) => nameOf(one).includes(chosen))) {
      await looking.open(page, who, route);
      await page.screenshot({
        path: join(folder, `${nameOf(route)}.png`),
        fullPage: true,
        animations: 'disabled',
      });
      count += 1;
    }
    await page.context().close();
  }
  console.log(`${way.name}: ${count} pages in ${folder}`);
}

/** Starts the demo network and waits until it is ready. */
async function startDemo() {
  const child = spawn(process.execPath, [join(ROOT, 'tools/start.mjs')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => {
      process.stdout.write(text);
      if (String(text).includes('Foodshed is ready')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}.`)));
  });
  return child;
}

await main(process.argv.slice(2));
