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

  it('a steward checks a change of the model, simulates it on past sales, and puts it into force', async () => {
    const { page, errors } = await open(browser, network.market.system.baseUrl());
    await settle(page, `/network-model?instance=${network.market.slug}`);
    await signIn(page, network.steward);
    await settle(page, '/network-model');
    await page.getByText("Approved by the producers' assembly").waitFor();
    const text = page.getByLabel('The model, as YAML');
    await text.fill((await text.inputValue()).replaceAll('8.1 %', '18.1 %'));
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('The model cannot be used like this').waitFor();
    await page.getByText(/limits.platformMaximum: the platform's shares can reach 18.1 %/).waitFor();
    await text.fill((await text.inputValue()).replaceAll('18.1 %', '7 %'));
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('The model is sound').waitFor();
    await page.getByText('of an order of €0.08', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Simulate' }).click();
    // Of leeks for 20.00 the platform took 1.62, and would have taken 1.40.
    await page.getByText('The platform takes 8.1% before, 7% after.').waitFor();
    const platform = page.getByRole('row', { name: /administering/ });
    expect(await platform.getByRole('cell').allTextContents()).toEqual([
      'administering',
      '€1.62',
      '€1.40',
      '-€0.22',
    ]);
    await page.getByRole('row', { name: /Long Field Farm/ }).waitFor();
    await look(page, 'model-wide');
    await page.setViewportSize({ width: 360, height: 900 });
    await look(page, 'model-narrow');
    await page.getByRole('button', { name: 'Put into force' }).click();
    await page.getByText('Version 2').first().waitFor();
    await page.getByText("Approved by the network's stewards").first().waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  }, 60_000);
});
