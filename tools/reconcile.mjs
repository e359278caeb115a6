import { setTimeout as delay } from 'node:timers/promises';
import { runningEnvironment } from './environment.mjs';
import { reportFailure } from './infrastructure/failure.mjs';
import { TOOLS_USER } from './infrastructure/secrets.mjs';
import { compareBooks } from './reconcile/compare.mjs';

/** How long events that are on their way may take to arrive. */
const PATIENCE_MS = 15_000;
const SHOWN = 20;

/**
 * `npm run reconcile`: asks orders, commission and ledger what stands, instance by instance, and compares. It only
 * reads; what is still on its way is waited for. Exits 1 when something differs.
 */
async function main() {
  const books = await openBooks();
  try {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const { lines, findings, isWhole } = await books.compareAll();
      if (isWhole || Date.now() > deadline) {
        for (const line of lines) console.log(line);
        for (const finding of findings.slice(0, SHOWN)) console.log(`  ${finding}`);
        if (findings.length > SHOWN) console.log(`  and ${findings.length - SHOWN} more`);
        console.log(
          isWhole ? 'Ledger and orders agree.' : `${findings.length} differences between ledger and orders.`,
        );
        process.exitCode = isWhole ? 0 : 1;
        return;
      }
      await delay(1_000);
    }
  } finally {
    await books.close();
  }
}

/** Opens a connection that may read what an operator may, in every instance. */
async function openBooks() {
  const { adminRpc, commissionRpc, ledgerRpc, noInstance, ordersRpc } = await import('@foodshed/contracts');
  const { allocate } = await import('@foodshed/money');
  const { Bus, createLogger, Metrics, newId, RpcClient, Tokens } = await import('@foodshed/platform');
  const { NATS_URL, NATS_USER, NATS_PASSWORD, VERIFY_KEYS } = runningEnvironment(TOOLS_USER);
  // Whoever runs the machine holds admin's key, and so may say that an operator is asking.
  const key = JSON.parse(runningEnvironment('admin').SIGNING_KEY);
  const tokens = new Tokens('admin', key, JSON.parse(VERIFY_KEYS).keys);
  const bus = await Bus.connect(
    { service: TOOLS_USER, url: NATS_URL, user: NATS_USER, password: NATS_PASSWORD },
    createLogger(TOOLS_USER, 'error'),
  );
  const rpc = new RpcClient(bus, tokens, new Metrics(TOOLS_USER));
  const operatorIn = async ({ id, currency, timeZone }) => {
    const caller = {
      kind: 'person',
      personId: newId(),
      instance: { id, currency, timeZone },
      roles: ['operator'],
      enterpriseIds: [],
    };
    const { token } = await tokens.issue(caller);
    return { caller, token, requestId: newId() };
  };
  const all = async (definition, as, limit) => {
    const items = [];
    let cursor;
    do {
      const page = await rpc.call(definition, { limit, ...(cursor ? { cursor } : {}) }, as);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    return items;
  };
  const compareOne = async (instance) => {
    const as = await operatorIn(instance);
    // The ledger first: what is posted meanwhile was sold before.
    const totals = await all(ledgerRpc.listTotals, as, 200);
    const splits = await all(commissionRpc.listStanding, as, 500);
    const sales = await all(ordersRpc.listSalesTotals, as, 500);
    const findings = compareBooks({ sales, splits, totals, allocate });
    const orders = new Set(sales.map(({ orderId }) => orderId)).size;
    return {
      line: `${instance.slug}: ${orders} paid orders, ${totals.length} in the ledger, ${findings.length} differences`,
      findings,
    };
  };
  return {
    compareAll: async () => {
      const instances = await all(adminRpc.listInstances, await operatorIn(noInstance), 200);
      const results = [];
      for (const instance of instances) results.push(await compareOne(instance));
      const findings = results.flatMap((result) => result.findings);
      return { lines: results.map(({ line }) => line), findings, isWhole: findings.length === 0 };
    },
    close: () => bus.close(),
  };
}

main().catch((error) => {
  process.exitCode = reportFailure(error);
});
