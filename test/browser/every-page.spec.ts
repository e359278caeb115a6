import { describeInBrowser, sharedSystem, testingConfig } from '@foodshed/testing';
import type { Browser, Page } from 'playwright-core';
import { figuresOf, Looking, type Way, WAYS } from '../../tools/pages/looking.mjs';
import { PAGES, type Who } from '../../tools/pages/pages.mjs';
import { makePitch } from '../developing.js';
import { basket, mainSetting } from '../main-job.js';
import { launch, scrollsSideways, seriousFindings } from './pages.js';

/** Compressed. The frame of the pages has some 220,000; the operators' charts come on top where they are. */
const MOST_SCRIPT_BYTES = 320_000;
const WITH_CHARTS = ['/dashboard', '/value-map'];
const MOST_CHART_BYTES = 480_000;
/** What Chromium calls good is up to 0.1. */
const MOST_SHIFT = 0.05;

const ORDERS = 30;

/** Colours fade from light to dark; what is between the two is not what people read. */
const UNTIL_STILL = `new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))).then(async () => {
  const passing = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
  await Promise.allSettled(passing.map(({ finished }) => finished));
})`;

describeInBrowser('every page in Chromium', (chromium) => {
  let browser: Browser;
  let looking: Looking;
  beforeAll(async () => {
    browser = await launch(chromium);
    const { network, hub, fields } = await mainSetting(await sharedSystem());
    const [buyer, developer, steward] = [
      await network.person('Bea Buyer'),
      await network.person('Dora Developer'),
      await network.person('Stina Steward'),
    ];
    await network.operator.put(`/people/${steward.personId}/roles`, { roles: ['steward'] });
    // More than a window holds, so that what comes in moves what stands below it.
    const orders = await Promise.all(
      Array.from({ length: ORDERS }, () => network.order(buyer.client, hub.cycle, basket)),
    );
    for (const order of orders) await network.pay(hub.manager.client, order);
    await makePitch(developer, 250_000, { title: 'Labels with prices' });
    const people = {
      buyer,
      hub: hub.manager,
      producer: fields.owner,
      developer,
      steward,
      operator: network.system.facts.operator,
    };
    looking = new Looking({ browser, url: network.system.baseUrl(), instance: network.slug, people });
    await looking.begin();
  }, 240_000);
  afterAll(() => browser?.close());

  /** What is wrong with a page that is open, in one way of looking. */
  const wrongWith = async (page: Page, { colorScheme, width }: Way): Promise<string[]> => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(UNTIL_STILL);
    const findings = await seriousFindings(page);
    return (await scrollsSideways(page)) ? [...findings, 'scrolls sideways'] : findings;
  };

  const wrongOnArrival = async (page: Page, route: string): Promise<string[]> => {
    const { shift, scriptBytes } = await figuresOf(page);
    const mostBytes = WITH_CHARTS.includes(route) ? MOST_CHART_BYTES : MOST_SCRIPT_BYTES;
    return [
      ...(shift > MOST_SHIFT ? [`what was shown moved by ${shift.toFixed(3)}`] : []),
      ...(scriptBytes > mostBytes ? [`its scripts have ${scriptBytes} bytes`] : []),
    ];
  };

  // Each page is seen in one way, by turns in every one; with LONG=1 in all of them.
  it.each(Object.keys(PAGES) as Who[])(
    'keeps nobody out, never scrolls sideways, moves nothing when data comes and reports no error: %s',
    async (who) => {
      const wrong: string[] = [];
      const lookIn = async (locale: string, turn: number): Promise<void> => {
        const ways = WAYS.filter((way) => way.locale === locale);
        const page = await looking.window(who, ways[0]!);
        page.on('pageerror', (error) => wrong.push(`${who} ${locale}: ${error.message}`));
        for (const [index, route] of PAGES[who].entries()) {
          if (!testingConfig.isLong && index % 2 !== turn) continue;
          const seen = testingConfig.isLong ? ways : [ways[(index >> 1) % ways.length]!];
          await page.setViewportSize({ width: seen[0]!.width, height: 900 });
          await looking.open(page, who, route);
          for (const way of seen) {
            wrong.push(...(await wrongWith(page, way)).map((what) => `${route} ${way.name}: ${what}`));
            // Asked after the first look, so that what comes late has come.
            if (way !== seen[0]) continue;
            wrong.push(...(await wrongOnArrival(page, route)).map((what) => `${route} ${way.name}: ${what}`));
          }
        }
        await page.context().close();
      };
      await Promise.all(['en-GB', 'fr-FR'].map(lookIn));
      expect(wrong).toEqual([]);
    },
    testingConfig.isLong ? 600_000 : 120_000,
  );
});
