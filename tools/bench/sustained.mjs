import { perOrder, runLoad } from './load-process.mjs';

const CLIENTS = 64;
/** Until the services are compiled and the plans of their statements settled. */
const WARM_SECONDS = 60;
const POLL_MS = 250;
const DRAIN_TIMEOUT_MS = 120_000;
/** Orders of the load have goods of this many producers, and the ledger a sale for each. */
const SALES_PER_ORDER = 2;

/**
 * Measures the whole way: clients place orders, the hub's manager records their payments in lists, and hubs, commission,
 * ledger and admin follow. The load never pays more than 1,000 orders ahead of the ledger, so what it reaches is what can be sustained.
 */
export async function measureSustained({ options, limit, system, log }) {
  const before = await limit();
  const pg = (await import('pg')).default;
  const client = new pg.Client({ connectionString: system.postgresUrl });
  await client.connect();
  try {
    const counter = new PostedOrders(client, system.network.instanceId);
    await counter.read();
    counter.forget();
    const result = await follow({ options, system, counter });
    if (Object.keys(result.refused).length > 0) log(`refused: ${JSON.stringify(result.refused)}`);
    const drainStarted = performance.now();
    while ((await counter.read()) < result.done) {
      if (performance.now() - drainStarted > DRAIN_TIMEOUT_MS) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const drainedMs = performance.now() - drainStarted;
    if (counter.orders < result.done) log(`${result.done - counter.orders} orders never reached the ledger`);
    const after = await limit();
    const { backlog, postedCount, ...run } = result;
    return {
      limit: before.perSecond > after.perSecond ? before : after,
      run: { ...run, cpu: perOrder(run.cpu, postedCount), inPostgres: perOrder(run.inPostgres, postedCount) },
      backlog,
      drainedMs,
    };
  } finally {
    await client.end();
  }
}

async function follow({ options, system, counter }) {
  const { baseUrls, network, pids, postgresUrl } = system;
  const job = {
    ...network,
    baseUrls,
    clients: options.clients ?? CLIENTS,
    seconds: options.seconds * 2,
    warmSeconds: WARM_SECONDS,
    pays: true,
  };
  const backlog = [];
  const at = {};
  let tell = () => undefined;
  let done = 0;
  let isOver = false;
  const polling = (async () => {
    for (let poll = 0; !isOver; poll += 1) {
      const posted = await counter.read();
      tell({ posted });
      if (at.begin && !at.end && poll % 4 === 0) backlog.push(done - posted);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  })();
  const onMessage = (message, answer) => {
    tell = answer;
    done = message.done ?? message.begin?.done ?? message.end?.done ?? done;
    for (const mark of ['begin', 'end']) {
      if (message[mark]) at[mark] = counter.read().then((posted) => ({ posted, ms: performance.now() }));
    }
  };
  try {
    const result = await runLoad({ job, pids, postgresUrl, onMessage });
    const [begin, end] = [await at.begin, await at.end];
    const postedCount = end.posted - begin.posted;
    return { ...result, backlog, postedCount, perSecond: (postedCount / (end.ms - begin.ms)) * 1_000 };
  } finally {
    isOver = true;
    await polling;
  }
}

/** Counts the orders whose first sales are in the ledger, batch after batch. */
class PostedOrders {
  #batch = 0;
  #sales = 0;
  #reading = Promise.resolve();

  constructor(client, instanceId) {
    this.client = client;
    this.instanceId = instanceId;
  }

  get orders() {
    return Math.floor(this.#sales / SALES_PER_ORDER);
  }

  /** Counts from here on. */
  forget() {
    this.#sales = 0;
  }

  /** Returns how many orders have been posted. */
  read() {
    const reading = this.#reading.then(async () => {
      const { rows } = await this.client.query(
        `select count(*)::int as sales, coalesce(max(batch), $1)::int as batch from ledger.transactions
         where batch > $1 and instance_id = $2 and business_key like 'sale:%:1:0'`,
        [this.#batch, this.instanceId],
      );
      this.#sales += rows[0].sales;
      this.#batch = rows[0].batch;
      return this.orders;
    });
    this.#reading = reading;
    return reading;
  }
}
