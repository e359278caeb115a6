import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { GiftView, PitchView, PledgeView } from '@foodshed/contracts';
import { allocate } from '@foodshed/money';
import { eventually, startSystem, testingConfig, type RunningSystem } from '@foodshed/testing';
import fc from 'fast-check';
import { balancesOf, giveBalance, networkWithSteward, type Funder, type Network } from './developing.js';
import { Books } from './developing-lives/books.js';
import { anyGift, type GiftLife } from './developing-lives/gift.js';
import { anyLife, LAST_HOUR, sharesOf, type Attempt, type Life } from './developing-lives/life.js';
import type { Client } from './client.js';
import type { Person } from './marketplace.js';

const count = testingConfig.isLong ? 1_000 : 300;
const seed = Date.now() % 2 ** 31;
const AT_ONCE = 8;
const HOUR_MS = 3_600_000;
/** Every so many hours of simulated time the clock moves on. */
const STEP = 4;

interface Giver {
  readonly network: Network;
  readonly client: Client;
  readonly funder: Funder;
}
/** An instance with who may receive gifts in it, and who says that cash came. */
interface Place {
  readonly network: Network;
  readonly people: ReadonlyMap<string, Client>;
  readonly hubId: string;
  readonly manager: Client;
}
interface Lived {
  readonly life: Life;
  pitchId?: string;
  readonly pledges: { pledgeId: string; giver: Giver }[];
}

let system: RunningSystem;
let makers: Person[];
let givers: Giver[];
let places: Place[];
let books: Books;
let beganAt: number;
const failures: string[] = [];

beforeAll(async () => {
  system = await startSystem();
  const networks = await Promise.all([1, 2, 3].map(() => networkWithSteward(system)));
  makers = await Promise.all([1, 2, 3, 4].map((name) => networks[0]!.market.person(`Maker ${name}`)));
  const peopled = await Promise.all(networks.map(giversOf));
  givers = peopled.flatMap((one) => one.givers);
  places = peopled.map(({ place }) => place);
  await Promise.all(givers.map((giver) => giveBalance(giver.network, { ...giver, amountMinor: 600_000 })));
  books = Books.open(system.facts.postgresUrl);
  beganAt = Date.now();
}, 300_000);
afterAll(async () => {
  await books?.close();
  await system?.end();
});

async function giversOf(network: Network): Promise<{ givers: Giver[]; place: Place }> {
  const [manager, person] = [await network.market.person('Hanno'), await network.market.person('Pat')];
  const hubId = await network.market.enterprise(manager, `Hub ${randomUUID().slice(0, 6)}`, 'hub');
  await manager.client.signIn(manager.email, manager.password);
  const by = (client: Client, kind: Funder['kind'], id: string): Giver => ({
    network,
    client,
    funder: { kind, id },
  });
  return {
    givers: [
      by(manager.client, 'enterprise', hubId),
      by(person.client, 'person', person.personId),
      by(network.steward.client, 'instance', network.market.instanceId),
    ],
    place: {
      network,
      people: new Map([manager, person].map(({ personId, client }) => [personId, client])),
      hubId,
      manager: manager.client,
    },
  };
}

/** Sends until there is an answer that stands; a refusal is one, a service that was killed has none. */
async function answered<T>(
  client: Client,
  method: string,
  path: string,
  body: object = {},
): Promise<T | null> {
  const idempotencyKey = randomUUID();
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await client.send<T & { code?: string }>(method, path, { body, idempotencyKey });
    if (answer.status < 400) return answer.body;
    if (answer.status < 500 && answer.body.code !== 'request-in-progress') return null;
    if (answer.status === 500) failures.push(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    await pause(100);
  }
  throw new Error(`${method} ${path} had no answer`);
}

const atHour = (hour: number): string => new Date(beganAt + hour * HOUR_MS).toISOString();

async function born(lived: Lived): Promise<void> {
  const { life } = lived;
  const shares = sharesOf(life.shares);
  const pitch = await answered<PitchView>(makers[0]!.client, 'POST', '/pitches', {
    title: 'A life',
    need: 'Something',
    audience: 'Everybody',
    goalMinor: life.goalMinor,
    currency: 'EUR',
    fundUntil: atHour(life.fundUntil),
    deliverBy: atHour(life.deliverBy),
    reviewDays: life.reviewDays,
    team: shares.map((shareBps, index) => ({ kind: 'person', id: makers[index]!.personId, shareBps })),
  });
  expect(pitch).not.toBeNull();
  lived.pitchId = pitch!.pitchId;
}

async function tried(lived: Lived, attempt: Attempt): Promise<void> {
  const { life, pitchId, pledges } = lived;
  const path = `/pitches/${pitchId}`;
  const [maker] = makers;
  if (attempt.do === 'give-up') return void (await answered(maker!.client, 'POST', `${path}/withdrawal`));
  if (attempt.do === 'deliver') {
    const evidence = { url: 'https://example.org/life', text: 'Done.' };
    return void (await answered(maker!.client, 'POST', `${path}/delivery`, evidence));
  }
  if (attempt.do === 'pledge') {
    const giver = givers[attempt.giver % givers.length]!;
    const askedMinor = Math.max(1, Math.ceil((life.goalMinor * attempt.part) / 100));
    const missingMinor = life.goalMinor - (await books.heldMinor(pitchId!));
    const amountMinor =
      attempt.isGreedy || missingMinor === 0 ? askedMinor : Math.min(askedMinor, missingMinor);
    const body = { funder: giver.funder, amountMinor, source: attempt.source };
    const made = await answered<PledgeView>(giver.client, 'POST', `${path}/pledges`, body);
    if (made) pledges.push({ pledgeId: made.pledgeId, giver });
    return;
  }
  const own = pledges[attempt.pledge % Math.max(1, pledges.length)];
  if (!own) return;
  const { client, network } = own.giver;
  const of = `/pledges/${own.pledgeId}`;
  if (attempt.do === 'receive') {
    const receivedMinor = Math.max(1, Math.ceil((life.goalMinor * attempt.percent) / 200));
    await answered(network.steward.client, 'POST', `${of}/receipt`, {
      receivedMinor,
      holder: 'instance-bank',
    });
  } else if (attempt.do === 'take-back') await answered(client, 'POST', `${of}/withdrawal`);
  else await answered(client, 'PUT', `${of}/verdict`, { verdict: attempt.verdict });
}

/** Gives, and does with the gift what comes of it; whether that is allowed is for the system to say. */
async function given(gift: GiftLife, lives: readonly Lived[]): Promise<void> {
  const { network, client, funder } = givers[gift.giver % givers.length]!;
  const { people, hubId, manager } = places.find((place) => place.network === network)!;
  const pitches = lives.flatMap(({ pitchId }) => pitchId ?? []);
  const { kind, index } = gift.receiver;
  const ids = kind === 'person' ? [...people.keys()] : kind === 'enterprise' ? [hubId] : pitches;
  if (ids.length === 0) return;
  const { amountMinor, platformPartMinor, source, isUnnamed } = gift;
  const id = ids[index % ids.length]!;
  const made = await answered<GiftView>(client, 'POST', '/gifts', {
    ...{ giver: funder, amountMinor, platformPartMinor, source, isUnnamed },
    receiver: { kind, id },
    ...(source === 'cash' ? { hubId } : {}),
  });
  if (!made) return;
  const path = `/gifts/${made.giftId}`;
  const receivedMinor = Math.ceil((amountMinor * gift.percent) / 100);
  const isCash = source === 'cash';
  for (const next of gift.then) {
    if (next === 'take-back') await answered(client, 'POST', `${path}/withdrawal`);
    else if (next === 'give-back')
      await answered(people.get(id) ?? manager, 'POST', `${path}/return`, { payee: { kind, id } });
    else
      await answered(isCash ? manager : network.steward.client, 'POST', `${path}/receipt`, {
        receivedMinor,
        holder: isCash ? 'hub-till' : 'instance-bank',
      });
  }
}

/** Everything that these hours bring, a life's own things one after the other. */
async function live(
  lives: readonly Lived[],
  gifts: readonly GiftLife[],
  { from, until }: { from: number; until: number },
): Promise<void> {
  const isNow = (hour: number): boolean => hour >= from && hour < until;
  const pitches = lives
    .filter(({ life }) => isNow(life.bornAt) || life.attempts.some((attempt) => isNow(attempt.at)))
    .map((lived) => async (): Promise<void> => {
      if (isNow(lived.life.bornAt)) await born(lived);
      for (const attempt of lived.life.attempts) if (isNow(attempt.at)) await tried(lived, attempt);
    });
  const due = [...pitches, ...gifts.filter(({ at }) => isNow(at)).map((gift) => () => given(gift, lives))];
  const next = async (): Promise<void> => {
    for (let one = due.pop(); one; one = due.pop()) await one();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

const setClock = (hour: number) =>
  givers[0]!.network.market.operator.post('/system/clock', {
    offsetMs: Math.round(beganAt + hour * HOUR_MS - Date.now()),
  });

describe(`${count} random lives of pitches and pledges, and half as many gifts (seed ${seed})`, () => {
  it('leave every cent at every moment with its giver, in escrow or paid, while services are killed', async () => {
    const lives = fc.sample(anyLife, { numRuns: count, seed }).map((life): Lived => ({ life, pledges: [] }));
    const gifts = fc.sample(anyGift, { numRuns: count / 2, seed });
    const faults = new Set<string>();
    let isOver = false;
    let looks = 0;
    const looking = (async () => {
      for (; !isOver; looks++) {
        for (const fault of await books.faults()) faults.add(fault);
        await pause(50);
      }
    })();
    const victims = ['developers', 'ledger', 'contributions'] as const;
    for (let hour = 0; hour < LAST_HOUR; hour += STEP) {
      // A service is killed while others are asked, at the same hour of every day.
      const victim = hour % 24 === 12 ? victims[Math.floor(hour / 24) % victims.length] : undefined;
      await Promise.all([
        live(lives, gifts, { from: hour, until: hour + STEP }),
        victim && system.kill(victim),
      ]);
      await setClock(hour + STEP);
      expect([...faults]).toEqual([]);
    }
    await eventually(
      async () =>
        expect(Object.keys(await books.ends()).filter((end) => !/^(paid|refunded)/.test(end))).toEqual([]),
      { timeoutMs: 120_000, intervalMs: 500 },
    );
    isOver = true;
    await looking;
    expect([...faults, ...failures]).toEqual([]);
    expect(looks).toBeGreaterThan(20);
  }, 1_800_000);

  it('end in each way there is, with every team paid to the cent and nothing left in escrow', async () => {
    const ends = await books.ends();
    const reasons = [
      'paid',
      'refunded goal-missed',
      'refunded late',
      'refunded refused',
      'refunded withdrawn',
    ];
    const gifts = await eventually(async () => {
      const states = await books.gifts();
      expect(Object.keys(states)).not.toContain('posting');
      return states;
    });
    process.stdout.write(`${count} lives, seed ${seed}: ${JSON.stringify({ ...ends, ...gifts })}\n`);
    expect(Object.keys(gifts)).toEqual(
      expect.arrayContaining([
        'given back',
        'given balance',
        'given cash',
        'given transfer',
        'promised',
        'refused',
        'withdrawn',
      ]),
    );
    expect(Object.keys(ends)).toEqual(reasons);
    for (const { goal, shares, got } of await books.payouts()) expect(got).toEqual(allocate(goal, shares));
    expect(await books.inEscrow()).toBe(0);
    expect(await books.faults({ isOver: true })).toEqual([]);
    expect(await system.runCommand('ledger', ['verify'])).toMatchObject({ code: 0 });
    const reconciled = await system.runCommand('admin', ['reconcile']);
    expect(reconciled.output).toMatch(/Ledger, orders, gifts and pledges agree/);
  }, 120_000);
});

describe('The rest of the system', () => {
  it('sells and pays while developers and contributions are away, and pitches and gifts go on when they are back', async () => {
    const { market } = givers[0]!.network;
    await market.operator.post('/system/clock', { offsetMs: 0 });
    const [farmer, manager] = [await market.person('Farmer'), await market.person('Manager')];
    const producerId = await market.enterprise(farmer, 'Away Farm', 'producer');
    const hubId = await market.enterprise(manager, 'Away Hub', 'hub');
    await market.products(farmer, producerId, [{ name: 'Leeks', priceMinor: 1_000 }]);
    await system.stop('developers', 'contributions');
    expect((await market.visitor().send('GET', '/pitches')).status).toBe(503);
    expect((await farmer.client.send('GET', '/gifts/given')).status).toBe(503);
    const buyer = await market.person('Buyer');
    const cycle = await market.openCycle(manager, hubId, [producerId]);
    const order = await market.order(buyer.client, cycle, { Leeks: 1 });
    await market.pay(manager.client, order);
    await eventually(
      async () => expect(Object.keys(await market.orderBalances(order.orderId)).length).toBeGreaterThan(2),
      { timeoutMs: 30_000 },
    );
    await system.resume('developers', 'contributions');
    await eventually(async () => expect((await market.visitor().send('GET', '/pitches')).status).toBe(200));
    await eventually(async () => expect((await farmer.client.send('GET', '/gifts/given')).status).toBe(200));
  }, 120_000);

  it('gives once what was given while the ledger was away, though contributions was killed meanwhile', async () => {
    const network = givers[0]!.network;
    const [giver, friend] = [await network.market.person('Giver'), await network.market.person('Friend')];
    const funder = { kind: 'person' as const, id: giver.personId };
    await giveBalance(network, { client: giver.client, funder, amountMinor: 1_000 });
    const receiver = { kind: 'person', id: friend.personId };
    const body = { giver: funder, receiver, amountMinor: 400, source: 'balance' };
    const idempotencyKey = randomUUID();
    const send = () => giver.client.send<GiftView>('POST', '/gifts', { body, idempotencyKey });
    await system.stop('ledger');
    const asked = await send();
    expect([asked.status, asked.body.state]).toEqual([201, 'posting']);
    await system.kill('contributions');
    await system.resume('ledger');
    await eventually(async () => expect((await send()).body).toMatchObject({ state: 'given' }), {
      timeoutMs: 30_000,
    });
    expect((await send()).body.giftId).toBe(asked.body.giftId);
    expect((await balancesOf(network, receiver))['pending']).toEqual([400, 0]);
    expect((await balancesOf(network, funder))['pending']).toEqual([600, 0]);
    expect(await system.runCommand('ledger', ['verify'])).toMatchObject({ code: 0 });
  }, 120_000);
});
