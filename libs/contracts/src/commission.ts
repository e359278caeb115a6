import { z } from 'zod';
import { defineRpc } from './define.js';
import { attribution, capturedSale, managerShares } from './events.js';
import { statementMonth } from './ledger.js';
import { sharePayee } from './network-model.js';
import { standingSplit } from './posting.js';
import {
  amountMinor,
  currencyCode,
  id,
  instant,
  isStorable,
  pageInput,
  pageOf,
  signedMinor,
} from './primitives.js';

/** What is wrong in a model's text, where (line counts from 1), and how to mend it. */
export const modelProblem = z.object({
  line: z.int().min(1),
  path: z.string(),
  message: z.string(),
  severity: z.enum(['error', 'warning']),
});
export type ModelProblem = z.output<typeof modelProblem>;

/** What a function ends with at the needs that the model states, in minor units of the instance's currency. */
export const functionNet = z.object({ functionId: z.string(), netMinor: signedMinor });
export type FunctionNet = z.output<typeof functionNet>;

/** The sale that comes nearest to breaking a limit, or would break it if nothing were cut. */
export const worstCase = z.object({
  limit: z.enum(['platformMaximum', 'producerMinimum']),
  /** Who buys and how, in words. */
  situation: z.string(),
  netMinor: amountMinor,
  units: z.int().min(0),
  /** What the shares come to before the limit, what the limit allows, and what they get. */
  askedMinor: amountMinor,
  allowedMinor: amountMinor,
  paidMinor: amountMinor,
});
export type WorstCase = z.output<typeof worstCase>;

const change = z.object({ beforeMinor: signedMinor, afterMinor: signedMinor });

/** What a model would have made of past sales, against what stands; VAT on shares is apart. */
export const modelSimulation = z.object({
  currency: currencyCode,
  /** Captures, each counted once. */
  saleCount: z.int().min(0),
  grossMinor: amountMinor,
  netMinor: amountMinor,
  /** The platform's own shares together. */
  take: change,
  vat: change,
  functions: z.array(change.extend({ functionId: z.string() })),
  /** People and enterprises that earn, those with the greatest difference first. */
  beneficiaries: z.array(
    change.extend({ owner: z.strictObject({ kind: z.enum(['person', 'enterprise']), id }) }),
  ),
});
export type ModelSimulation = z.output<typeof modelSimulation>;

export const networkModelSummary = z.object({
  version: z.int().min(1),
  name: z.string(),
  takesEffectAt: instant,
  uploadedAt: instant,
  /** `proposed`: its stewards have not all approved, so `takesEffectAt` is what was asked for; `overtaken`: a later version was approved first. */
  state: z.enum(['proposed', 'overtaken', 'coming', 'in-force', 'past']),
});
export type NetworkModelSummary = z.output<typeof networkModelSummary>;

/** What becomes of one sale under a model, as the program would split it; the producer's part has no share. */
export const modelExample = z.object({
  situation: z.enum(['brought-by-hub', 'brought-by-nobody', 'paid-in-cash']),
  currency: currencyCode,
  /** A producer's goods without VAT: 10.00, or 1,000 in a currency without decimals. */
  totalMinor: amountMinor,
  parts: z.array(
    z.object({
      shareId: z.string().nullable(),
      functionId: z.string().nullable(),
      payee: sharePayee.nullable(),
      /** With the VAT on the share. */
      amountMinor,
    }),
  ),
});
export type ModelExample = z.output<typeof modelExample>;

/** Who approved a version and who has to; a function is concerned when its words, flows, shares or limits change. */
export const modelApprovals = z.object({
  /** By steward, for the functions that the version concerns; the person is told to stewards only. */
  given: z.array(z.object({ steward: z.string(), personId: id.nullable(), approvedAt: instant })),
  /** Functions for which one of these stewards has to approve before the version takes effect. */
  awaited: z.array(z.object({ functionId: z.string(), stewards: z.array(z.string()) })),
  /** Whether the caller may approve for one of the awaited. */
  mayApprove: z.boolean(),
  /** Days from the last approval until a version takes effect at the earliest. */
  noticeDays: z.int().min(0),
});
export type ModelApprovals = z.output<typeof modelApprovals>;

/** A version with its text, in plain words, and who gets what of 10.00 under it. */
export const networkModelView = networkModelSummary.extend({
  source: z.string(),
  plainWords: z.array(z.string()),
  functions: z.array(
    z.object({
      functionId: z.string(),
      does: z.string(),
      stewards: z.array(z.string()),
      earns: z.string().nullable(),
    }),
  ),
  /** The situations that differ, the one in which most people have a part first. */
  examples: z.array(modelExample),
  /** Its functions, flows and rates as an SVG document. */
  drawing: z.string(),
  approvals: modelApprovals,
});
export type NetworkModelView = z.output<typeof networkModelView>;

/** A model's text as it was typed; it is kept, so it must be storable. */
const modelSource = z
  .string()
  .min(1)
  .max(200_000)
  .refine(isStorable, { error: 'must not contain NUL or unpaired surrogate characters' });

/** The number of a version in an address. */
export const modelVersion = z.coerce.number().int().min(1).max(2_147_483_647);

/** One split with the facts that froze it. */
export const splitView = z.object({
  splitId: id,
  orderId: id,
  captureId: id,
  version: z.int().min(1),
  currency: currencyCode,
  modelVersion: z.int().min(0),
  placedAt: instant,
  paidAt: instant,
  standing: standingSplit,
});
export type SplitView = z.output<typeof splitView>;

/** One line of the arithmetic, as a person would write it. */
export const explanationStep = z.object({
  subject: z.string(),
  /** Why the rule applies, or does not. */
  rule: z.string(),
  arithmetic: z.string(),
  amountMinor: signedMinor,
});

export const splitExplanation = z.object({
  split: splitView,
  modelName: z.string(),
  base: z.object({ grossMinor: amountMinor, netMinor: amountMinor, arithmetic: z.string() }),
  steps: z.array(explanationStep),
  result: z.string(),
});
export type SplitExplanation = z.output<typeof splitExplanation>;

export const commissionRpc = {
  /**
   * Checked, then in force from `takesEffectAt` (as soon as it may when left out), once the stewards concerned have
   * approved; never backwards. Who uploads approves for everybody they may speak for. @throws model-invalid
   */
  uploadModel: defineRpc({
    service: 'commission',
    name: 'upload-model',
    input: z.strictObject({ source: modelSource, takesEffectAt: instant.optional() }),
    output: networkModelSummary.extend({ warnings: z.array(modelProblem) }),
    callers: ['steward'],
  }),
  /** Approves a proposed version for every steward the caller may speak for. @throws forbidden, invalid-state */
  approveModel: defineRpc({
    service: 'commission',
    name: 'approve-model',
    input: z.strictObject({ version: modelVersion }),
    output: networkModelSummary,
    callers: ['person'],
  }),
  /**
   * What a text would have made of the sales paid in a month, against what stands; nothing is kept. One at a time, as it
   * splits every sale anew. @throws model-invalid, request-in-progress
   */
  simulateModel: defineRpc({
    service: 'commission',
    name: 'simulate-model',
    input: z.strictObject({ source: modelSource, month: statementMonth }),
    output: modelSimulation,
    callers: ['steward'],
    timeoutMs: 30_000,
  }),
  /** A version in the words of ValueFlows, as JSON-LD. @throws not-found */
  exportModel: defineRpc({
    service: 'commission',
    name: 'export-model',
    input: z.strictObject({ version: modelVersion }),
    output: z.looseObject({
      '@context': z.record(z.string(), z.unknown()),
      '@graph': z.array(z.looseObject({ '@id': z.string(), '@type': z.string() })),
    }),
    callers: ['anonymous'],
  }),
  checkModel: defineRpc({
    service: 'commission',
    name: 'check-model',
    input: z.strictObject({ source: modelSource }),
    output: z.object({
      isSound: z.boolean(),
      problems: z.array(modelProblem),
      plainWords: z.array(z.string()),
      /** As an SVG document; null when the model is not sound. */
      drawing: z.string().nullable(),
      /** By function at the stated needs; empty when none are stated or the text cannot be read. */
      nets: z.array(functionNet),
      /** One for each limit that any share counts towards. */
      worstCases: z.array(worstCase),
    }),
    callers: ['person'],
  }),
  /** Newest first. */
  listModels: defineRpc({
    service: 'commission',
    name: 'list-models',
    input: z.strictObject({ ...pageInput }),
    output: pageOf(networkModelSummary),
    callers: ['anonymous'],
  }),
  /** One version, or the one in force now. @throws not-found */
  getModel: defineRpc({
    service: 'commission',
    name: 'get-model',
    input: z.strictObject({ version: modelVersion.optional() }),
    output: networkModelView,
    callers: ['anonymous'],
  }),
  /** What a sale that may come would be split into, under the model in force at `sale.placedAt`. */
  previewSplit: defineRpc({
    service: 'commission',
    name: 'preview-split',
    input: z.strictObject({
      sale: capturedSale,
      attributions: z.array(attribution),
      hubs: z.array(managerShares),
    }),
    output: z.object({ modelVersion: z.int().min(0), standing: z.array(standingSplit) }),
    callers: ['anonymous'],
  }),
  /** The splits of an order that the caller has a part in; the buyer and stewards see all of them. */
  listOrderSplits: defineRpc({
    service: 'commission',
    name: 'list-order-splits',
    input: z.strictObject({ orderId: id }),
    output: z.object({ items: z.array(splitView), nextCursor: z.null() }),
    callers: ['person'],
  }),
  explainSplit: defineRpc({
    service: 'commission',
    name: 'explain-split',
    input: z.strictObject({ splitId: id }),
    output: splitExplanation,
    callers: ['person'],
  }),
  /** How long the earnings of these orders wait after the hand-over, by their own models; those not split yet are left out. */
  listHolds: defineRpc({
    service: 'commission',
    name: 'list-holds',
    input: z.strictObject({ instanceId: id, orderIds: z.array(id).min(1).max(200) }),
    output: z.object({ items: z.array(z.object({ orderId: id, holdDays: z.int().min(0) })) }),
    services: ['ledger'],
  }),
  /** What stands per order, capture and producer, in order of split id, for `npm run reconcile`. */
  listStanding: defineRpc({
    service: 'commission',
    name: 'list-standing',
    input: z.strictObject({
      cursor: z.string().max(200).optional(),
      limit: z.int().min(1).max(1_000).default(500),
    }),
    output: pageOf(splitView),
    callers: ['operator'],
    services: ['admin'],
    timeoutMs: 15_000,
  }),
};
