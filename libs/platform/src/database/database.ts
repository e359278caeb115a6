import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient, QueryConfig } from 'pg';
import {
  DataSource,
  type EntityManager,
  type EntityTarget,
  type MixedList,
  type ObjectLiteral,
} from 'typeorm';
import { isRetried } from './failures.js';
import { ALL_INSTANCES } from './tables.js';
import { columnParsers } from './values.js';

/** A running transaction; everything done through it commits or fails together. */
export type Tx = EntityManager;

/** SQL text, or a statement that each connection prepares once under its name. */
export type Statement = string | { readonly name: string; readonly text: string };

export interface DatabaseOptions {
  readonly url: string;
  /** The service's schema; also its `search_path`. */
  readonly schema: string;
  readonly entities?: MixedList<EntityTarget<ObjectLiteral>>;
  readonly poolSize?: number;
  readonly applicationName?: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ATTEMPTS = 6;
const STATEMENT_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A new connection costs a sign-in, and plans every statement again. */
const IDLE_TIMEOUT_MS = 300_000;

export interface TransactionOptions {
  /**
   * Its statements join a small batch with large tables by their keys: they are planned by index, also when they are
   * prepared while the tables are still small.
   */
  readonly isSmallBatch?: boolean;
}

const BY_INDEX =
  '; set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off';

type AfterCommit = () => void;
const afterCommits = new WeakMap<Tx, AfterCommit[]>();

/** Runs `then` once the transaction is committed, and never when it is not; `then` must not throw. */
export function afterCommit(tx: Tx, then: AfterCommit): void {
  const waiting = afterCommits.get(tx);
  if (!waiting) throw new Error('afterCommit needs a transaction of Database.transaction');
  waiting.push(then);
}

/** TypeORM's options for a service's own schema: UTC, one search path, bigint as safe integers, never `synchronize`. */
export function dataSourceOf(options: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    entities: options.entities as never,
    synchronize: false,
    logging: false,
    poolSize: options.poolSize ?? 8,
    applicationName: options.applicationName ?? options.schema,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      options: `-c search_path=${options.schema} -c timezone=UTC -c jit=off`,
      types: columnParsers,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      // BEGIN travels in the same packet as the first statement of the transaction.
      pipeline: true,
    },
    // Postgres may restart at any time: the pool drops the connection and opens another when one is needed.
    poolErrorHandler: () => undefined,
  });
}

/** A service's Postgres schema: scoped transactions, and single statements on the pool. */
export class Database {
  constructor(readonly dataSource: DataSource) {}

  /** Connects; the pool then reconnects by itself for ever. @throws when Postgres cannot be reached now. */
  static async open(options: DatabaseOptions): Promise<Database> {
    return new Database(await dataSourceOf(options).initialize());
  }

  get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }

  /**
   * Runs `work` in one transaction that sees only the rows of the instance `scope` (or of all of them, for
   * ALL_INSTANCES). Serialization failures and deadlocks run it again, up to six times; `work` must have no
   * effects outside the transaction (use afterCommit).
   */
  async transaction<T>(
    scope: string,
    work: (tx: Tx) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    if (scope !== ALL_INSTANCES && !UUID.test(scope)) throw new Error('a transaction needs an instance id');
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(beginIn(scope, options), work);
      } catch (error) {
        if (attempt === ATTEMPTS || !isRetried(error)) throw error;
        await delay(Math.random() * 10 * 2 ** attempt);
      }
    }
  }

  /**
   * The rows of one autocommitted statement, outside any instance: row-level security hides the rows of
   * instances unless the statement is a function that sets `app.instance_id` itself.
   */
  async query<R = Record<string, unknown>>(statement: Statement, params: unknown[] = []): Promise<R[]> {
    const client = await this.pool.connect();
    let failure: unknown;
    try {
      return (await client.query(queryOf(statement, params))).rows as R[];
    } catch (error) {
      failure = error;
      // Postgres reports a failure before it lets go of the locks, which whoever tries again would meet.
      if (isRetried(error)) await client.query('select').catch(() => undefined);
      throw error;
    } finally {
      releaseClient(client, failure);
    }
  }

  /** The rows of one statement in its own transaction inside `scope`, in one round trip. */
  async queryIn<R = Record<string, unknown>>(
    scope: string,
    statement: Statement,
    params: unknown[] = [],
  ): Promise<R[]> {
    if (scope !== ALL_INSTANCES && !UUID.test(scope)) throw new Error('a query needs an instance id');
    const client = await this.pool.connect();
    let failure: unknown;
    try {
      const [, result] = await settled([
        client.query(beginIn(scope)),
        client.query(queryOf(statement, params)),
        client.query('commit'),
      ]);
      return (result as { rows: R[] }).rows;
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      releaseClient(client, failure);
    }
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  async #attempt<T>(begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    const tx = runner.manager;
    const then: AfterCommit[] = [];
    afterCommits.set(tx, then);
    const state = runner as unknown as { isTransactionActive: boolean; transactionDepth: number };
    try {
      // Not awaited: it is sent with the first statement of `work`, and the await on COMMIT reports its failure.
      const begun = client.query(begin);
      begun.catch(() => undefined);
      state.isTransactionActive = true;
      state.transactionDepth = 1;
      const result = await work(tx);
      await begun;
      const committed = await client.query('commit');
      if (committed.command !== 'COMMIT') throw new Error('the transaction had failed and was rolled back');
      state.isTransactionActive = false;
      state.transactionDepth = 0;
      for (const run of then) run();
      return result;
    } catch (error) {
      if (state.isTransactionActive) await client.query('rollback').catch(() => undefined);
      state.isTransactionActive = false;
      state.transactionDepth = 0;
      throw error;
    } finally {
      afterCommits.delete(tx);
      await runner.release();
    }
  }
}

/**
 * The rows of one statement inside a transaction, also for `update … returning` and `delete … returning`,
 * where `tx.query` of TypeORM answers `[rows, count]`; prepared by name when given a name.
 */
export async function rowsOf<R = Record<string, unknown>>(
  tx: Tx,
  statement: Statement,
  params: unknown[] = [],
): Promise<R[]> {
  const client = (await tx.queryRunner?.connect()) as PoolClient | undefined;
  if (!client) throw new Error('rowsOf needs a transaction of Database.transaction');
  const result = await client.query(queryOf(statement, params));
  return result.rows as R[];
}

function beginIn(scope: string, { isSmallBatch = false }: TransactionOptions = {}): string {
  return `begin; set local app.instance_id = '${scope}'${isSmallBatch ? BY_INDEX : ''}`;
}

function queryOf(statement: Statement, values: unknown[]): QueryConfig {
  return typeof statement === 'string' ? { text: statement, values } : { ...statement, values };
}

/** All results, or the first failure once every one is known, so that nothing is still running afterwards. */
async function settled(queries: Promise<unknown>[]): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(queries);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<unknown>).value);
}

function releaseClient(client: PoolClient, failure: unknown): void {
  // A statement that Postgres refused leaves the connection usable; anything else does not.
  const refused = failure !== undefined && typeof (failure as { severity?: string }).severity === 'string';
  client.release(failure === undefined || refused ? undefined : (failure as Error));
}
