import { type DataSource, type MigrationInterface } from 'typeorm';
import { dataSourceOf, type Database } from './database.js';

export type MigrationClass = new () => MigrationInterface;

export interface MigrationOptions {
  /** A URL of the role that owns (or may create) the schema. */
  readonly ownerUrl: string;
  readonly schema: string;
  readonly migrations: readonly MigrationClass[];
  /**
   * `all-rows`: the app role may read and write every table. `as-migrated`: it has what the migrations grant.
   */
  readonly appRights?: 'all-rows' | 'as-migrated';
}

/** Creates the schema where it is missing and runs what is due, one process at a time; returns the names that ran. */
export async function migrateDatabase(options: MigrationOptions): Promise<string[]> {
  const { schema } = options;
  if (!/^[a-z_][a-z0-9_]*$/.test(schema)) throw new Error(`not a schema name: ${schema}`);
  const source = migrationSource(options);
  await source.initialize();
  try {
    const lock = source.createQueryRunner();
    await lock.query(`select pg_advisory_lock(hashtextextended($1, 0))`, [`migrate ${schema}`]);
    try {
      const [found] = (await lock.query(`select 1 from pg_namespace where nspname = $1`, [
        schema,
      ])) as unknown[];
      if (!found) await lock.query(`create schema ${schema}`);
      const ran = await source.runMigrations({ transaction: 'each' });
      await grantAppRights(source, options);
      return ran.map((migration) => migration.name);
    } finally {
      await lock.query(`select pg_advisory_unlock_all()`);
      await lock.release();
    }
  } finally {
    await source.destroy();
  }
}

/** A data source of the owner that knows the migrations; for tools that look for drift. */
export function migrationSource(options: MigrationOptions): DataSource {
  const source = dataSourceOf({ url: options.ownerUrl, schema: options.schema, poolSize: 2 });
  return source.setOptions({
    migrations: [...options.migrations],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    extra: { ...(source.options.extra as object), statement_timeout: 0 },
  });
}

async function grantAppRights(source: DataSource, options: MigrationOptions): Promise<void> {
  const role = `${options.schema}_app`;
  const [exists] = (await source.query(`select 1 from pg_roles where rolname = $1`, [role])) as unknown[];
  if (!exists) return;
  await source.query(`grant usage on schema ${options.schema} to ${role}`);
  await source.query(`grant select on ${options.schema}.migrations to ${role}`);
  if (options.appRights === 'as-migrated') return;
  await source.query(
    `grant select, insert, update, delete on all tables in schema ${options.schema} to ${role};
     grant usage, select on all sequences in schema ${options.schema} to ${role};
     revoke insert, update, delete on ${options.schema}.migrations from ${role}`,
  );
}

/** The migrations this program knows that the database lacks; one that is ahead of the program is fine. */
export async function missingMigrations(
  database: Database,
  known: readonly MigrationClass[],
): Promise<string[]> {
  const rows = await database.query<{ name: string }>('select name from migrations');
  const present = new Set(rows.map(({ name }) => name));
  return known
    .map((migration) => new migration().name ?? migration.name)
    .filter((name) => !present.has(name));
}
