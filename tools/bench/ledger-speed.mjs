import { randomUUID } from 'node:crypto';
import { cpuMeter } from './cpu.mjs';
import { summaryOf } from './figures.mjs';

const ACCOUNTS = 10_000;
const BATCH = 100;

/**
 * The shapes of what is posted: a transfer between two of many accounts; one with an account that is in all
 * of them; a sale as commission posts it, where bank and administration are in all.
 */
export const SHAPES = {
  'transfers, uniform': ({ account }) => [
    [account(), 100],
    [account(), -100],
  ],
  'transfers, one hot account': ({ account, bank }) => [
    [bank, 100],
    [account(), -100],
  ],
  'sales of six entries, two hot accounts': ({ account, bank, administration }) => [
    [bank, 2_345],
    [account(), -1_500],
    [account(), -414],
    [account(), -157],
    [account(), -84],
    [administration, -190],
  ],
};

/**
 * Measures posting as the ledger does it: one writer, batches of 100 commands, one call of the posting function in a
 * transaction each, as the application's role, on the ledger's own tables.
 * @returns {Promise<{perSecond: number, p50Ms: number, p99Ms: number, count: number, cpu: object}>} latencies are of
 *   batches, the rest is of commands
 */
export async function measurePosting({ url, shape, postgresPid, seconds }) {
  const pg = (await import('pg')).default;
  const { columnsOf } = await import('../../apps/ledger/dist/batch.rules.js');
  const client = new pg.Client({
    connectionString: url,
    options: '-c search_path=ledger -c timezone=UTC',
    pipeline: true,
  });
  await client.connect();
  try {
    const instanceId = randomUUID();
    const owners = Array.from({ length: ACCOUNTS }, () => randomUUID());
    const ref = (kind, id, purpose) => ({ owner: { kind, id }, purpose, currency: 'EUR' });
    const pool = {
      account: () => ref('person', owners[Math.floor(Math.random() * ACCOUNTS)], 'pending'),
      bank: ref('instance', instanceId, 'bank'),
      administration: ref('instance', instanceId, 'administration'),
    };
    const post = async () => {
      const commands = Array.from({ length: BATCH }, () => command(SHAPES[shape](pool)));
      const columns = columnsOf(
        commands,
        commands.map(() => randomUUID()),
      );
      await Promise.all([
        client.query("begin; set local app.instance_id = '*'"),
        client.query({
          name: 'post',
          text: 'select post_batch($1::jsonb, now())',
          values: [JSON.stringify({ instanceId, ...columns })],
        }),
        client.query('commit'),
      ]);
    };
    for (let warm = 0; warm < 120; warm += 1) await post();
    const meter = cpuMeter({ postgres: postgresPid });
    const own = process.cpuUsage();
    const latencies = [];
    const started = performance.now();
    while (performance.now() - started < seconds * 1_000) {
      const before = performance.now();
      await post();
      latencies.push(performance.now() - before);
    }
    const elapsed = (performance.now() - started) / 1_000;
    const count = latencies.length * BATCH;
    const { user, system } = process.cpuUsage(own);
    const cpu = { postgres: meter().postgres / count, writer: (user + system) / 1_000 / count };
    return { ...summaryOf(latencies), count, perSecond: count / elapsed, cpu };
  } finally {
    await client.end();
  }
}

function command(legs) {
  const orderId = randomUUID();
  return {
    key: { kind: 'sale', orderId, captureId: orderId, producerId: null, version: 1, revision: 0 },
    occurredAt: new Date().toISOString(),
    entries: legs.map(([account, amountMinor]) => ({
      account,
      amountMinor,
      line: 'share',
      shareId: 'referral',
    })),
  };
}
