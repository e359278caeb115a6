import { mkdirSync } from 'node:fs';
import { describeInBrowser, sharedSystem, WebhookReceiver } from '@foodshed/testing';
import type { Browser, Page } from 'playwright-core';
import { networkWithSteward, type Network } from '../developing.js';
import { launch, open, scrollsSideways, seriousFindings, settle, signIn } from './pages.js';

const SCREENSHOTS = process.env['SCREENSHOTS'];

let browser: Browser;
let network: Network;
let receiver: WebhookReceiver;
let webhookPath: string;

describeInBrowser('webhooks and operations in Chromium', (chromium) => {
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    network = await networkWithSteward(await sharedSystem());
    browser = await launch(chromium);
  }, 240_000);
  afterAll(() => Promise.all([browser?.close(), receiver?.close()]));

  const openAs = async (
    who: { email: string; password: string },
    width?: number,
  ): Promise<{ page: Page; errors: string[] }> => {
    const opened = await open(browser, network.market.system.baseUrl(), width);
    await settle(opened.page, `/pitches?instance=${network.market.slug}`);
    await signIn(opened.page, who);
    return opened;
  };

  it('a steward makes a webhook, is shown its secret once, and sees a test arrive', async () => {
    const { page } = await openAs(network.steward);
    await settle(page, '/webhooks');
    await page.getByText('Nobody is told anything yet').waitFor();
    await page.getByRole('button', { name: 'New webhook' }).click();
    await page.getByRole('textbox', { name: 'Address' }).fill('http://10.0.0.1/');
    await page.getByRole('textbox', { name: 'What it is for' }).fill('Bookkeeping');
    await page.getByRole('button', { name: 'Choose all' }).click();
    await page.getByRole('button', { name: 'Make the webhook' }).click();
    await page.getByText('must be a public address').first().waitFor();
    await page.getByRole('textbox', { name: 'Address' }).fill(receiver.url('/books'));
    await page.getByRole('button', { name: 'Make the webhook' }).click();
    receiver.secrets.push(await page.getByTestId('webhook-secret').innerText());
    await page.getByRole('link', { name: 'Bookkeeping' }).click();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('webhook.test').waitFor();
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByRole('cell', { name: 'Taken' }).waitFor();
    webhookPath = new URL(page.url()).pathname;
    expect(receiver.messages).toMatchObject([{ path: '/books', body: { type: 'webhook.test' } }]);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('button', { name: 'Tell it again' }).click();
    await page.getByRole('button', { name: 'Refresh' }).click();
    expect(await page.getByTestId('webhook-secret').count()).toBe(0);
    await page.context().close();
  }, 90_000);

  it('an operator sees how every service is, and has the books compared', async () => {
    const { page } = await openAs(network.market.system.facts.operator);
    await settle(page, '/operations');
    await page.getByRole('cell', { name: 'ledger', exact: true }).first().waitFor();
    await page.getByRole('tab', { name: 'Dead letters' }).click();
    await page.getByRole('tab', { name: 'Reconciliation' }).click();
    await page.getByRole('button', { name: 'Compare the books' }).click();
    await page
      .getByTestId('reconciliation')
      .first()
      .getByText(/The books agree|\d+ differences?$/)
      .first()
      .waitFor({ timeout: 60_000 });
    await settle(page, '/audit');
    await page.getByRole('table').waitFor();
    await page.context().close();
  }, 120_000);

  it.each([
    ['wide', 1280, 'light'],
    ['narrow', 360, 'dark'],
  ] as const)(
    'is for everybody, %s: axe finds nothing serious, nothing scrolls sideways',
    async (name, width, colorScheme) => {
      const { operator } = network.market.system.facts;
      for (const [who, paths] of [
        [network.steward, ['/webhooks', webhookPath, '/audit']],
        [operator, ['/operations']],
      ] as const) {
        const { page, errors } = await openAs(who, width);
        await page.emulateMedia({ colorScheme });
        for (const path of paths) {
          await settle(page, path);
          expect([path, await seriousFindings(page), await scrollsSideways(page)]).toEqual([path, [], false]);
          if (SCREENSHOTS) {
            mkdirSync(SCREENSHOTS, { recursive: true });
            const title = path.split('/').slice(1, 3).join('-').slice(0, 14);
            await page.screenshot({ path: `${SCREENSHOTS}/${title}-${name}.png`, fullPage: true });
          }
        }
        expect(errors).toEqual([]);
        await page.context().close();
      }
    },
    120_000,
  );
});
