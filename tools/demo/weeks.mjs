import { dayName, instantAt, today } from './calendar.mjs';
import { Chance } from './chance.mjs';
import { inParallel } from './api.mjs';
import { introduce, stockUp, suppliersOf, welcome } from './settle.mjs';
import {
  confirmMoney,
  fateOf,
  handOut,
  householdBasket,
  makeGood,
  order,
  settleByBank,
  shelvesOf,
  wholesaleBasket,
} from './shopping.mjs';

export const pastWeeks = 8;
/** What a week counts for on the progress bar, where registering one person counts for one. */
export const weekUnits = 108;
const part = weekUnits / 12;
const AT_ONCE = 10;
/** After the open cycle, so many are scheduled: the shops stay open while somebody tries the system. */
const comingWeeks = 4;
/** When people order, as day of the cycle and time; the open cycle has had the first two by now. */
const moments = [
  [0, '10:10'],
  [0, '20:30'],
  [1, '12:15'],
  [1, '21:05'],
  [2, '09:40'],
  [2, '18:50'],
];
const momentsOfOpenCycle = 2;

/** The first day of a week's cycle; the last one began yesterday. */
export function firstDayOf(week) {
  return today() - 1 - (pastWeeks - week) * 7;
}

/**
 * One week in every network: goods come in, cycles open, people order, pay, fetch and complain. The last week stays
 * open.
 * @param {{worlds: object[], week: number, clock: {moveTo: (instant: Date) => Promise<void>}, api: object,
 *   advance: (amount: number, note?: string) => void, told: {orders: number}}} options
 */
export async function liveThrough({ worlds, week, clock, api, advance, told }) {
  const first = firstDayOf(week);
  const isLast = week === pastWeeks;
  const at = (day, time) => clock.moveTo(instantAt(first + day, time, 'Europe/Berlin'));
  await at(0, '06:30');
  await prepare({ worlds, week, first, isLast, advance });
  const orders = [];
  for (const [index, [day, time]] of moments.entries()) {
    if (isLast && index >= momentsOfOpenCycle) break;
    await at(day, time);
    const placed = await Promise.all(worlds.map((world) => shopping({ world, week, moment: index, api })));
    orders.push(...placed.flat());
    told.orders += placed.flat().length;
    advance(part, `${dayName(first + day)}, ${told.orders} orders`);
  }
  if (isLast) return settleByBank(orders.filter((_, index) => index % 2 === 0));
  await at(3, '10:00');
  await settleByBank(orders);
  advance(2 * part, `${dayName(first + 3)}, ${told.orders} orders`);
  await at(4, '17:30');
  await handOut(orders.filter(({ ended }) => !ended));
  advance(2 * part, `${dayName(first + 4)}, ${told.orders} orders`);
  await at(5, '11:00');
  await makeGood(orders);
  // What came in the week before the present one is still to be found in the bank.
  if (week < pastWeeks - 1) for (const world of worlds) await confirmMoney(world);
  advance(part, `${dayName(first + 5)}, ${told.orders} orders`);
}

async function prepare({ worlds, week, first, isLast, advance }) {
  await inParallel(
    worlds.flatMap(({ producers }) => producers),
    3,
    (producer) => stockUp(producer, week),
  );
  for (const world of worlds) {
    const joining = world.buyers.filter(({ joinsInWeek }) => joinsInWeek === week);
    await welcome(world.operator.as(undefined), world, joining, advance);
    if (week === 0) await introduce(world);
    const starts = isLast
      ? Array.from({ length: 1 + comingWeeks }, (_, later) => first + 7 * later)
      : [first];
    await inParallel(world.hubs, 2, async (hub, index) => {
      for (const start of starts) await openCycle(world, hub, { index, first: start, isLast });
    });
  }
  advance(part);
}

/** A hub's cycle opens on the first day and closes on the third. */
async function openCycle(world, hub, { index, first, isLast }) {
  const { timeZone } = world.instance;
  const days = isLast ? { closes: 6, handover: 7 } : { closes: 2, handover: 4 };
  await hub.managers[0].api.post(`/hubs/${hub.enterpriseId}/cycles`, {
    name: `Week of ${dayName(first)}`,
    opensAt: instantAt(first, '08:00', timeZone).toISOString(),
    closesAt: instantAt(first + days.closes, '20:00', timeZone).toISOString(),
    handover: {
      kind: 'pickup',
      place: hub.place,
      times: `${dayName(first + days.handover)}, 16:00 to 18:30`,
      at: instantAt(first + days.handover, '16:00', timeZone).toISOString(),
    },
    hubFeeBps: hub.feeBps,
    hubFeeFlatMinor: hub.flatMinor,
    paymentTermMinutes: 7 * 24 * 60,
    selection: { producerIds: suppliersOf(world, index).map(({ enterpriseId }) => enterpriseId) },
  });
}

async function shopping({ world, week, moment, api }) {
  const wishes = [
    ...world.buyers.flatMap((buyer) => householdWishes(world, buyer, week)),
    ...wholesaleWishes(world, week),
  ];
  const due = wishes.filter((wish) => wish.moment === moment);
  const shelves = await Promise.all(
    world.hubs.map(({ enterpriseId }) => shelvesOf(api, enterpriseId, world.instance.slug)),
  );
  const placed = await inParallel(due, AT_ONCE, (wish) => fulfilWish(world, wish, shelves[wish.shop]));
  return placed.filter(Boolean);
}

/** When a buyer orders this week, and where: mostly at home, now and then in the other hub's shop. */
function householdWishes(world, buyer, week) {
  if (buyer.joinsInWeek > week) return [];
  const chance = new Chance('wish', buyer.email, week);
  const wish = (shop) => ({
    shop,
    moment: chance.between(0, moments.length - 1),
    buyerApi: buyer.api,
    method: buyer.paysCash ? 'cash' : 'bank-transfer',
    basketOf: (items) =>
      householdBasket(new Chance('basket', buyer.email, week, shop), items, buyer.appetite),
    key: `demo-${buyer.email}-${week}-${shop}`,
  });
  return [
    ...(chance.happens(0.95) ? [wish(buyer.hubIndex)] : []),
    ...(chance.happens(0.12) ? [wish(1 - buyer.hubIndex)] : []),
  ];
}

/** A hub that buys wholesale in the other hub's cycle, as an enterprise. */
function wholesaleWishes(world, week) {
  return world.hubs.flatMap((hub, index) => {
    const chance = new Chance('wholesale', hub.name, week);
    if (!chance.happens(0.8)) return [];
    return {
      shop: 1 - index,
      moment: chance.between(0, moments.length - 1),
      buyerApi: hub.managers[0].api,
      enterpriseId: hub.enterpriseId,
      method: 'bank-transfer',
      basketOf: (items) => wholesaleBasket(new Chance('pallet', hub.name, week), items),
      key: `demo-${world.instance.slug}-${index}-${week}-wholesale`,
    };
  });
}

async function fulfilWish(world, wish, { cycle, items }) {
  const { buyerApi, enterpriseId, method, key } = wish;
  const basket = wish.basketOf(items);
  const placed = await order({
    api: buyerApi,
    cycleId: cycle.cycleId,
    basket,
    paymentMethod: method,
    enterpriseId,
    key,
  });
  if (!placed) return undefined;
  const { orderId, totalMinor } = placed;
  return {
    orderId,
    totalMinor,
    method,
    hubApi: world.hubs[wish.shop].managers[0].api,
    fate: fateOf(key),
  };
}
