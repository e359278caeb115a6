import { describeInBrowser, eventually, sharedSystem } from '@foodshed/testing';
import type { Browser, Page } from 'playwright-core';
import { basket, mainSetting, type Setting } from '../main-job.js';
import { launch, open, signIn } from './pages.js';

/** A file in the format of the Open Food Network. */
const productFile = (goods: readonly (readonly [name: string, price: string, stock: number])[]) => ({
  name: 'products.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(
    [
      'producer,sku,name,display_name,category,description,units,unit_type,variant_unit_name,price,on_hand,available_on,on_demand,shipping_category,tax_category',
      ...goods.map(([name, price, stock]) => `,,${name},,Food,,1,kg,,${price},${stock},,0,,`),
    ].join('\n'),
  ),
});

let at: Setting;
let browser: Browser;
let referralPath: string;
let orderPath: string;

describeInBrowser('in Chromium', (chromium) => {
  beforeAll(async () => {
    at = await mainSetting(await sharedSystem());
    browser = await launch(chromium);
  }, 240_000);
  afterAll(() => browser?.close());

  describe('the main job', () => {
    const openAs = async (who?: { email: string; password: string }): Promise<Page> => {
      const { page } = await open(browser, at.network.system.baseUrl());
      if (who) await signIn(page, who);
      return page;
    };

    it('a producer imports a CSV file after seeing what it would change', async () => {
      const page = await openAs(at.fields.owner);
      await page.goto(`/producers/${at.fields.id}/products`);
      await page.getByRole('button', { name: 'Import from CSV' }).click();
      const file = productFile([
        ['Carrots', '4.50', 1_000],
        ['Parsnips', '3.20', 50],
      ]);
      await page.locator('input[type=file]').setInputFiles(file);
      await page.getByRole('button', { name: 'Preview' }).click();
      await page.getByText('2 rows: 1 new, 0 changed, 1 unchanged').waitFor();
      await page.getByRole('row', { name: /Parsnips, 1 kg.*Price: €3.20/ }).waitFor();
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByText('The catalogue is up to date').waitFor();
      await page.getByRole('cell', { name: 'Parsnips Food' }).waitFor();
    }, 60_000);

    it('a new hub asks a producer, who accepts, and can then choose its goods for an order cycle', async () => {
      const manager = await at.network.person('Manager in a browser');
      const hubId = await at.network.enterprise(manager, 'Gate Hub', 'hub');
      const hub = await openAs(manager);
      await hub.goto(`/hubs/${hubId}/manage/cycles`);
      await hub.getByRole('button', { name: 'New order cycle' }).click();
      await hub.getByText('No producer has agreed yet').waitFor();
      await hub.getByRole('link', { name: 'Ask another producer' }).click();
      await hub.getByRole('combobox', { name: 'Producer' }).click();
      await hub.getByRole('option', { name: 'Wide Fields' }).click();
      await hub.getByRole('button', { name: 'Ask', exact: true }).click();
      await hub.getByRole('row', { name: /Wide Fields.*Asked by the hub/ }).waitFor();
      const producer = await openAs(at.fields.owner);
      await producer.goto(`/producers/${at.fields.id}/hubs`);
      await producer.getByRole('button', { name: 'Accept what Gate Hub proposes' }).click();
      await producer.getByRole('row', { name: /Gate Hub.*Agreed/ }).waitFor();
      await hub.goto(`/hubs/${hubId}/manage/cycles`);
      await hub.getByRole('button', { name: 'New order cycle' }).click();
      await hub.getByRole('combobox', { name: 'Producers' }).click();
      expect(await hub.getByRole('option').allTextContents()).toEqual(['Wide Fields']);
      await producer.getByRole('button', { name: 'End the agreement with Gate Hub' }).click();
      await producer.getByRole('button', { name: 'End the agreement', exact: true }).click();
      await producer.getByRole('row', { name: /Gate Hub.*Ended/ }).waitFor();
    }, 90_000);

    it('a hub manager makes a referral link', async () => {
      const page = await openAs(at.hub.manager);
      await page.goto(`/hubs/${at.hub.id}/manage/referrals`);
      await page.getByLabel('Label').fill('school fair');
      await page.getByRole('button', { name: 'Create a link' }).click();
      const link = await page.getByTestId('referral-link').first().textContent();
      const { pathname, search } = new URL(link!);
      expect(pathname).toMatch(/^\/r\/[0-9A-Z-]{19}$/);
      expect(search).toBe(`?instance=${at.network.slug}`);
      referralPath = pathname + search;
    }, 60_000);

    it('a household follows it, registers, orders from two producers, and sees who gets what first', async () => {
      const page = await openAs();
      await page.goto(referralPath);
      await page.getByRole('link', { name: 'Create an account' }).click();
      await page.getByLabel('Your name').fill('Household in a browser');
      await page.getByLabel('E-mail address').fill(`browser-${at.network.slug}@example.org`);
      await page.locator('input[autocomplete$="password"]').fill('a long enough password');
      await page.getByRole('button', { name: 'Create the account' }).click();
      await page.getByRole('button', { name: 'I come from Barn Hub' }).click();
      await page.getByRole('link', { name: 'Go to the shop' }).click();
      for (const [name, quantity] of Object.entries(basket)) {
        for (let count = 0; count < quantity; count += 1) {
          await page.getByRole('button', { name: `More of ${name}` }).click();
        }
      }
      await page.getByRole('link', { name: 'To the basket' }).click();
      const table = page.getByTestId('beneficiaries');
      await table.getByRole('row', { name: /Wide Fields.*€19\.14/ }).waitFor();
      await table.getByRole('row', { name: /Hill Dairy.*€27\.22/ }).waitFor();
      await table.getByRole('row', { name: /The hub that brought you.*€4\.74/ }).waitFor();
      await table.getByRole('row', { name: /Paid.*€58\.28/ }).waitFor();
      expect(await page.getByTestId('quote-total').textContent()).toBe('€58.28');
      await page.getByRole('button', { name: 'Place the order' }).click();
      await page.getByText('Thank you, your order is placed').waitFor();
      orderPath = new URL(page.url()).pathname;
    }, 90_000);

    it('the hub records the payment, and its manager sees the commission and the arithmetic of each cent', async () => {
      const page = await openAs(at.hub.manager);
      await page.goto(orderPath);
      await page.getByRole('button', { name: 'Record a payment' }).click();
      await page.getByRole('button', { name: 'Record the payment' }).click();
      await page.getByText('Where this money went').waitFor();
      await eventually(
        async () => {
          await page.reload();
          await page.getByText('Explain each cent of Wide Fields').click({ timeout: 2_000 });
        },
        { timeoutMs: 30_000 },
      );
      await page.getByText('8.35% of €23.45 = €1.96').waitFor();
      await page.goto(`/hubs/${at.hub.id}/manage/commission`);
      // 60 % of 1.96 and of 2.78.
      await eventually(
        async () => {
          await page.reload();
          const balance = page.getByTestId('balance-pending').first();
          expect(await balance.textContent({ timeout: 5_000 })).toBe('€2.85');
        },
        { timeoutMs: 30_000 },
      );
    }, 90_000);

    it('a refund of one line takes back its part, and a refund of the rest everything', async () => {
      const page = await openAs(at.hub.manager);
      await page.goto(orderPath);
      await page.getByRole('button', { name: 'Give money back' }).click();
      await page.getByLabel('How many of Apples go back').fill('1');
      await page.getByRole('button', { name: 'Give back these' }).click();
      await page.getByText('€14.45 given back').waitFor();
      await page.getByRole('button', { name: 'Give money back' }).click();
      await page.getByRole('button', { name: 'Give back everything' }).click();
      await page.getByText('Given back').first().waitFor();
      await at.network.expectBalances(orderPath.split('/').at(-1)!, {});
    }, 90_000);

    it('the operators’ dashboard moves while orders come in', async () => {
      const { operator } = at.network.system.facts;
      const page = await openAs(operator);
      await page.goto('/dashboard');
      await page.evaluate(
        `fetch('/api/session/instance', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ slug: '${at.network.slug}' }) })`,
      );
      await page.reload();
      const placed = (): Promise<string | null> =>
        page.getByTestId('orders-placed').textContent({ timeout: 10_000 });
      await eventually(async () => expect(await placed()).toBe('1'), { timeoutMs: 20_000 });
      await page.getByText('Live', { exact: true }).waitFor();
      const guest = await at.network.person('Dashboard guest');
      await at.network.order(guest.client, at.hub.cycle, { Carrots: 1 });
      await eventually(async () => expect(await placed()).toBe('2'), { timeoutMs: 20_000 });
    }, 90_000);

    it('a hub marks several orders as paid at once, as its bank statement lists them', async () => {
      const guest = await at.network.person('Market guest');
      await at.network.order(guest.client, at.hub.cycle, { Carrots: 2 });
      const page = await openAs(at.hub.manager);
      await page.goto(`/hubs/${at.hub.id}/manage/orders`);
      await page.getByLabel('Show').selectOption('unpaid');
      await page.getByRole('checkbox', { name: 'Choose all orders shown' }).check();
      // Two orders of 4.50 and 9.00, each with the hub's flat fee of 1.50.
      await page.getByRole('button', { name: 'Record 2 payments, €16.50 in all' }).click();
      await page.getByText('2 payments are recorded').waitFor();
      await page.getByText('No orders here').waitFor();
    }, 60_000);

    it('a catalogue of 10,000 products is imported, searched, and read to its end', async () => {
      const timed = async (title: string, work: () => Promise<unknown>): Promise<number> => {
        const from = performance.now();
        await work();
        const tookMs = performance.now() - from;
        process.stderr.write(`${title}: ${tookMs.toFixed(0)} ms\n`);
        return tookMs;
      };
      const owner = await at.network.person('Owner of much');
      const producerId = await at.network.enterprise(owner, 'Many Things Farm', 'producer');
      const page = await openAs(owner);
      await page.goto(`/producers/${producerId}/products`);
      await page.getByRole('button', { name: 'Import from CSV' }).click();
      const names = Array.from(
        { length: 10_000 },
        (_, index) => `Thing ${String(index + 1).padStart(5, '0')}`,
      );
      await timed('what 10,000 rows would change', async () => {
        const files = productFile(names.map((name) => [name, '1.50', 9]));
        await page.locator('input[type=file]').setInputFiles(files);
        await page.getByText('10000 rows: 10000 new').waitFor();
      });
      await timed('their import', async () => {
        await page.getByRole('button', { name: 'Import', exact: true }).click();
        await page.getByText('The catalogue is up to date').waitFor();
      });
      await page.reload();
      const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
      await row('Thing 00001').waitFor();
      const searchedMs = await timed('a search among them', async () => {
        await page.getByLabel('Search').fill('thing 09876');
        await row('Thing 09876').waitFor();
        await row('Thing 00001').waitFor({ state: 'detached' });
      });
      await page.getByLabel('Search').fill('');
      await row('Thing 00001').waitFor();
      await timed('their end', async () => {
        while (!(await page.getByText('Thing 10000').isVisible())) {
          await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)');
        }
      });
      // Only what is near the window is drawn.
      expect(await page.getByRole('row').count()).toBeLessThan(150);
      const backMs = await timed('from the end to the beginning', async () => {
        await page.evaluate('window.scrollTo(0, 0)');
        await row('Thing 00001').waitFor();
      });
      expect(searchedMs).toBeLessThan(5_000);
      expect(backMs).toBeLessThan(2_000);
    }, 120_000);
  });
});
