// Loads the demo network into a running system, entirely through its public API and under simulated time.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { homeFolder, writeJson } from '../infrastructure/state.mjs';
import { Api, Refusal } from './api.mjs';
import { Bar } from './bar.mjs';
import { instantAt } from './calendar.mjs';
import { developerOf, pitchAndFund } from './developing.mjs';
import { giveInWeek, giveNow } from './giving.mjs';
import { foundInstance, settle } from './settle.mjs';
import { firstDayOf, liveThrough, pastWeeks, weekUnits } from './weeks.mjs';
import { instances, password, peopleOf } from './world.mjs';

const CLOCK_PATIENCE_MS = 15_000;
const CATCH_UP_MS = 30_000;

/** Moves the whole system's simulated time, and waits until every service has followed. */
class DemoClock {
  constructor(api) {
    this.api = api;
  }

  async moveTo(instant) {
    await this.setOffset(Math.round(instant.getTime() - Date.now()));
  }

  async setOffset(offsetMs) {
    await this.api.post('/system/clock', { offsetMs });
    const until = Date.now() + CLOCK_PATIENCE_MS;
    for (;;) {
      const { services } = await this.api.get('/system/health');
      const behind = services.filter(({ clockOffsetMs }) => clockOffsetMs !== offsetMs);
      if (behind.length === 0) return;
      if (Date.now() > until)
        throw new Error(`time did not move for ${behind.map(({ service }) => service).join(', ')}`);
      await delay(15);
    }
  }
}

async function main() {
  const home = homeFolder();
  const { GATEWAY_URL, OPERATOR_EMAIL, OPERATOR_PASSWORD } = process.env;
  if (!GATEWAY_URL || !OPERATOR_EMAIL || !OPERATOR_PASSWORD) {
    throw new Error('GATEWAY_URL, OPERATOR_EMAIL and OPERATOR_PASSWORD are needed; npm start gives them');
  }
  const api = new Api(GATEWAY_URL);
  const operator = { email: OPERATOR_EMAIL, password: OPERATOR_PASSWORD };
  const { items } = await api.get('/instances');
  if (items.length > 0) throw new Error('there are networks already, and the demo begins with none');
  const worlds = instances.map(peopleOf);
  const developer = developerOf(worlds);
  const told = await build({ api, operator, worlds, developer });
  writeJson(join(home, 'demo.json'), describe({ worlds, operator, developer, told }));
}

/** Founds the networks nine weeks ago, lets people live through eight weeks, and leaves them with open cycles. */
async function build({ api, operator, worlds, developer }) {
  const people = worlds.reduce(
    (sum, { hubs, producers, buyers }) => sum + 1 + 3 * hubs.length + producers.length + buyers.length,
    0,
  );
  const bar = new Bar('Demo network', people + (pastWeeks + 1) * weekUnits);
  const advance = (amount, note) => bar.advance(amount, note);
  const begin = instantAt(firstDayOf(0) - 6, '09:00', 'Europe/Berlin');
  const session = await api.signIn(operator.email, operator.password);
  advance(0, 'founding three networks');
  await new DemoClock(session).moveTo(begin);
  for (const world of worlds) await foundInstance(session, operator, world);
  const clock = new DemoClock(worlds[0].operator);
  advance(0, 'hubs, producers and their people');
  await Promise.all(worlds.map((world) => settle(api, world, advance)));
  advance(0, 'buyers and goods');
  const told = { orders: 0 };
  for (let week = 0; week <= pastWeeks; week += 1) {
    await liveThrough({ worlds, week, clock, api, advance, told });
    await giveInWeek(worlds, week);
  }
  await clock.setOffset(0);
  await caughtUp(worlds, told);
  advance(0, 'pitches, pledges and gifts');
  await pitchAndFund({ api, worlds, developer });
  await giveNow({ worlds, developer });
  bar.end(`${told.orders} orders in ${worlds.length} networks`);
  return told;
}

/** Waits until the dashboards know of every order and its split, for a while: what is late arrives by itself. */
async function caughtUp(worlds, told) {
  const until = Date.now() + CATCH_UP_MS;
  while (Date.now() < until) {
    const views = await Promise.all(worlds.map(({ operator }) => operator.get('/dashboard')));
    const known = views.reduce((sum, { totals }) => sum + totals.ordersPlaced, 0);
    if (known >= told.orders && views.every(({ lag }) => lag.salesWithoutSplit === 0)) return;
    await delay(200);
  }
}

/** What `npm start` and `npm run market-day` need to know of it. */
function describe({ worlds, operator, developer, told }) {
  const [{ instance, steward, hubs, producers, buyers }] = worlds;
  const [hub] = hubs;
  const [producer] = producers;
  const signIn = (role, { email }, path) => ({ role, email, password, path });
  return {
    loadedAt: new Date().toISOString(),
    orders: told.orders,
    signIns: [
      { role: 'Operator', ...operator, path: '/dashboard' },
      signIn('Steward', steward, '/network-model'),
      signIn('Hub manager', hub.managers[0], `/hubs/${hub.enterpriseId}/manage/commission`),
      signIn('Producer', producer.managers[0], `/producers/${producer.enterpriseId}/orders-to-pack`),
      signIn('Developer', developer, '/developing'),
      signIn('Buyer', buyers[0], `/hubs/${hub.enterpriseId}?instance=${instance.slug}`),
    ],
    networks: worlds.map((world) => ({
      slug: world.instance.slug,
      instanceName: world.instance.name,
      hubs: world.hubs.map(({ name, enterpriseId, managers }) => ({
        name,
        enterpriseId,
        token: managers[0].api.token,
      })),
      producers: world.producers.map(({ name, enterpriseId, managers }) => ({
        name,
        enterpriseId,
        token: managers[0].api.token,
      })),
      buyers: world.buyers.map(({ email, hubIndex, appetite, paysCash, api }) => ({
        email,
        hubIndex,
        appetite,
        paysCash,
        token: api.token,
      })),
    })),
  };
}

function fail(error) {
  const why = error instanceof Refusal || error instanceof Error ? error.message : String(error);
  process.stderr.write(`\nThe demo network was not loaded: ${why.replace(/\.$/, '')}.\n`);
  if (process.env.DEBUG) process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    process.stderr.write('\nLoading the demo network was interrupted; the next start begins it anew.\n');
    process.exit(1);
  });
}
main().catch(fail);
