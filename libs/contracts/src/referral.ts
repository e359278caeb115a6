import { z } from 'zod';
import { firstSale, referralVia } from './events.js';
import { buyerRef, id, instant, textOf } from './primitives.js';

/** The letters of a referral code; what people mistake for one of them is read as it. */
const readAsCode = (text: string): string => {
  const letters = text
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  return letters.match(/.{1,4}/g)?.join('-') ?? '';
};

/** A referral code, however it was typed: `7k3m 9qwe 2rty xv5b` reads as `7K3M-9QWE-2RTY-XV5B`. */
export const referralCode = z
  .string()
  .max(40)
  .transform(readAsCode)
  .pipe(
    z.string().regex(/^[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}$/, {
      error: 'must be a code such as 7K3M-9QWE-2RTY-XV5B',
    }),
  );

/** A hub's signed link; `code` is what the link carries and what a person may type. */
export const referralLink = z.object({
  linkId: id,
  hubId: id,
  code: referralCode,
  label: z.string(),
  createdAt: instant,
  uses: z.int().min(0),
});
export type ReferralLink = z.output<typeof referralLink>;

/** What proves a referral: ids and instants only, never a name or a contact. */
export const referralEvidence = z.object({
  orderId: id,
  placedAt: instant,
  paidAt: instant,
  linkId: id.nullable(),
  usedAt: instant.nullable(),
  introductionId: id.nullable(),
  proposedAt: instant.nullable(),
  acceptedAt: instant.nullable(),
  /** What came earlier and was refused, and why. */
  refused: z.array(
    z.object({
      hubId: id,
      via: referralVia,
      reason: z.enum(['self-referral', 'existing-customer']),
    }),
  ),
});
export type ReferralEvidence = z.output<typeof referralEvidence>;

/** Who brought which buyer to which producer, how, when and on what evidence; its term is the network model's. */
export const referral = z.object({
  referralId: id,
  producerId: id,
  producerName: z.string(),
  hubId: id,
  hubName: z.string(),
  buyer: buyerRef,
  buyerName: z.string(),
  via: referralVia,
  boundAt: instant,
  state: z.enum(['standing', 'ended']),
  evidence: referralEvidence,
});
export type Referral = z.output<typeof referral>;

export const introductionState = z.enum(['proposed', 'accepted', 'refused']);
export type IntroductionState = z.output<typeof introductionState>;

/** A hub's proposal that it brings a buyer to a producer. */
export const introduction = z.object({
  introductionId: id,
  hubId: id,
  hubName: z.string(),
  producerId: id,
  buyer: buyerRef,
  buyerName: z.string(),
  state: introductionState,
  proposedAt: instant,
  answeredAt: instant.nullable(),
});
export type Introduction = z.output<typeof introduction>;

/**
 * A sale that may come, in the shape of a paid one (other fields are ignored): without `buyer` somebody
 * unknown, without `firstSale` what hubs knows of an earlier sale, else this one as the first.
 */
export const saleToPreview = z.object({
  hubId: id,
  buyer: buyerRef.nullish(),
  placedAt: instant.optional(),
  producers: z.array(z.object({ producerId: id, firstSale: firstSale.nullish() })).max(200),
});
export type SaleToPreview = z.output<typeof saleToPreview>;

export const referralLinkBody = z.strictObject({ label: textOf(80) });

/** For the caller when `enterpriseId` is left out. */
export const referralUseBody = z.strictObject({ enterpriseId: id.optional() });

export const introductionBody = z.strictObject({ producerId: id, buyer: buyerRef });
