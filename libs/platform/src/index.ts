export { ConfigError, loadConfig, loadMigrationConfig, readEnvironment } from './config/service.config.js';
export type { OwnKey, PublicKey, ServiceConfig } from './config/service.config.js';
export { afterCommit, Database, dataSourceOf, rowsOf } from './database/database.js';
export type { DatabaseOptions, Statement, Tx } from './database/database.js';
export { isDatabaseUnreachable, isRetried, violatedConstraint } from './database/failures.js';
export { bodyHash, idempotent, onceOf, type IdempotentCommand } from './database/idempotency.js';
export {
  migrateDatabase,
  migrationSource,
  type MigrationClass,
  type MigrationOptions,
} from './database/migrations.js';
export { ALL_INSTANCES, instanceScoped, platformTables } from './database/tables.js';
export { bigintColumn, jsonLines, safeInteger } from './database/values.js';
export { Consume, type ConsumeOptions, type ReceivedEvent } from './events/consume.decorator.js';
export {
  countDeadLetters,
  findDeadLetter,
  listDeadLetters,
  removeDeadLetter,
  replayDeadLetter,
  type DeadLetter,
} from './events/dead-letters.js';
export { outboxState, removeOldRows, republish } from './events/upkeep.js';
export { Outbox, type OutgoingEvent } from './events/outbox.js';
export { readMessage, type CarriedEvent } from './events/message.js';
export { consumersOfAll, managerOf, streamOf } from './events/streams.js';
export { Tokens, TOKEN_LIFETIME_SECONDS, type IssuedToken } from './identity/tokens.js';
export { Recent } from './identity/recent.js';
export { eachInTurn, orLater } from './jobs/asked-again.js';
export { JobHandler, ScheduledJob } from './jobs/job.decorators.js';
export { Jobs } from './jobs/jobs.js';
export { createLogger, NestLog, type Logger } from './observe/logger.js';
export { Metrics } from './observe/metrics.js';
export {
  currentRequest,
  requestContext,
  withRequest,
  type RequestContext,
} from './observe/request.context.js';
export { Bus, type BusOptions } from './rpc/bus.js';
export { asDomainError, invalidInput, isTransient } from './rpc/problem.js';
export { RpcClient, type CallOptions } from './rpc/rpc.client.js';
export { RpcProblemFilter } from './rpc/rpc.filter.js';
export { Rpc } from './rpc/rpc.decorator.js';
export { republishRpc, serviceStatus, statusRpc, type ServiceStatus } from './rpc/status.rpc.js';
export { newId } from './service/ids.js';
export { PlatformModule } from './service/platform.module.js';
export { runService, startService } from './service/run-service.js';
export type { CreateApp, RunningService, ServiceOptions } from './service/service-options.js';
export { clockOffset, moveClock } from './time/clock.sync.js';
export { Clock } from './time/clock.js';
