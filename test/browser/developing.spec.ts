import type { Earning, PitchView } from '@foodshed/contracts';
import { describeInBrowser, eventually, sharedSystem } from '@foodshed/testing';
import type { Browser, Page } from 'playwright-core';
import { inMs, inSystemMs, makePitch, networkWithSteward, pledge, type Network } from '../developing.js';
import type { Person } from '../marketplace.js';
import { launch, open, scrollsSideways, seriousFindings, settle, signIn } from './pages.js';

const dateIn = (days: number): string => inMs(days * 86_400_000).slice(0, 10);

let browser: Browser;
let networks: Network[];
let maker: Person;
let pitchPath: string;

describeInBrowser('pitches in Chromium', (chromium) => {
  beforeAll(async () => {
    const system = await sharedSystem();
    networks = [];
    for (const name of ['Sela', 'Stina', 'Simon']) networks.push(await networkWithSteward(system, name));
    maker = await networks[0]!.market.person('Dora Developer');
    browser = await launch(chromium);
  }, 240_000);
  afterAll(() => browser?.close());

  /** A page in the first network unless told, as its steward, the maker, or a visitor. */
  const openAs = async (
    who?: Person,
    { width, network = networks[0]! }: { width?: number; network?: Network } = {},
  ): Promise<{ page: Page; errors: string[] }> => {
    const opened = await open(browser, network.market.system.baseUrl(), width);
    await settle(opened.page, `/pitches?instance=${network.market.slug}`);
    if (who) await signIn(opened.page, who);
    return opened;
  };
  const pitchNow = () => maker.client.get<PitchView>(pitchPath);

  it('a developer makes a pitch and asks three networks for equal parts', async () => {
    const { page } = await openAs(maker);
    await settle(page, '/pitches');
    await page.getByRole('link', { name: 'Make a pitch' }).click();
    await page.getByRole('textbox', { name: 'Title' }).fill('Packing lists without a connection');
    await page
      .getByLabel('What is needed, and what will be there')
      .fill('A list that can be ticked off offline.');
    await page.getByLabel('Who would use it').fill('Producers at a market stall.');
    await page.getByLabel('Goal').fill('10000');
    await page.getByLabel('Funded by').fill(dateIn(20));
    await page.getByLabel('Delivered by').fill(dateIn(60));
    await page.getByRole('combobox', { name: 'Share it equally among networks' }).click();
    for (const { market } of networks) {
      await page.getByRole('option', { name: `Network ${market.slug}` }).click();
    }
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Make the pitch' }).click();
    await page.getByText('To be funded').waitFor();
    pitchPath = new URL(page.url()).pathname;
    await page.getByText('3,333.34').waitFor();
    expect(await page.getByText('3,333.33').count()).toBe(2);
    expect((await pitchNow()).goalMinor).toBe(1_000_000);
  }, 90_000);

  it('each steward pledges their part and records the transfer; with the last it is funded', async () => {
    for (const network of networks) {
      const { page } = await openAs(network.steward, { network });
      await settle(page, pitchPath);
      const part = await page.getByRole('textbox', { name: 'Amount' }).inputValue();
      expect(part).toMatch(/^3333\.3[34] EUR$/);
      await page.getByLabel('From', { exact: true }).selectOption('transfer');
      await page.getByRole('button', { name: 'Pledge', exact: true }).click();
      await page.getByRole('button', { name: /It has come: .3,333/ }).click();
      await page.getByText('Held until').first().waitFor();
      await page.context().close();
    }
    await eventually(async () => expect((await pitchNow()).state).toBe('funded'));
  }, 120_000);

  it('the team delivers, two of three accept, and the developer sees what came', async () => {
    const { page } = await openAs(maker);
    await settle(page, pitchPath);
    await page.getByLabel('Where it can be seen').fill('https://example.org/release');
    await page.getByLabel('What was delivered').fill('The list, with a film of a market day.');
    await page.getByRole('button', { name: 'Deliver', exact: true }).click();
    await page.getByText('The funders are looking at it.').waitFor();
    for (const network of networks.slice(0, 2)) {
      const { page: theirs } = await openAs(network.steward, { network });
      await settle(theirs, pitchPath);
      await theirs.getByRole('button', { name: /Accept the delivery with/ }).click();
      await theirs.getByRole('cell', { name: 'Accepted', exact: true }).first().waitFor();
      await theirs.context().close();
    }
    await eventually(async () => expect((await pitchNow()).state).toBe('paid'));
    await settle(page, '/developing');
    await page.getByRole('cell', { name: '€3,333.34' }).waitFor();
    expect(await page.getByRole('cell', { name: '€3,333.33' }).count()).toBe(2);
    const { items } = await maker.client.get<{ items: Earning[] }>('/developing/earnings');
    expect(items.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(1_000_000);
  }, 120_000);

  it('a pitch that misses its goal says that everything went back', async () => {
    const { market, steward } = networks[0]!;
    const failing = await makePitch(maker, 5_000, {
      fundUntil: await inSystemMs(networks[0]!, 4_000),
      title: 'Too much at once',
    });
    const funder = { kind: 'instance' as const, id: market.instanceId };
    await pledge(steward.client, failing.pitchId, { funder, amountMinor: 1_000, source: 'transfer' });
    const { page } = await openAs();
    await eventually(
      async () =>
        expect((await maker.client.get<PitchView>(`/pitches/${failing.pitchId}`)).state).toBe('refunded'),
      { timeoutMs: 20_000 },
    );
    await settle(page, `/pitches/${failing.pitchId}`);
    await page.getByText('The goal was not reached').waitFor();
    await page.getByText('Every pledge went back to who gave it.').waitFor();
    await page.getByText('Never came').waitFor();
    // The page of every pitch is looked at with the others; how one ended is seen here only.
    await page.setViewportSize({ width: 360, height: 900 });
    for (const path of [`/pitches/${failing.pitchId}`, pitchPath]) {
      await settle(page, path);
      expect([path, await seriousFindings(page), await scrollsSideways(page)]).toEqual([path, [], false]);
    }
  }, 90_000);
});
