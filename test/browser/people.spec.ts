import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeInBrowser, eventually, sharedSystem } from '@foodshed/testing';
import type { Browser } from 'playwright-core';
import { Marketplace } from '../marketplace.js';
import { launch, open, scrollsSideways, seriousFindings, settle, signIn } from './pages.js';

describeInBrowser('people in Chromium', (chromium) => {
  let browser: Browser;
  let network: Marketplace;
  beforeAll(async () => {
    [browser, network] = [await launch(chromium), await Marketplace.make(await sharedSystem())];
  }, 240_000);
  afterAll(() => browser?.close());

  /** The address of the page in the mail that was sent to somebody. */
  const linkSentTo = (email: string): Promise<string> =>
    eventually(() => {
      const folder = join(network.system.facts.home, 'mail');
      const mails = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
      const link = /^http\S+$/m.exec(mails.find((mail) => mail.includes(`To: ${email}\n`)) ?? '');
      if (!link) throw new Error('the mail has not come yet');
      return link[0];
    });

  it('somebody registers, confirms their address, is invited to manage a hub, and accepts', async () => {
    const manager = await network.person('Hanna Hub');
    const hubId = await network.enterprise(manager, 'River Hub', 'hub');
    const email = `ines-${network.slug}@example.org`;
    const password = 'a long enough password';

    const managing = await open(browser, network.system.baseUrl());
    await managing.page.goto(`/?instance=${network.slug}`);
    await signIn(managing.page, manager);
    await settle(managing.page, `/enterprises/${hubId}/managers`);
    await managing.page.getByLabel('E-mail address').fill(email);
    await managing.page.getByRole('button', { name: 'Invite' }).click();
    await managing.page.getByTestId('pending-invitation').getByText(email).waitFor();

    const { page, errors } = await open(browser, network.system.baseUrl(), 360);
    await page.goto(`/register?instance=${network.slug}`);
    await page.getByLabel('Your name').fill('Ines Example');
    await page.getByLabel('E-mail address').fill(email);
    await page.locator('input[autocomplete="new-password"]').fill(password);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByTestId('account').waitFor();
    await settle(page, '/account');
    await page.getByTestId('email-state').getByText('Not confirmed yet').waitFor();
    expect(await page.getByText('You are invited to manage').count()).toBe(0);

    await page.goto(await linkSentTo(email));
    await page.getByRole('button', { name: 'Yes, it is mine' }).click();
    await page.getByText('the address is confirmed').waitFor();
    await settle(page, '/account');
    await page.getByTestId('email-state').getByText('Confirmed').waitFor();
    await page.getByText('You are invited to manage').waitFor();
    expect([await seriousFindings(page), await scrollsSideways(page)]).toEqual([[], false]);
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByText('You are invited to manage').waitFor({ state: 'hidden' });
    await settle(page, `/enterprises/${hubId}/managers`);
    await page.getByLabel('Share of Ines Example').waitFor();
    expect([await seriousFindings(page), await scrollsSideways(page), errors]).toEqual([[], false, []]);

    await settle(managing.page, `/enterprises/${hubId}/managers`);
    await managing.page.getByLabel('Share of Hanna Hub').fill('60');
    await managing.page.getByLabel('Share of Ines Example').fill('30');
    await managing.page.getByText('10% goes to the hub').waitFor();
    await managing.page.getByRole('button', { name: 'Save the shares' }).click();
    await eventually(async () => {
      const { current } = await manager.client.get<{ current: { hubShareBps: number } }>(
        `/enterprises/${hubId}/managers`,
      );
      expect(current.hubShareBps).toBe(1_000);
    });
    await page.getByRole('button', { name: 'Stop managing' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop managing' }).click();
    await page.waitForURL('/');
    expect(
      (await manager.client.get<{ current: object }>(`/enterprises/${hubId}/managers`)).current,
    ).toMatchObject({
      hubShareBps: 4_000,
    });
  }, 120_000);

  it('a new password ends the sessions elsewhere, and says so', async () => {
    const somebody = await network.person('Paula Password');
    const [here, elsewhere] = [
      await open(browser, network.system.baseUrl()),
      await open(browser, network.system.baseUrl()),
    ];
    for (const { page } of [here, elsewhere]) {
      await page.goto(`/?instance=${network.slug}`);
      await signIn(page, somebody);
    }
    await settle(here.page, '/account');
    await here.page.getByText('signs you out everywhere else and ends all of your API tokens').waitFor();
    const form = here.page.locator('form', { hasText: 'Change the password' });
    await form.locator('input[autocomplete="new-password"]').fill('quite another password');
    await form.locator('input[autocomplete="current-password"]').fill(somebody.password);
    await form.getByRole('button', { name: 'Change the password' }).click();
    await here.page.getByText('Every other session and every API token has ended').waitFor();
    await settle(here.page, '/orders');
    expect(new URL(here.page.url()).pathname).toBe('/orders');
    await elsewhere.page.goto('/orders');
    await elsewhere.page.waitForURL(/sign-in/);
  }, 60_000);
});
