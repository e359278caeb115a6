import type { PackingOrder, PackingTick } from '@foodshed/contracts';
import { describeInBrowser, eventually, sharedSystem } from '@foodshed/testing';
import type { Browser, Page } from 'playwright-core';
import { mainSetting, type Setting } from '../main-job.js';
import { launch, open, scrollsSideways, seriousFindings, signIn } from './pages.js';

let at: Setting;
let browser: Browser;

describeInBrowser('at a market stall with a bad connection', (chromium) => {
  beforeAll(async () => {
    at = await mainSetting(await sharedSystem());
    const buyer = await at.network.person('Stall guest');
    const baskets: Record<string, number>[] = [{ Carrots: 2, Apples: 1 }, { Carrots: 1 }, { Bread: 1 }];
    for (const basket of baskets) {
      await at.network.order(buyer.client, at.hub.cycle, basket);
    }
    browser = await launch(chromium);
  }, 240_000);
  afterAll(() => browser?.close());

  const path = (): string => `/producers/${at.fields.id}/orders-to-pack`;
  /** What the server knows of every line, by name and quantity. */
  const recorded = async (): Promise<Record<string, PackingTick | null>> => {
    const { items } = await at.fields.owner.client.get<{ items: PackingOrder[] }>(path());
    return Object.fromEntries(
      items.flatMap(({ lines }) => lines.map((line) => [`${line.quantity} ${line.productName}`, line.tick])),
    );
  };
  const box = (page: Page, line: string) => page.getByRole('checkbox', { name: line });
  const lines = ['2 × Carrots, 1 kg', '1 × Apples, 1 kg', '1 × Carrots, 1 kg'];

  /** The packing list on a phone that has opened it once. */
  const stall = async (): Promise<{ page: Page; errors: string[] }> => {
    const opened = await open(browser, at.network.system.baseUrl(), 360);
    await signIn(opened.page, at.fields.owner);
    await opened.page.goto(path());
    await opened.page.getByText('Everything you ticked is recorded.').waitFor();
    await opened.page.evaluate('navigator.serviceWorker.ready');
    return opened;
  };

  it('the list opens and is ticked off without one, and what was ticked arrives once, also when an answer is lost', async () => {
    const { page, errors } = await stall();
    await page.context().setOffline(true);
    await page.reload();
    await page.getByText('No connection: this is the list of').waitFor();
    for (const line of lines) await box(page, line).click();
    await page.getByText('3 ticks are not sent yet.').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);
    await page.reload();
    await page.getByText('3 ticks are not sent yet.').waitFor();
    for (const line of lines) expect(await box(page, line).isChecked()).toBe(true);
    expect(Object.values(await recorded())).toEqual([null, null, null]);

    // The first request reaches the server; its answer does not reach the phone.
    await page.evaluate(`{
      const ask = window.fetch;
      window.lost = 0;
      window.fetch = async (...request) => {
        const answer = await ask(...request);
        if (!String(request[0]).includes('packing-ticks')) return answer;
        window.lost += 1;
        throw new TypeError('the answer is lost');
      };
    }`);
    await page.context().setOffline(false);
    await eventually(async () => expect(await page.evaluate('window.lost')).toBeGreaterThan(0), {
      timeoutMs: 20_000,
    });
    await page.getByText('3 ticks are not sent yet.').waitFor();
    expect((await recorded())['2 Carrots']).toMatchObject({ isPacked: true, version: 1 });
    // Unticked before the answer is known: that is sent afterwards, on top of it.
    await box(page, '2 × Carrots, 1 kg').click();
    await eventually(async () => expect(await box(page, '2 × Carrots, 1 kg').isChecked()).toBe(false));
    await page.reload();
    await page.getByText('Everything you ticked is recorded.').waitFor();
    expect(await recorded()).toMatchObject({
      '2 Carrots': { isPacked: false, version: 2 },
      '1 Apples': { isPacked: true, version: 1 },
      '1 Carrots': { isPacked: true, version: 1 },
    });
    expect(await box(page, '2 × Carrots, 1 kg').isChecked()).toBe(false);
    expect(errors).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('what somebody else changed meanwhile is shown, not overwritten', async () => {
    const { page } = await stall();
    await page.context().setOffline(true);
    await box(page, '1 × Carrots, 1 kg').click();
    await page.getByText('1 tick is not sent yet.').waitFor();
    const { items } = await at.fields.owner.client.get<{ items: PackingOrder[] }>(path());
    const { orderId } = items[1]!;
    for (const [isPacked, version] of [
      [false, 1],
      [true, 2],
    ]) {
      const tick = { orderId, lineNumber: 1, isPacked, quantity: 1, version };
      await at.fields.owner.client.post(`${path().replace('orders-to-pack', 'packing-ticks')}`, {
        ticks: [tick],
      });
    }
    await page.context().setOffline(false);
    await page.getByText('These ticks were not recorded').waitFor();
    await page.getByRole('button', { name: /^Seen: .*1 × Carrots/ }).click();
    await page.getByText('Everything you ticked is recorded.').waitFor();
    expect(await box(page, '1 × Carrots, 1 kg').isChecked()).toBe(true);
    await page.context().close();
  }, 60_000);

  it('signing out leaves nothing of it on the phone, and warns before it forgets ticks', async () => {
    const { page } = await stall();
    await page.route('**/packing-ticks', (route) => route.abort());
    await box(page, '1 × Apples, 1 kg').click();
    await page.getByText('1 tick is not sent yet.').waitFor();
    await page.getByTestId('account').click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out and forget them' }).click();
    await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
    const left = await page.evaluate(`new Promise((resolve) => {
      const opening = indexedDB.open('foodshed');
      opening.onsuccess = () => {
        const names = [...opening.result.objectStoreNames];
        const transaction = opening.result.transaction(names);
        const counts = names.map((name) => transaction.objectStore(name).count());
        transaction.oncomplete = () => resolve(counts.map(({ result }) => result));
      };
    })`);
    expect(left).toEqual([0, 0, 0]);
    await page.context().setOffline(true);
    await page.goto(path());
    await page.getByText('Stall guest').waitFor({ state: 'detached' });
    await page.context().close();
  }, 60_000);
});
