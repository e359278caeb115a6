import { addressOf, PAGES, placesOf } from './pages.mjs';

/** Each way in which a page must be good to read. */
export const WAYS = ['en-GB', 'fr-FR'].flatMap((locale) =>
  ['light', 'dark'].flatMap((colorScheme) =>
    [1280, 360].map((width) => ({
      locale,
      colorScheme,
      width,
      name: `${locale.slice(0, 2)}-${width > 600 ? 'wide' : 'narrow'}-${colorScheme}`,
    })),
  ),
);

/**
 * Looks at the pages of one running system as its kinds of people do, in a browser.
 * @param {{browser: import('playwright-core').Browser, url: string, instance: string,
 *   people: Record<string, {email: string, password: string}>}} options people by the keys of PAGES
 */
export class Looking {
  #states = new Map();
  #places = new Map();

  constructor({ browser, url, instance, people }) {
    Object.assign(this, { browser, url, instance, people });
  }

  /** Signs everybody in, finds what their addresses need, and puts something into the buyer's basket. */
  async begin() {
    for (const who of Object.keys(PAGES)) {
      const context = await this.browser.newContext({ baseURL: this.url, locale: 'en-GB' });
      const call = async (method, path, data) => {
        const headers = { origin: this.url };
        const separator = path.includes('?') ? '&' : '?';
        const address = `${this.url}/api${path}${separator}instance=${this.instance}`;
        const answer = await context.request.fetch(address, { method, data, headers });
        if (!answer.ok())
          throw new Error(`${method} ${path} answered ${answer.status()}: ${await answer.text()}`);
        return answer.status() === 204 ? undefined : answer.json();
      };
      const person = this.people[who];
      if (person) await call('POST', '/session', { email: person.email, password: person.password });
      const places = await placesOf(who, (path) => call('GET', path));
      if (who === 'hub') await this.#findLink(places, call);
      if (who === 'steward') await this.#findWebhook(places, call);
      if (who === 'buyer') await this.#fillBasket(context, places);
      this.#places.set(who, places);
      this.#states.set(who, await context.storageState());
      await context.close();
    }
  }

  async #findLink({ hubId }, call) {
    const path = `/hubs/${hubId}/referral-links`;
    const { items } = await call('GET', path);
    const link = items[0] ?? (await call('POST', path, { label: 'flyer' }));
    this.#places.get('visitor').code = link.code;
  }

  async #findWebhook(places, call) {
    const { items } = await call('GET', '/webhooks');
    const webhook = { url: 'http://127.0.0.1:9/', description: 'Bookkeeping', types: ['order.paid'] };
    places.webhookId = (items[0] ?? (await call('POST', '/webhooks', webhook))).webhookId;
  }

  async #fillBasket(context, { hubId }) {
    const page = await context.newPage();
    await page.goto(`/hubs/${hubId}`);
    const more = page.getByTestId('more');
    for (const index of [0, 1, 1, 2]) await more.nth(index).click();
  }

  /** A window of somebody's, in one way of looking. */
  async window(who, { locale, colorScheme, width }) {
    const context = await this.browser.newContext({
      baseURL: this.url,
      storageState: this.#states.get(who),
      locale,
      colorScheme,
      viewport: { width, height: 900 },
      reducedMotion: 'reduce',
      // What a worker answers is not what a first visit fetches.
      serviceWorkers: 'block',
    });
    await context.addInitScript(watchPage);
    return context.newPage();
  }

  /** Opens a page and waits until it shows what it fetched. */
  async open(page, who, route) {
    const address = addressOf(route, this.#places.get(who));
    await page.goto(`${address}?instance=${this.instance}`);
    await page.getByRole('heading', { level: 1 }).waitFor({ timeout: 60_000 });
    await page.waitForFunction(
      () =>
        ![...document.querySelectorAll('.mantine-Loader-root')].some((loader) => loader.checkVisibility()),
      undefined,
      {
        timeout: 60_000,
      },
    );
    // Until the browser has drawn it, so that it is also what somebody can see and press.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
    await page.evaluate(() => (window.shownMs = performance.now()));
    await page.evaluate(() => document.fonts.ready);
  }
}

/** Runs in the page before anything else: adds up what moves without somebody having typed or pressed, and notes when it was busy. */
function watchPage() {
  window.shift = 0;
  window.busyUntilMs = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.busyUntilMs = startTime + duration;
  }).observe({ type: 'longtask', buffered: true });
}

/** For so long nothing keeps the page busy before it counts as interactive. */
const QUIET_MS = 500;

/**
 * Waits until the page has been quiet for a while; returns since when it showed what it fetched and answered at once (no task
 * above 50 ms), in milliseconds from its address being opened.
 */
export async function interactiveMs(page) {
  const isQuiet = (quietMs) => performance.now() > Math.max(window.shownMs, window.busyUntilMs) + quietMs;
  await page.waitForFunction(isQuiet, QUIET_MS, { timeout: 60_000 });
  return page.evaluate(() => Math.max(window.shownMs, window.busyUntilMs));
}

/** Returns what Chromium measured while it loaded the page. */
export function figuresOf(page) {
  return page.evaluate(() => {
    const scripts = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'));
    return {
      shownMs: window.shownMs,
      paintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity,
      scriptBytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
      shift: window.shift,
    };
  });
}
