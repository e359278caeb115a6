import { mkdirSync } from 'node:fs';
import { describeInBrowser, sharedSystem } from '@foodshed/testing';
import type { Browser, Page } from 'playwright-core';
import { giveBalance, networkWithSteward, type Network } from '../developing.js';
import type { Person } from '../marketplace.js';
import { launch, open, scrollsSideways, seriousFindings, settle, signIn } from './pages.js';

const SCREENSHOTS = process.env['SCREENSHOTS'];

let browser: Browser;
let network: Network;
let [giver, farmer, manager]: Person[] = [];
let hubId: string;

describeInBrowser('gifts in Chromium', (chromium) => {
  beforeAll(async () => {
    const system = await sharedSystem();
    network = await networkWithSteward(system);
    const { market } = network;
    [giver, farmer, manager] = [
      await market.person('Gita Giver'),
      await market.person('Fenna Farmer'),
      await market.person('Hanno Hub'),
    ];
    const farmId = await market.enterprise(farmer, 'Elder Farm', 'producer');
    hubId = await market.enterprise(manager, 'Mill Hub', 'hub');
    await market.products(farmer, farmId, [{ name: 'Leeks', priceMinor: 300 }]);
    await market.openCycle(manager, hubId, [farmId]);
    const funder = { kind: 'person' as const, id: giver.personId };
    await giveBalance(network, { client: giver.client, funder, amountMinor: 5_000 });
    browser = await launch(chromium);
  }, 240_000);
  afterAll(() => browser?.close());

  const openAs = async (who: Person): Promise<{ page: Page; errors: string[] }> => {
    const opened = await open(browser, network.market.system.baseUrl());
    await settle(opened.page, `/pitches?instance=${network.market.slug}`);
    await signIn(opened.page, who);
    return opened;
  };

  it('a buyer gives to a farm they found in a shop, with nothing for the platform unless they fill it', async () => {
    const { page } = await openAs(giver!);
    await settle(page, `/hubs/${hubId}`);
    await page.getByRole('link', { name: 'Give to Elder Farm' }).click();
    await page.getByRole('heading', { name: 'Give to Elder Farm' }).waitFor();
    expect(await page.getByLabel('Something for the platform too').inputValue()).toBe('');
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0);
    await page.getByLabel('Amount').fill('12.34');
    await page.getByLabel('Message').fill('For the greenhouse');
    await page.getByRole('button', { name: 'Give', exact: true }).click();
    await page.getByText('Elder Farm has €12.34 from you').waitFor();

    await page.getByRole('button', { name: 'Give something else' }).click();
    await page.getByLabel('Amount').fill('5');
    await page.getByLabel('From', { exact: true }).selectOption('cash');
    await page.getByRole('button', { name: 'Give', exact: true }).click();
    await page.getByText(/Hand over €5.00 in the hub and say [0-9A-F]{8}/).waitFor();
    await page.context().close();
  }, 60_000);

  it('the hub says that the cash came, and the farm sees both and answers', async () => {
    const { page } = await openAs(manager!);
    await settle(page, '/gifts');
    await page.getByRole('tab', { name: 'To record' }).click();
    await page.getByRole('button', { name: 'It has come: €5.00' }).click();
    await page.getByRole('tab', { name: 'To record' }).waitFor({ state: 'hidden' });
    await page.context().close();

    const { page: theirs } = await openAs(farmer!);
    await settle(theirs, '/gifts');
    await theirs.getByRole('tab', { name: 'Received' }).click();
    await theirs
      .getByText(/€17.34 from 1 giver/)
      .first()
      .waitFor();
    await theirs.getByRole('button', { name: 'Say what came of it' }).last().click();
    await theirs.getByLabel('What came of it').fill('It stands.');
    await theirs.getByRole('button', { name: 'Send' }).click();
    await theirs.getByText('It stands.').waitFor();
    await theirs.context().close();
  }, 60_000);

  it('shows the giver what it did, and is for everybody, wide and narrow', async () => {
    const look = async (page: Page, title: string): Promise<void> => {
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 900 });
        expect([title, await seriousFindings(page), await scrollsSideways(page)]).toEqual([title, [], false]);
        if (!SCREENSHOTS) continue;
        mkdirSync(SCREENSHOTS, { recursive: true });
        await page.screenshot({ path: `${SCREENSHOTS}/${title}-${width}.png`, fullPage: true });
      }
    };
    const { page, errors } = await openAs(giver!);
    await settle(page, '/gifts');
    await page.getByText('It stands.').waitFor();
    await look(page, 'given');
    await settle(page, `/give/enterprise/${hubId}`);
    await page.getByLabel('Amount').waitFor();
    await look(page, 'give');
    expect(errors).toEqual([]);
    await page.context().close();
    const { page: theirs } = await openAs(farmer!);
    await settle(theirs, '/gifts');
    await theirs.getByRole('tab', { name: 'Received' }).click();
    await theirs.getByText('For the greenhouse').waitFor();
    await look(theirs, 'received');
    await theirs.context().close();
  }, 60_000);

  it('is in the statement of contributing, which names no giver', async () => {
    const { page } = await openAs(network.steward);
    await settle(page, '/contributing/statement');
    await page.getByRole('cell', { name: 'Elder Farm' }).first().waitFor();
    await page.getByText('€17.34').first().waitFor();
    expect(await page.getByText('Gita').count()).toBe(0);
    if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/statement.png`, fullPage: true });
    await page.context().close();
  }, 60_000);
});
