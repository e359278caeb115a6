import type { INestApplicationContext, Type } from '@nestjs/common';
import type { ServiceName } from '@foodshed/contracts';
import type { EntityTarget, ObjectLiteral } from 'typeorm';
import type { MigrationClass } from '../database/migrations.js';
import type { NestLog } from '../observe/logger.js';
import type { RpcServer } from '../rpc/rpc.server.js';

/** What a service brings; the platform adds the rest. */
export interface ServiceOptions {
  readonly name: ServiceName;
  readonly module: Type;
  /** None for a service without a database. */
  readonly entities?: readonly EntityTarget<ObjectLiteral>[];
  readonly migrations?: readonly MigrationClass[];
  readonly appRights?: 'all-rows' | 'as-migrated';
  /** How the gateway adds its HTTP side; the others answer RPC only. */
  readonly createApp?: CreateApp;
}

/** Makes and starts a Nest application around the RPC transport; `close` of it must stop what it started. */
export type CreateApp = (root: object, server: RpcServer, log: NestLog) => Promise<INestApplicationContext>;

/** A service that answers, with the means to look inside and to stop it. */
export interface RunningService {
  readonly app: INestApplicationContext;
  readonly managementPort: number;
  close(): Promise<void>;
}
