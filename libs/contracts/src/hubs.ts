import { z } from 'zod';
import { defineRpc } from './define.js';
import {
  enterprise,
  enterpriseChanges,
  existingCustomers,
  managersChange,
  managersOf,
  newEnterprise,
} from './enterprise.js';
import { attribution, managerShares } from './events.js';
import { managerRpc } from './manager.js';
import { buyerRef, done, id, instant, pageInput, pageOf, slug } from './primitives.js';
import {
  introduction,
  introductionBody,
  referral,
  referralCode,
  referralLink,
  referralLinkBody,
  referralUseBody,
  saleToPreview,
} from './referral.js';

const ofEnterprise = { enterpriseId: id };
const everybody = ['anonymous', 'person'] as const;
const enterpriseReaders = [
  'gateway',
  'orders',
  'commission',
  'ledger',
  'developers',
  'contributions',
  'admin',
] as const;

export const hubsRpc = {
  registerEnterprise: defineRpc({
    service: 'hubs',
    name: 'register-enterprise',
    input: newEnterprise,
    output: z.object({ enterpriseId: id, slug }),
    callers: ['person'],
  }),
  editEnterprise: defineRpc({
    service: 'hubs',
    name: 'edit-enterprise',
    input: z.strictObject({ ...ofEnterprise, changes: enterpriseChanges }),
    output: z.object({ enterpriseId: id, slug }),
    callers: ['person'],
  }),
  /** By id or slug. */
  getEnterprise: defineRpc({
    service: 'hubs',
    name: 'get-enterprise',
    input: z.strictObject({ enterprise: z.union([id, slug]) }),
    output: enterprise,
    callers: everybody,
  }),
  /** By name; `managed` gives the caller's own only. */
  listEnterprises: defineRpc({
    service: 'hubs',
    name: 'list-enterprises',
    input: z.strictObject({
      ...pageInput,
      role: z.enum(['hub', 'producer']).optional(),
      managed: z.boolean().default(false),
      ids: z.array(id).max(200).optional(),
    }),
    output: pageOf(enterprise),
    callers: everybody,
  }),
  /** Enterprises by id, for services, which call outside any instance; unknown ids are left out. */
  getEnterprises: defineRpc({
    service: 'hubs',
    name: 'get-enterprises',
    input: z.strictObject({ instanceId: id, enterpriseIds: z.array(id).max(200) }),
    output: z.object({
      items: z.array(enterprise.omit({ contact: true, contactPublished: true, description: true })),
    }),
    services: enterpriseReaders,
  }),
  ...managerRpc,
  /** Among those who manage it already. */
  setManagers: defineRpc({
    service: 'hubs',
    name: 'set-managers',
    input: z.strictObject({ ...ofEnterprise, change: managersChange }),
    output: done,
    callers: ['person'],
  }),
  /** The present managers first, then what is to come; past ones last, newest first. */
  listManagers: defineRpc({
    service: 'hubs',
    name: 'list-managers',
    input: z.strictObject(ofEnterprise),
    output: z.object({
      current: managersOf.nullable(),
      coming: z.array(managersOf),
      past: z.array(managersOf),
    }),
    callers: ['person'],
  }),
  /** The enterprises a person manages now, for the token that admin issues. */
  listManagedEnterprises: defineRpc({
    service: 'hubs',
    name: 'list-managed-enterprises',
    input: z.strictObject({ instanceId: id, personId: id }),
    output: z.object({ enterpriseIds: z.array(id) }),
    services: ['admin'],
  }),
  /** Which hubs people run or ran with a share; those who never did are left out. */
  listHubsOfManagers: defineRpc({
    service: 'hubs',
    name: 'list-hubs-of-managers',
    input: z.strictObject({ instanceId: id, personIds: z.array(id).max(10_000) }),
    output: z.object({ items: z.array(z.object({ personId: id, hubIds: z.array(id) })) }),
    services: ['ledger'],
  }),
  createReferralLink: defineRpc({
    service: 'hubs',
    name: 'create-referral-link',
    input: referralLinkBody.extend({ hubId: id }),
    output: referralLink,
    callers: ['person'],
  }),
  listReferralLinks: defineRpc({
    service: 'hubs',
    name: 'list-referral-links',
    input: z.strictObject({ ...pageInput, hubId: id }),
    output: pageOf(referralLink),
    callers: ['person'],
  }),
  /** Whose link it is, before it is used. */
  getReferralLink: defineRpc({
    service: 'hubs',
    name: 'get-referral-link',
    input: z.strictObject({ code: referralCode }),
    output: z.object({ code: referralCode, hubId: id, hubName: z.string(), hubSlug: slug }),
    callers: everybody,
  }),
  /** For the caller or an enterprise they manage; a second use of the same link answers with the first. */
  useReferralLink: defineRpc({
    service: 'hubs',
    name: 'use-referral-link',
    input: referralUseBody.extend({ code: referralCode }),
    output: z.object({
      hubId: id,
      hubName: z.string(),
      hubSlug: slug,
      usedAt: instant,
      countsUntil: instant,
    }),
    callers: ['person'],
  }),
  listHubReferrals: defineRpc({
    service: 'hubs',
    name: 'list-hub-referrals',
    input: z.strictObject({ ...pageInput, hubId: id }),
    output: pageOf(referral),
    callers: ['person'],
  }),
  listProducerReferrals: defineRpc({
    service: 'hubs',
    name: 'list-producer-referrals',
    input: z.strictObject({ ...pageInput, producerId: id }),
    output: pageOf(referral),
    callers: ['person'],
  }),
  /** The same list twice adds nobody twice; the first time stands. */
  addExistingCustomers: defineRpc({
    service: 'hubs',
    name: 'add-existing-customers',
    input: z.strictObject({ producerId: id, list: existingCustomers }),
    output: z.object({ added: z.int().min(0), alreadyListed: z.int().min(0), listedAt: instant }),
    callers: ['person'],
    timeoutMs: 15_000,
  }),
  proposeIntroduction: defineRpc({
    service: 'hubs',
    name: 'propose-introduction',
    input: introductionBody.extend({ hubId: id }),
    output: introduction,
    callers: ['person'],
  }),
  listIntroductions: defineRpc({
    service: 'hubs',
    name: 'list-introductions',
    input: z.strictObject({ ...pageInput, producerId: id }),
    output: pageOf(introduction),
    callers: ['person'],
  }),
  acceptIntroduction: defineRpc({
    service: 'hubs',
    name: 'accept-introduction',
    input: z.strictObject({ introductionId: id }),
    output: introduction,
    callers: ['person'],
  }),
  refuseIntroduction: defineRpc({
    service: 'hubs',
    name: 'refuse-introduction',
    input: z.strictObject({ introductionId: id }),
    output: introduction,
    callers: ['person'],
  }),
  /** Names of buyers whom an enterprise of the caller's serves or brought; others are left out. */
  getBuyers: defineRpc({
    service: 'hubs',
    name: 'get-buyers',
    input: z.strictObject({ ids: z.array(id).min(1).max(200) }),
    output: z.object({ items: z.array(z.object({ buyer: buyerRef, displayName: z.string() })) }),
    callers: ['person'],
  }),
  /** Who would be the referrer now, and the shares as of now: for a quote, which changes nothing. */
  previewAttribution: defineRpc({
    service: 'hubs',
    name: 'preview-attribution',
    input: saleToPreview,
    output: z.object({ attributions: z.array(attribution), hubs: z.array(managerShares) }),
    callers: everybody,
    services: [],
  }),
};
