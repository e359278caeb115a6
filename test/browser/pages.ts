import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
}

/** A page at an address, in a window of its own without cookies; errors on its console are collected. */
export async function open(
  browser: Browser,
  baseUrl: string,
  width = 1280,
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ baseURL: baseUrl, viewport: { width, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // Chromium reports every refused request itself; the page's own errors are what counts.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text());
  });
  return { page, errors };
}

export async function signIn(page: Page, who: { email: string; password: string }): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(who.email);
  await page.locator('input[autocomplete$="password"]').fill(who.password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await page.getByTestId('account').waitFor();
}

/** Opens a page and waits until it shows what it fetched. */
export async function settle(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor({ timeout: 30_000 });
  await page.locator('[aria-label=Loading]:visible').first().waitFor({ state: 'hidden', timeout: 30_000 });
}

/** What axe finds that keeps people out (serious or critical), by rule and place; empty when all is well. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Within the page alone: there are no frames of others, for which axe would open a second page each time.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/** Whether the page is wider than its window, which makes a phone scroll sideways. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > window.innerWidth + 1');
}
