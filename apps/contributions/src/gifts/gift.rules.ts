import {
  DomainError,
  hasRole,
  managesEnterprise,
  type AccountRef,
  type Caller,
  type ExpectedBooking,
  type FieldProblem,
  type GiftBody,
  type GiftReceiptBody,
  type GiftSource,
  type GiftState,
  type GiverRef,
  type LedgerGift,
  type MoneyHolder,
  type PayeeRef,
  type PersonCaller,
} from '@foodshed/contracts';
import { allocate } from '@foodshed/money';

/** Who is paid of a gift, and their weight among the others. */
export interface Payee extends PayeeRef {
  readonly weight: number;
}

/** What one of them gets of it; 0 where the gift is too small to divide. */
export interface Part extends Payee {
  readonly amountMinor: number;
}

/** Whether the caller may give for this giver: for oneself, as a manager, as a steward of the instance. */
export function speaksFor(
  caller: Caller,
  { instanceId, giver }: { instanceId: string; giver: GiverRef },
): boolean {
  if (caller.kind !== 'person') return false;
  if (giver.kind === 'person') return giver.id === caller.personId;
  if (caller.instance.id !== instanceId) return false;
  if (giver.kind === 'enterprise') return managesEnterprise(caller, giver.id);
  return giver.id === instanceId && hasRole(caller, 'steward');
}

/** @throws forbidden unless the caller may give for the giver. */
export function requireVoice(caller: PersonCaller, gift: { instanceId: string; giver: GiverRef }): void {
  if (speaksFor(caller, gift)) return;
  const who = { person: 'that person', enterprise: 'its managers', instance: 'its stewards' };
  throw new DomainError('forbidden', {
    detail: `Only ${who[gift.giver.kind]} may give for this giver.`,
    fields: [{ path: 'giver', message: 'is not yours to speak for' }],
  });
}

/** @throws invalid-input where the source is not one of this giver, or the hub does not belong to the source. */
export function requireSource({ giver, receiver, source, hubId }: GiftBody): void {
  const fields: FieldProblem[] = [];
  const isInstance = giver.kind === 'instance';
  const isForDeveloping = receiver.kind === 'pitch' || receiver.kind === 'team';
  if (source === 'administration' && !isInstance)
    fields.push({ path: 'source', message: 'must be balance, transfer or cash for this giver' });
  if (source === 'balance' && isInstance && !isForDeveloping)
    fields.push({ path: 'source', message: 'must not be the fund for developing: that is for pitches only' });
  if (source === 'cash' && hubId === undefined)
    fields.push({ path: 'hubId', message: 'must say in which hub the cash is handed over' });
  if (source !== 'cash' && hubId !== undefined)
    fields.push({ path: 'hubId', message: 'belongs to cash only' });
  if (fields.length === 0) return;
  throw new DomainError('invalid-input', { detail: 'The gift cannot come from there.', fields });
}

/** True when the caller is one of the payees, or manages one that is. */
export function isPaid(
  payees: readonly PayeeRef[],
  caller: { personId: string; enterpriseIds: readonly string[] },
): boolean {
  return payees.some(({ kind, id }) =>
    kind === 'person' ? id === caller.personId : caller.enterpriseIds.includes(id),
  );
}

/**
 * @throws invalid-input where the giver would be paid of the own gift; forbidden where the caller would be, with money
 * of an enterprise or an instance.
 */
export function requireOthers(giver: GiverRef, payees: readonly PayeeRef[], caller: PersonCaller): void {
  const fields = [{ path: 'receiver.id', message: 'must be somebody else' }];
  if (payees.some(({ kind, id }) => kind === giver.kind && id === giver.id)) {
    throw new DomainError('invalid-input', { detail: 'Nobody gives to themselves.', fields });
  }
  if (giver.kind !== 'person' && isPaid(payees, caller)) {
    throw new DomainError('forbidden', {
      detail: 'What is not yours alone you cannot give to yourself.',
      fields,
    });
  }
}

/**
 * Divides a gift among its payees by their weights, to the cent: `allocate`, so 10.00 among three equal ones is
 * 3.34, 3.33, 3.33. The parts are in the order of the payees and add up to the gift; one may be 0.
 */
export function partsOf(amountMinor: number, payees: readonly Payee[]): Part[] {
  const amounts = allocate(
    amountMinor,
    payees.map(({ weight }) => weight),
  );
  return payees.map(({ kind, id, weight }, index) => ({ kind, id, weight, amountMinor: amounts[index]! }));
}

/**
 * What the receiver and the platform get of money that came for a promise: the receiver first, then the platform at
 * most what the giver said; whatever came beyond it is the receiver's. They add up to what came.
 */
export function dividedReceipt(
  receivedMinor: number,
  { amountMinor, platformPartMinor }: { amountMinor: number; platformPartMinor: number },
): { amountMinor: number; platformPartMinor: number } {
  const forPlatform = Math.min(platformPartMinor, Math.max(0, receivedMinor - amountMinor));
  return { amountMinor: receivedMinor - forPlatform, platformPartMinor: forPlatform };
}

/** Whose hands the money of a promise came into. */
export type GiftHolder = GiftReceiptBody['holder'];

/** What decides who may say that the money of a promise came. */
export interface GiftPromise {
  readonly instanceId: string;
  readonly giver: GiverRef;
  readonly source: GiftSource;
  readonly hubId: string | null;
}

/** Whether the caller may record it: of cash a manager of the hub that has it, of a transfer a steward. */
export function mayRecord(caller: Caller, { instanceId, source, hubId }: GiftPromise): boolean {
  if (caller.kind !== 'person' || caller.instance.id !== instanceId) return false;
  return source === 'cash' ? hubId !== null && managesEnterprise(caller, hubId) : hasRole(caller, 'steward');
}

/**
 * @throws forbidden unless the caller may record it and is not paid of a transfer; invalid-input where the money
 * cannot be in those hands. A hub that gives its own cash away owes it, so its managers may be paid of it.
 */
export function requireRecorder(
  caller: PersonCaller,
  promise: GiftPromise & { payees: readonly PayeeRef[] },
  holder: GiftHolder,
): void {
  if (!mayRecord(caller, promise)) {
    throw new DomainError('forbidden', {
      detail: 'Only who has the money can say that it came: the hub for cash, a steward for a transfer.',
    });
  }
  if ((holder === 'hub-till') !== (promise.source === 'cash')) {
    throw new DomainError('invalid-input', {
      detail: 'The money cannot be in those hands.',
      fields: [
        {
          path: 'holder',
          message:
            promise.source === 'cash' ? 'must be hub-till for cash' : 'must be instance-bank or provider',
        },
      ],
    });
  }
  if (promise.source === 'transfer' && isPaid(promise.payees, caller)) {
    throw new DomainError('forbidden', { detail: 'Another steward must record what is given to you.' });
  }
}

/** A gift as it is asked of the ledger. */
export interface PostedGift extends GiftPromise {
  readonly giftId: string;
  readonly holder: GiftHolder | null;
  readonly parts: readonly Part[];
  readonly platformPartMinor: number;
  readonly currency: string;
  readonly givenAt: string;
}

/** Whose hands the money of a gift came into, as every part of the system names them; null when it was there before. */
export function holderOf({ instanceId, holder, hubId }: PostedGift): MoneyHolder | null {
  if (holder === 'hub-till') return { kind: holder, hubId: hubId! };
  return holder && { kind: holder, instanceId };
}

/** The account a gift comes from: the giver's own, or of those who have the money that came. */
export function sourceAccount(gift: PostedGift): AccountRef {
  const { instanceId, giver, source, hubId, holder, currency } = gift;
  const instance = { kind: 'instance', id: instanceId } as const;
  if (holder === 'hub-till') return { owner: { kind: 'enterprise', id: hubId! }, purpose: 'till', currency };
  if (holder !== null)
    return { owner: instance, purpose: holder === 'provider' ? 'provider' : 'bank', currency };
  if (giver.kind !== 'instance') return { owner: giver, purpose: 'pending', currency };
  return { owner: giver, purpose: source === 'administration' ? 'administration' : 'developing', currency };
}

/** The gift as the ledger takes it: its id is the business key, the platform's part a line of its own. */
export function ledgerGiftOf(gift: PostedGift): LedgerGift {
  const { instanceId, giftId, givenAt, platformPartMinor, currency } = gift;
  const parts = gift.parts
    .filter(({ amountMinor }) => amountMinor > 0)
    .map(({ kind, id, amountMinor }) => ({
      account: { owner: { kind, id }, purpose: 'pending' as const, currency },
      amountMinor,
      line: 'gift' as const,
    }));
  const owner = { kind: 'instance' as const, id: instanceId };
  const platform = {
    account: { owner, purpose: 'administration' as const, currency },
    amountMinor: platformPartMinor,
    line: 'platform-part' as const,
  };
  return {
    instanceId,
    giftId,
    occurredAt: givenAt,
    from: sourceAccount(gift),
    parts: platformPartMinor > 0 ? [...parts, platform] : parts,
  };
}

/** What the ledger should have of a gift: nothing before it is asked, and not for certain before it answered. */
export function expectedOfGift(gift: PostedGift & { state: GiftState }): ExpectedBooking[] {
  if (gift.state !== 'given' && gift.state !== 'posting') return [];
  const { giftId, from, parts } = ledgerGiftOf(gift);
  const total = parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const totals = [
    { account: from, amountMinor: total },
    ...parts.map(({ account, amountMinor }) => ({ account, amountMinor: -amountMinor })),
  ];
  return [{ key: `gift:${giftId}`, totals, isCertain: gift.state === 'given' }];
}
