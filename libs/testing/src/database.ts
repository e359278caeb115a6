import { createHash } from 'node:crypto';
import { Database, migrateDatabase } from '@foodshed/platform';
import { askHost } from './host.js';

type Migrations = Parameters<typeof migrateDatabase>[0]['migrations'];

/** Services whose application role has only the rights that their migrations grant. */
const GRANTED_BY_MIGRATIONS = new Set(['ledger', 'admin']);

interface Urls {
  readonly appUrl: string;
  readonly ownerUrl: string;
  readonly superuserUrl: string;
}

export interface TestDatabase extends Urls {
  readonly name: string;
  /** Connected as the service runs: with its application role and nothing more. */
  readonly database: Database;
  /** Connected as the role that owns the tables, for arranging what the application may not write. */
  readonly owner: Database;
  /** Closes both connections and drops the database. */
  close(): Promise<void>;
}

/**
 * A real Postgres database of one service, for one spec: a copy of a template that was migrated once per run.
 * `entities` are those the service maps. Close it in `afterAll`.
 */
export async function testDatabase(
  service: string,
  migrations: Migrations,
  entities: Parameters<typeof Database.open>[0]['entities'] = [],
): Promise<TestDatabase> {
  const template = await migratedTemplate(service, migrations);
  const { name, urls } = await askHost<{ name: string; urls: Urls }>('databases/create', {
    service,
    template,
  });
  const open = (url: string) => Database.open({ url, schema: service, entities, poolSize: 8 });
  const [database, owner] = await Promise.all([open(urls.appUrl), open(urls.ownerUrl)]);
  return {
    name,
    ...urls,
    database,
    owner,
    close: async () => {
      await Promise.all([database.close(), owner.close()]);
      await askHost('databases/drop', { name });
    },
  };
}

/** An empty schema of a service, before any migration; for specs about migrations themselves. */
export async function emptyDatabase(
  service: string,
): Promise<Urls & { name: string; close(): Promise<void> }> {
  const { name, urls } = await askHost<{ name: string; urls: Urls }>('databases/create', { service });
  return { name, ...urls, close: () => askHost('databases/drop', { name }) };
}

async function migratedTemplate(service: string, migrations: Migrations): Promise<string> {
  const texts = migrations.map((migration) => migration.toString());
  const key = `${service} ${createHash('sha256').update(texts.join('\n')).digest('hex')}`;
  const template = await askHost<{ name: string; make: boolean; ownerUrl: string }>('databases/template', {
    key,
    service,
  });
  if (!template.make) return template.name;
  try {
    const appRights = GRANTED_BY_MIGRATIONS.has(service) ? 'as-migrated' : 'all-rows';
    await migrateDatabase({ ownerUrl: template.ownerUrl, schema: service, migrations, appRights });
    await askHost('databases/templateReady', { key });
    return template.name;
  } catch (error) {
    await askHost('databases/templateReady', { key, failed: true });
    throw error;
  }
}
