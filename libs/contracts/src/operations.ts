import { z } from 'zod';
import { defineRpc } from './define.js';
import { id, instant, pageInput, pageOf } from './primitives.js';

/** How the whole installation is; of all instances, so for operators only. */
export const operationsView = z.object({
  services: z.array(
    z.object({
      service: z.string(),
      isReady: z.boolean(),
      /** What is not as it should be, by check. */
      faults: z.record(z.string(), z.string()),
      version: z.string().nullable(),
      answeredInMs: z.number().nullable(),
      /** What waits to be published, and since when; null where nothing is, or nobody answered. */
      outbox: z.object({ pending: z.int().min(0), ageSeconds: z.number().min(0) }).nullable(),
    }),
  ),
  /** Who listens to whom, and how many messages wait; those that are furthest behind first. */
  consumers: z.array(z.object({ service: z.string(), consumer: z.string(), waiting: z.int().min(0) })),
  deadLetters: z.int().min(0),
});
export type OperationsView = z.output<typeof operationsView>;

/** An event that a consumer gave up on. */
export const deadLetterView = z.object({
  sequence: z.int().min(1),
  service: z.string(),
  consumer: z.string(),
  failedAt: instant,
  code: z.string(),
  detail: z.string(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })),
  event: z.object({
    id,
    instanceId: id,
    occurredAt: instant,
    subject: z.string(),
    /** Its data as JSON, cut off after some 4,000 characters. */
    data: z.string(),
  }),
});
export type DeadLetterView = z.output<typeof deadLetterView>;
export const deadLetterSequence = z.coerce.number().int().min(1);

export const reconciliationView = z.object({
  reconciliationId: id,
  state: z.enum(['running', 'agrees', 'differs', 'failed']),
  requestedBy: id,
  requestedAt: instant,
  finishedAt: instant.nullable(),
  instances: z.int().min(0),
  instancesDone: z.int().min(0),
  results: z.array(
    z.object({
      instanceId: id,
      slug: z.string(),
      paidOrders: z.int().min(0),
      postedOrders: z.int().min(0),
      gifts: z.int().min(0),
      pledges: z.int().min(0),
      differences: z.int().min(0),
    }),
  ),
  differences: z.int().min(0),
  /** One line for each difference, 200 at most. */
  findings: z.array(z.string()),
});
export type ReconciliationView = z.output<typeof reconciliationView>;

/** For operators of the installation. */
export const operationsRpc = {
  getOperations: defineRpc({
    service: 'admin',
    name: 'get-operations',
    input: z.strictObject({}),
    output: operationsView,
    callers: ['operator'],
    timeoutMs: 10_000,
  }),
  /** The oldest first. */
  listDeadLetters: defineRpc({
    service: 'admin',
    name: 'list-dead-letters',
    input: z.strictObject({
      ...pageInput,
      cursor: z
        .string()
        .regex(/^\d{1,15}$/)
        .optional(),
    }),
    output: pageOf(deadLetterView),
    callers: ['operator'],
    timeoutMs: 10_000,
  }),
  /**
   * Has the event's own service publish it again, and puts the dead letter away; whoever had handled it does nothing.
   * @throws not-found when there is no such dead letter, or its event is over 30 days old
   */
  replayDeadLetter: defineRpc({
    service: 'admin',
    name: 'replay-dead-letter',
    input: z.strictObject({ sequence: deadLetterSequence }),
    output: z.object({ eventId: id }),
    callers: ['operator'],
    timeoutMs: 10_000,
  }),
  /** Begins to compare orders, splits, gifts, pledges and ledger in every instance, or answers with the comparison that runs. */
  startReconciliation: defineRpc({
    service: 'admin',
    name: 'start-reconciliation',
    input: z.strictObject({}),
    output: reconciliationView,
    callers: ['operator'],
  }),
  /** The newest first. */
  listReconciliations: defineRpc({
    service: 'admin',
    name: 'list-reconciliations',
    input: z.strictObject(pageInput),
    output: pageOf(reconciliationView),
    callers: ['operator'],
  }),
};
