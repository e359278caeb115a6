// `npm run market-day`: a few hundred orders by the demo network's buyers, through the public API of the running system.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { homeFolder, readJson, readRunning } from '../infrastructure/state.mjs';
import { Api, inParallel } from './api.mjs';
import { Bar } from './bar.mjs';
import { Chance } from './chance.mjs';
import { householdBasket, order, shelvesOf } from './shopping.mjs';

const DEFAULT_ORDERS = 300;
const MOST_ORDERS = 10_000;
const AT_ONCE = 8;
const PAUSE_MS = 400;
const LOW_STOCK = 40;
const REFILL = 100;
const HOUR_MS = 3_600_000;

async function main(args) {
  const wanted = args[0] === undefined ? DEFAULT_ORDERS : Number(args[0]);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MOST_ORDERS || args.length > 1) {
    throw new Error(`say how many orders, from 1 to ${MOST_ORDERS}: npm run market-day -- 500`);
  }
  const home = homeFolder();
  const url = readRunning(home)?.url;
  if (!url) throw new Error('Foodshed does not run here; start it with npm start in another terminal');
  const demo = readJson(join(home, 'demo.json'));
  if (!demo) throw new Error('there is no demo network here; npm start loads one');
  const api = new Api(url);
  const shops = (await Promise.all(demo.networks.map((network) => openShops(api, network)))).flat();
  await hold(api, shops, wanted);
}

/** The shops of a network with what they sell; closed ones are opened, and low shelves filled. */
async function openShops(api, network) {
  return Promise.all(
    network.hubs.map(async (hub, hubIndex) => {
      const manager = api.as(hub.token);
      let shelves = await shelvesOf(api, hub.enterpriseId, network.slug);
      if (!shelves.cycle) {
        await openCycle(manager, hub);
        shelves = await shelvesOf(api, hub.enterpriseId, network.slug);
      }
      await refill(api, network, shelves.items);
      const buyers = network.buyers.filter((buyer) => buyer.hubIndex === hubIndex);
      return { ...shelves, manager, buyers };
    }),
  );
}

/** Opens a cycle with everything of the producers who agreed that the hub sells their goods. */
async function openCycle(manager, hub) {
  const agreed = `as=hub&enterpriseId=${hub.enterpriseId}&state=accepted&limit=200`;
  const { items } = await manager.get(`/supply-agreements?${agreed}`);
  await manager.post(`/hubs/${hub.enterpriseId}/cycles`, {
    name: 'Market day',
    opensAt: new Date(Date.now() - HOUR_MS).toISOString(),
    closesAt: new Date(Date.now() + 72 * HOUR_MS).toISOString(),
    handover: { kind: 'pickup', place: hub.name, times: 'As always' },
    selection: { producerIds: items.map(({ producerId }) => producerId) },
  });
}

async function refill(api, network, items) {
  const tokens = new Map(network.producers.map(({ enterpriseId, token }) => [enterpriseId, token]));
  const low = items.filter(
    ({ availableQuantity }) => availableQuantity !== null && availableQuantity < LOW_STOCK,
  );
  await inParallel(low, AT_ONCE, ({ variantId, producerId }) =>
    api.as(tokens.get(producerId)).call('PATCH', `/variants/${variantId}`, { body: { stockChange: REFILL } }),
  );
}

async function hold(api, shops, wanted) {
  const bar = new Bar('Market day', wanted);
  const run = Date.now().toString(36);
  const sum = { orders: 0, paid: 0, soldOut: 0 };
  const numbers = Array.from({ length: wanted }, (_, number) => number);
  await inParallel(numbers, AT_ONCE, async (number) => {
    const chance = new Chance('market-day', run, number);
    const { manager, buyers, items, cycle } = chance.pick(shops);
    const buyer = chance.pick(buyers);
    const placed = await order({
      api: api.as(buyer.token),
      cycleId: cycle.cycleId,
      basket: householdBasket(chance, items, buyer.appetite),
      paymentMethod: buyer.paysCash ? 'cash' : 'bank-transfer',
      key: `market-day-${run}-${number}`,
    });
    if (!placed) sum.soldOut += 1;
    else sum.orders += 1;
    if (placed && placed.totalMinor > 0 && chance.happens(0.85)) {
      await manager.post(
        `/orders/${placed.orderId}/payments`,
        { method: buyer.paysCash ? 'cash' : 'bank-transfer', amountMinor: placed.totalMinor },
        `market-day-payment-${run}-${number}`,
      );
      sum.paid += 1;
    }
    bar.advance(1, `${sum.orders} orders, ${sum.paid} paid`);
    // People do not all come in the same second: the dashboards are to be watched.
    await delay(chance.between(0, PAUSE_MS));
  });
  const late = sum.soldOut > 0 ? `, ${sum.soldOut} came too late for what they wanted` : '';
  bar.end(`${sum.orders} orders, ${sum.paid} paid${late}`);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`The market day did not take place: ${error.message.replace(/\.$/, '')}.\n`);
  process.exit(1);
});
