import { mkdirSync } from 'node:fs';
import { describeInBrowser, eventually, sharedSystem } from '@foodshed/testing';
import type { Browser, Page } from 'playwright-core';
import { networkWithSteward, type Network } from '../developing.js';
import { launch, open, scrollsSideways, seriousFindings, settle, signIn } from './pages.js';

const SCREENSHOTS = process.env['SCREENSHOTS'];

let browser: Browser;
let network: Network;

async function look(page: Page, name: string): Promise<void> {
  expect([name, await seriousFindings(page), await scrollsSideways(page)]).toEqual([name, [], false]);
  if (!SCREENSHOTS) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true });
}

describeInBrowser('the start page and the value map in Chromium', (chromium) => {
  beforeAll(async () => {
    network = await networkWithSteward(await sharedSystem());
    const { market } = network;
    const [manager, farmer, buyer] = [
      await market.person('Mona Manager'),
      await market.person('Fred Farmer'),
      await market.person('Bea Buyer'),
    ];
    const hubId = await market.enterprise(manager, 'Old Mill Hub', 'hub');
    const farmId = await market.enterprise(farmer, 'Long Field Farm', 'producer');
    await market.products(farmer, farmId, [{ name: 'Leeks', priceMinor: 1_000 }]);
    const cycle = await market.openCycle(manager, hubId, [farmId], 50);
    await market.pay(manager.client, await market.order(buyer.client, cycle, { Leeks: 2 }));
    await eventually(
      async () => {
        const { arrows } = await network.steward.client.get<{ arrows: object[] }>('/value-map');
        expect(arrows.length).toBeGreaterThan(4);
      },
      { timeoutMs: 30_000 },
    );
    browser = await launch(chromium);
  }, 240_000);
  afterAll(() => browser?.close());

  it.each([
    ['wide', 1280],
    ['narrow', 360],
  ])(
    'the start page says what the network is and who gets what of 10.00, to a visitor, %s',
    async (name, width) => {
      const { page, errors } = await open(browser, network.market.system.baseUrl(), width);
      await settle(page, `/?instance=${network.market.slug}`);
      await page.getByRole('heading', { name: `Network ${network.market.slug}`, level: 1 }).waitFor();
      const example = page.getByTestId('model-example');
      for (const part of ['€8.16', '€0.84', '€0.81', '€0.19']) await example.getByText(part).waitFor();
      await page.getByText('You pay in cash').first().click();
      await example.getByText('€8.35').waitFor();
      await page.getByRole('link', { name: 'Visit the shop of Old Mill Hub' }).waitFor();
      await page.getByText('Long Field Farm').waitFor();
      expect(await page.getByTestId('chain-head').textContent()).toMatch(/^[0-9a-f]{64}$/);
      await look(page, `start-${name}`);
      expect(errors).toEqual([]);
      await page.context().close();
    },
    60_000,
  );

  it.each([
    ['wide', 1280],
    ['narrow', 360],
  ])(
    'a steward sees who brings value to whom, and opens the entries of an arrow, %s',
    async (name, width) => {
      const { page, errors } = await open(browser, network.market.system.baseUrl(), width);
      await settle(page, `/value-map?instance=${network.market.slug}`);
      await signIn(page, network.steward);
      await settle(page, '/value-map?level=hubs');
      await page.getByRole('cell', { name: '€20.00' }).waitFor();
      await page.getByRole('cell', { name: 'Old Mill Hub' }).first().waitFor();
      await look(page, `map-${name}`);
      await page.getByRole('button', { name: /1 entry: Goods/ }).click();
      await page.getByRole('dialog').getByRole('link', { name: 'An order' }).waitFor();
      await look(page, `map-entries-${name}`);
      await settle(page, '/dashboard');
      await page.getByTestId('fairness-gini').waitFor();
      await look(page, `dashboard-${name}`);
      expect(errors).toEqual([]);
      await page.context().close();
    },
    60_000,
  );
});
