import {
  ALL_INSTANCES,
  Bus,
  clockOffset,
  createLogger,
  Database,
  Metrics,
  newId,
  RpcClient,
  Tokens,
  type Logger,
} from '@foodshed/platform';
import { databaseUrl, firstOperator, serviceConfig } from './admin.config.js';
import { rebuildReadModel } from './dashboard/rebuild.service.js';
import { listInstances } from './instances/instance.store.js';
import { comparisons } from './reconciliation/reconciliation.service.js';
import { bootstrapOperator } from './system/operator.service.js';

const SHOWN = 20;

type Command = () => Promise<void>;

async function withDatabase(work: (database: Database) => Promise<void>, url: string): Promise<void> {
  const database = await Database.open({ url, schema: 'admin', poolSize: 2 });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

const log = (): Logger => createLogger('admin', 'info');

/** Names the first operator from OPERATOR_EMAIL, OPERATOR_PASSWORD and OPERATOR_NAME; needs DATABASE_URL. */
async function nameOperator(): Promise<void> {
  const operator = firstOperator();
  await withDatabase(async (database) => {
    const { personId, changed } = await bootstrapOperator(database, { ...operator, at: new Date() });
    log().info({ personId }, changed ? 'The operator was named' : 'The operator was there already');
  }, databaseUrl());
}

/** Makes the operators' read model anew from the streams; needs the environment of the service. */
async function rebuild(): Promise<void> {
  const config = serviceConfig();
  const bus = await Bus.connect({ service: 'admin', ...config.nats }, log());
  try {
    await withDatabase(async (database) => {
      const onProgress = (subject: string, events: number) => log().info({ subject, events }, 'Counting');
      const offsetMs = config.clock === 'simulated' ? await clockOffset(bus.connection) : 0;
      const now = new Date(Date.now() + offsetMs);
      const counted = await rebuildReadModel({ database, bus, now, onProgress });
      log().info({ counted }, 'The read model was rebuilt');
    }, config.database?.url ?? databaseUrl());
  } finally {
    await bus.close();
  }
}

/** Compares orders, splits, gifts, pledges and ledger of every instance and prints what differs; 1 is the exit code then. */
async function reconcile(): Promise<void> {
  const config = serviceConfig();
  const bus = await Bus.connect({ service: 'admin', ...config.nats }, log());
  const tokens = new Tokens('admin', config.signingKey, config.verifyKeys);
  // Whoever runs a command on this machine holds admin's key, and so may say that an operator is asking.
  const asking = { rpc: new RpcClient(bus, tokens, new Metrics('admin')), tokens, personId: newId() };
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    await withDatabase(async (database) => {
      const page = { after: null, limit: 10_000 };
      const instances = await database.transaction(ALL_INSTANCES, (tx) => listInstances(tx, page));
      const findings: string[] = [];
      for await (const one of comparisons(asking, instances)) {
        const orders = `${one.paidOrders} paid orders, ${one.postedOrders} in the ledger`;
        const counts = `${orders}, ${one.gifts} gifts, ${one.pledges} pledges`;
        print(`${one.slug}: ${counts}, ${one.findings.length} differences`);
        findings.push(...one.findings);
      }
      for (const finding of findings.slice(0, SHOWN)) print(`  ${finding}`);
      if (findings.length > SHOWN) print(`  and ${findings.length - SHOWN} more`);
      const differences = `${findings.length} differences between the ledger and orders, gifts and pledges.`;
      print(findings.length === 0 ? 'Ledger, orders, gifts and pledges agree.' : differences);
      process.exitCode = findings.length === 0 ? 0 : 1;
    }, config.database?.url ?? databaseUrl());
  } finally {
    await bus.close();
  }
}

/** What `node dist/main.js <command>` does beside serving and migrating. */
export const commands: Readonly<Record<string, Command>> = {
  'bootstrap-operator': nameOperator,
  'rebuild-read-model': rebuild,
  reconcile,
};
