import { z } from 'zod';
import { currencyCode, id, isStorable, paymentMethod } from './primitives.js';

// The network model is one YAML file that people read and the program runs. Rates are written as people
// write them (`8.35 %`), amounts as decimals by currency (`{ EUR: 1.50 }`).

const name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, {
  error: 'must be a short name of lower-case letters, digits and hyphens',
});
const words = z
  .string()
  .min(1)
  .max(2_000)
  .refine(isStorable, { error: 'must not contain NUL or unpaired surrogate characters' });
const countryCode = z.string().regex(/^[A-Z]{2}$/, { error: 'must be an ISO 3166 code such as IT' });

/** `8.35 %`: a percentage with at most two places, in basis points after parsing. */
export const percentage = z
  .string()
  .regex(/^(?:100(?:\.0{1,2})?|\d{1,2}(?:\.\d{1,2})?) ?%$/, { error: 'must be a percentage such as 8.35 %' })
  .meta({ examples: ['8.35 %'] });

/** An amount per currency, such as `{ EUR: 1.50, GBP: 1.30 }`; never converted. */
const amounts = z.record(currencyCode, z.number().min(0).max(1_000_000));

export const modelCondition = z
  .strictObject({
    /** True: only for buyers whom a hub brought to this producer. */
    referred: z.boolean().optional(),
    /** Months from the binding of the referral, to the same local date, that day excluded. */
    withinMonths: z.int().min(1).max(600).optional(),
    buyers: z
      .array(z.enum(['person', 'enterprise']))
      .min(1)
      .optional(),
    paidBy: z.array(paymentMethod).min(1).optional(),
  })
  .meta({ id: 'Condition' });
export type ModelCondition = z.output<typeof modelCondition>;

const tier = z.strictObject({ from: z.number().min(0).max(1_000_000_000), rate: percentage });

/** One of `rate`, `tiers` and `perUnit`, with bounds. The first rule of a share whose condition holds applies. */
export const modelRule = z
  .strictObject({
    when: modelCondition.optional(),
    rate: percentage.optional(),
    /** Marginal, by calendar month, per producer and payee; lower bounds in the instance's currency. */
    tiers: z.array(tier).min(1).max(20).optional(),
    perUnit: amounts.optional(),
    minimum: amounts.optional(),
    cap: amounts.optional(),
  })
  .meta({ id: 'Rule' });
export type ModelRule = z.output<typeof modelRule>;

export const sharePayee = z.enum([
  'referring-hub-managers',
  'serving-hub-managers',
  'serving-hub',
  'administration',
  'developing',
  'payment-costs',
]);
export type SharePayee = z.output<typeof sharePayee>;

/** VAT on a share, as a line of its own. Only `standard` has a rate; the others say why there is none. */
export const shareVat = z.discriminatedUnion('treatment', [
  z.strictObject({
    treatment: z.literal('standard'),
    rate: percentage,
    country: countryCode,
    /** The hubs that are registered for VAT; others charge none. Left out, whoever is paid charges it. */
    registered: z.array(id).max(10_000).optional(),
  }),
  z.strictObject({
    treatment: z.enum(['exempt', 'reverse-charge', 'outside-scope']),
    reason: words,
    country: countryCode,
  }),
]);
export type ShareVat = z.output<typeof shareVat>;

export const modelShare = z
  .strictObject({
    id: name,
    function: name,
    payee: sharePayee,
    because: words.optional(),
    rules: z.array(modelRule).min(1).max(20),
    vat: shareVat.optional(),
  })
  .meta({ id: 'Share' });
export type ModelShare = z.output<typeof modelShare>;

const modelFlow = z
  .strictObject({
    id: name,
    from: name,
    to: name,
    what: words,
    /** `commons`: to what all instances share; `local` when left out. */
    scope: z.enum(['local', 'commons']).optional(),
    agreedBy: z.array(words).min(1),
  })
  .meta({ id: 'Flow' });

/** What is expected to happen in a period, and what it is worth to each function, in the instance's currency. */
export const modelNeed = z
  .strictObject({
    /** The flow that happens; left out for what a function spends or earns by itself, such as rent. */
    flow: name.optional(),
    what: words.optional(),
    times: z.int().min(0).max(1_000_000),
    /** Each time, by function: positive for what is gained, negative for what is given or spent. */
    worth: z.record(name, z.number().min(-1_000_000_000).max(1_000_000_000)),
  })
  .meta({ id: 'Need' });

/** How a later version comes into force: the notice it gives, and who may speak for each body of stewards. */
const modelApproval = z
  .strictObject({
    noticeDays: z.int().min(0).max(365).optional(),
    /** Ids of persons by steward; the instance's stewards speak for those who are not here. */
    speakers: z.record(words, z.array(id).min(1).max(50)).optional(),
  })
  .meta({ id: 'Approval' });

export const networkModel = z
  .strictObject({
    name: words,
    functions: z.record(
      name,
      z.strictObject({ does: words, stewards: z.array(words).min(1).max(20), earns: words.optional() }),
    ),
    /** What moves between functions, for people; each names who agreed to it. */
    flows: z.array(modelFlow).max(200).default([]),
    /** Ordered: what a limit cuts is cut from the later shares first. What is left is the residual's. */
    splits: z.strictObject({
      'paid-sale': z.strictObject({
        /** The function whose earnings are divided, and which the residual belongs to; `producing` when left out. */
        of: name.optional(),
        residual: z.literal('producer'),
        shares: z.array(modelShare).max(20),
      }),
    }),
    limits: z.strictObject({
      /** The most the platform's own shares may take of a producer's net goods, in any single split. */
      platformMaximum: percentage,
      /** The least of the net goods that stays with the producer, VAT on shares not counted. */
      producerMinimum: percentage.default('0 %'),
      /** How long earnings wait once an order is handed over, in days of 24 hours: a refund in that time voids them. */
      hold: z
        .string()
        .regex(/^(?:1 day|(?:0|[2-9]|[1-8]\d|90) days)$/, {
          error: 'must be 0 days to 90 days, such as 14 days',
        })
        .default('0 days'),
    }),
    needs: z.array(modelNeed).max(500).optional(),
    approval: modelApproval.optional(),
  })
  .meta({ id: 'NetworkModel', title: 'Foodshed network model' });
export type NetworkModel = z.output<typeof networkModel>;

/** The function that a sale's shares are taken from. */
export const dividedFunction = (model: NetworkModel): string => model.splits['paid-sale'].of ?? 'producing';

/** Basis points of a written percentage: `8.35 %` is 835. */
export function percentageBps(text: string): number {
  const [whole = '0', places = ''] = text.replace('%', '').trim().split('.');
  return Number(whole) * 100 + Number(places.padEnd(2, '0'));
}

/** Whether a share counts as the platform's: all that the network's stewards dispose of is under its cap. */
export function isOfPlatform(payee: SharePayee): boolean {
  return payee === 'administration' || payee === 'developing';
}

/** The days of a written hold: `14 days` is 14. */
export function holdDaysOf(model: NetworkModel): number {
  return Number.parseInt(model.limits.hold, 10);
}
