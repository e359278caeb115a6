import { z } from 'zod';

/** A lone surrogate cannot be stored as UTF-8 and NUL cannot be stored by Postgres: both are refused at the edge. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** Text people typed: trimmed, storable, between `min` and `max` UTF-16 units. */
export const textOf = (max: number, min = 1) =>
  z
    .string()
    .max(max)
    .refine(isStorable, { error: 'must not contain NUL or unpaired surrogate characters' })
    .transform((text) => text.trim())
    .pipe(z.string().min(min));

export const id = z.uuid();
/** An instant, UTC, ISO 8601 with milliseconds. */
export const instant = z.iso.datetime();
/** A calendar date in the instance's time zone, `YYYY-MM-DD`. */
export const dateOnly = z.iso.date();
export const currencyCode = z.string().regex(/^[A-Z]{3}$/, { error: 'must be an ISO 4217 code such as EUR' });
/** Minor units of a currency, never negative. */
export const amountMinor = z.int().min(0);
/** Minor units of a currency, either sign. */
export const signedMinor = z.int();
/** Basis points: 835 = 8.35 %. */
export const rateBps = z.int().min(0).max(10_000);
/** A short name for addresses; where an id may stand as well, nothing is both. */
export const slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
    error: 'must be 1 to 63 lower-case letters, digits or hyphens',
  })
  .refine((text) => !id.safeParse(text).success, { error: 'must not look like an id' });
export const email = z
  .string()
  .max(254)
  .refine(isStorable)
  .transform((text) => text.trim().toLowerCase())
  .pipe(z.email());
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{8,128}$/, {
  error: 'must be 8 to 128 printable ASCII characters without spaces',
});

export const pageInput = {
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};
/** A page of a list; `nextCursor` is null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** The customer of a sale. Ids only: names and contacts stay in hubs and admin. */
export const buyerRef = z.strictObject({ kind: z.enum(['person', 'enterprise']), id });
export type BuyerRef = z.output<typeof buyerRef>;

/** A pitch owns nothing for long: what it is paid goes on to its team in the same batch. */
export const accountOwner = z.strictObject({
  kind: z.enum(['person', 'enterprise', 'instance', 'pitch']),
  id,
});
export const accountPurpose = z.enum([
  'bank',
  'till',
  'provider',
  'pending',
  'available',
  'administration',
  'developing',
  'payouts',
  'payment-costs',
  'buyer-credit',
]);
/** An account by its meaning. `bank`, `till` and `provider` hold money; the others owe it to their owner. */
export const accountRef = z.strictObject({
  owner: accountOwner,
  purpose: accountPurpose,
  currency: currencyCode,
});
export type AccountRef = z.output<typeof accountRef>;

/** Whose hands the money of a capture is in; cash a hub collected is that hub's debt. */
export const moneyHolder = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('instance-bank'), instanceId: id }),
  z.strictObject({ kind: z.literal('hub-till'), hubId: id }),
  z.strictObject({ kind: z.literal('provider'), instanceId: id }),
]);
export type MoneyHolder = z.output<typeof moneyHolder>;
export const paymentMethod = z.enum(['bank-transfer', 'cash', 'card']);
export type PaymentMethod = z.output<typeof paymentMethod>;

/** What an empty success answers with. */
export const done = z.object({});
