import type { EventDefinition, ServiceName } from '@foodshed/contracts';
import type { Database, Tx } from '../database/database.js';
import type { Logger } from '../observe/logger.js';
import type { Metrics } from '../observe/metrics.js';
import type { Bus } from '../rpc/bus.js';
import type { ReceivedEvent } from './consume.decorator.js';

/** What every consumer of a service works with. */
export interface ConsumerParts {
  readonly service: ServiceName;
  readonly database: Database;
  readonly bus: Bus;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export interface ConsumerTask {
  /** The durable consumer's name, and its name in the inbox. */
  readonly durable: string;
  readonly event: EventDefinition;
  readonly batch: number;
  readonly gatherMs: number;
  readonly handle: (tx: Tx, events: ReceivedEvent[]) => Promise<void>;
}
