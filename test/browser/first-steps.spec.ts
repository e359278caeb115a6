import { readFileSync } from 'node:fs';
import { describeInBrowser, sharedSystem } from '@foodshed/testing';
import type { Browser, Page } from 'playwright-core';
import { makePitch } from '../developing.js';
import { basket, mainSetting, type Setting } from '../main-job.js';
import type { Person } from '../marketplace.js';
import { launch, open, settle, signIn } from './pages.js';

type Step = (page: Page) => Promise<unknown>;

/** The paragraphs of README's first steps by whom they are for, each with the labels it quotes, in order. */
function quotedIn(readme: string): Record<string, string[]> {
  const section = /## First steps\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? '';
  const labelsOf = (text: string): string[] =>
    [...text.matchAll(/(?<![\w_])_([^_]+)_(?![\w_])/g)].map(([, label = '']) => label.replace(/\s+/g, ' '));
  const paragraphs = section
    .split('\n\n')
    .map((text) => [/^\*\*An? ([^*]+)\.\*\*/.exec(text)?.[1], text] as const);
  return Object.fromEntries(
    paragraphs.flatMap(([who, text]) => (who && labelsOf(text).length > 0 ? [[who, labelsOf(text)]] : [])),
  );
}

const textsOf = (texts: object): string[] =>
  Object.values(texts).flatMap((text: string | object) =>
    typeof text === 'string' ? [text] : textsOf(text),
  );

const readme = readFileSync('README.md', 'utf8');

describe('the first steps that README describes', () => {
  it('name pages and buttons as they are called', () => {
    const said = new Set(textsOf(JSON.parse(readFileSync('apps/web/src/text/en.json', 'utf8')) as object));
    const quoted = Object.values(quotedIn(readme)).flat();
    expect(quoted.filter((label) => !said.has(label))).toEqual([]);
  });
});

describeInBrowser('the first five minutes', (chromium) => {
  let at: Setting;
  let browser: Browser;
  let people: Record<string, Person>;
  let pitchPath: string;
  beforeAll(async () => {
    at = await mainSetting(await sharedSystem());
    const { network, hub, fields } = at;
    const [buyer, developer, steward] = [
      await network.person('Bea Buyer'),
      await network.person('Dora Developer'),
      await network.person('Stina Steward'),
    ];
    await network.operator.put(`/people/${steward.personId}/roles`, { roles: ['steward', 'operator'] });
    await network.order(buyer.client, hub.cycle, basket);
    const pitch = await makePitch(developer, 250_000, { title: 'Labels with prices' });
    pitchPath = `/pitches/${pitch.pitchId}`;
    people = {
      buyer,
      'hub manager': hub.manager,
      producer: fields.owner,
      developer,
      supporter: buyer,
      operator: steward,
    };
    browser = await launch(chromium);
  }, 240_000);
  afterAll(() => browser?.close());

  /** Follows an entry of the menu and sees the page of that name, or what it begins with. */
  const menu =
    (label: string, seen: string): Step =>
    async (page) => {
      const entry = page.getByRole('navigation').getByRole('link', { name: label, exact: true });
      await entry.first().click();
      await page.getByRole('main').getByText(seen).first().waitFor();
    };
  const shop = (page: Page): Promise<void> => settle(page, `/hubs/${at.hub.id}`);

  /** What README tells each to do, by the label it quotes. */
  const walks: Record<string, [label: string, step: Step][]> = {
    buyer: [
      [
        'Who gets what of your money',
        async (page) => {
          await shop(page);
          await page.getByRole('button', { name: 'More of Carrots' }).click();
          await page.getByRole('link', { name: 'To the basket' }).click();
          await page.getByText('Who gets what of your money').waitFor();
          await page
            .getByTestId('beneficiaries')
            .getByRole('row', { name: /Wide Fields/ })
            .waitFor();
        },
      ],
    ],
    'hub manager': [
      ['Producers we sell', menu('Producers we sell', 'Hill Dairy')],
      ['Order cycles', menu('Order cycles', 'This week')],
      [
        'Referrals',
        async (page) => {
          await menu('Referrals', 'Referral links')(page);
          await page.getByLabel('Label').fill('school fair');
          await page.getByRole('button', { name: 'Create a link' }).click();
          await page.getByTestId('referral-link').waitFor();
        },
      ],
      [
        'Poster',
        async (page) => {
          await page.getByRole('link', { name: 'Poster with the QR code of “school fair”' }).click();
          await page.getByRole('img', { name: 'QR code of the link “school fair”' }).waitFor();
          await page.getByText('Scan, or type the address:').waitFor();
        },
      ],
      [
        'Orders',
        async (page) => {
          await menu('Orders', 'Orders of the hub')(page);
          await page.getByLabel('Show').selectOption('unpaid');
          await page.getByRole('checkbox', { name: 'Choose all orders shown' }).check();
          await page.getByRole('button', { name: /^Record .*payment/ }).click();
          await page.getByText('1 payment is recorded').waitFor();
        },
      ],
      ['Commission', menu('Commission', 'Your commission')],
    ],
    producer: [
      ['Products', menu('Products', 'Carrots')],
      ['Hubs that sell my goods', menu('Hubs that sell my goods', 'Barn Hub')],
      ['Orders to pack', menu('Orders to pack', 'Everything you ticked is recorded.')],
      ['Earnings', menu('Earnings', 'Earnings')],
      ['Who brought customers', menu('Who brought customers', 'customers')],
    ],
    developer: [
      ['Pitches', menu('Pitches', 'Labels with prices')],
      ['My pitches and pledges', menu('My pitches and pledges', 'Earnings')],
    ],
    supporter: [
      [
        'Give to those behind it',
        async (page) => {
          await shop(page);
          await page.getByText('Give to those behind it').click();
          await page.getByText('Barn Hub').first().waitFor();
        },
      ],
      [
        'Give to the team',
        async (page) => {
          await settle(page, pitchPath);
          await page.getByText('Give to the team').click();
          await page.getByText('Labels with prices').first().waitFor();
        },
      ],
      ['My gifts', menu('My gifts', 'gifts')],
    ],
    operator: [
      ['Dashboard', menu('Dashboard', 'Live')],
      ['Value map', menu('Value map', 'Who brings value to whom')],
      ['Administration', menu('Administration', 'Administration')],
      ['Network model', menu('Network model', 'Network model')],
      ['Operations', menu('Operations', 'Operations')],
      ['Audit', menu('Audit', 'Audit')],
    ],
  };

  /** What they came for, on the page they land on. */
  const lands: Record<string, string> = {
    buyer: 'Order food',
    'hub manager': 'Orders not paid',
    producer: 'Orders to pack',
    developer: 'Build and fund',
    supporter: 'Given this month',
    operator: 'Services that are ready',
  };

  it('are walked for everybody whom README addresses, step by step', () => {
    const walked = Object.entries(walks).map(([who, steps]) => [who, steps.map(([label]) => label)]);
    expect(Object.fromEntries(walked)).toEqual(quotedIn(readme));
  });

  it.each(Object.keys(walks))(
    'of a %s go as README says, from the page they land on',
    async (who) => {
      const { page, errors } = await open(browser, at.network.system.baseUrl());
      await page.goto(`/sign-in?instance=${at.network.slug}`);
      await signIn(page, people[who]!);
      await page.getByRole('heading', { name: `Welcome, ${people[who]!.name}` }).waitFor();
      await page.getByRole('main').getByText(lands[who]!).first().waitFor();
      for (const [, step] of walks[who]!) await step(page);
      expect(errors).toEqual([]);
      await page.context().close();
    },
    60_000,
  );
});
