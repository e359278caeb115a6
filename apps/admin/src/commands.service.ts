import { Bus, clockOffset, createLogger, Database, type Logger } from '@foodshed/platform';
import { databaseUrl, firstOperator, serviceConfig } from './admin.config.js';
import { rebuildReadModel } from './dashboard/rebuild.service.js';
import { bootstrapOperator } from './system/operator.service.js';

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

/** What `node dist/main.js <command>` does beside serving and migrating. */
export const commands: Readonly<Record<string, Command>> = {
  'bootstrap-operator': nameOperator,
  'rebuild-read-model': rebuild,
};
