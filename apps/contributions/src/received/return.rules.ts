import { DomainError, type GiverRef, type GiftState, type PayeeRef } from '@foodshed/contracts';

/** What of a payee's part decides whether and how it is given back. */
interface PartFacts {
  readonly giftId: string;
  readonly instanceId: string;
  readonly payee: PayeeRef;
  readonly giver: GiverRef;
  readonly isUnnamed: boolean;
  readonly amountMinor: number;
  readonly currency: string;
  readonly returns: string | null;
}

/**
 * The payee's part among those that came to the caller. @throws not-found where none did; invalid-input where none came to
 * this payee; invalid-state where it was nothing, or what came back
 */
export function partToReturn<P extends PartFacts>(own: readonly P[], payee: PayeeRef): P {
  if (own.length === 0) throw new DomainError('not-found', { detail: 'There is no such gift to you.' });
  const part = own.find((one) => one.payee.kind === payee.kind && one.payee.id === payee.id);
  if (!part) {
    throw new DomainError('invalid-input', {
      detail: 'Nothing of this gift came to them.',
      fields: [{ path: 'payee.id', message: 'is not one of yours that received it' }],
    });
  }
  if (part.returns !== null) {
    throw new DomainError('invalid-state', { detail: 'What came back is not given back again.' });
  }
  if (part.amountMinor > 0) return part;
  throw new DomainError('invalid-state', { detail: 'There is nothing to give back.' });
}

/** The gift that gives a part back, whole and without words; the name of who stays unnamed is not kept. */
export function returnOf(
  { giftId, instanceId, payee, giver, isUnnamed, amountMinor, currency }: PartFacts,
  of: { returnId: string; givenBy: string; name: string | null; now: string },
) {
  const receiver = {
    kind: giver.kind === 'enterprise' ? ('enterprise' as const) : ('person' as const),
    id: giver.id,
  };
  return {
    instanceId,
    giftId: of.returnId,
    giver: payee,
    receiver,
    receiverName: isUnnamed ? null : of.name,
    state: 'posting' as GiftState,
    amountMinor,
    platformPartMinor: 0,
    currency,
    source: 'balance' as const,
    hubId: null,
    holder: null,
    isUnnamed: false,
    message: '',
    answer: null,
    answeredAt: null,
    givenBy: of.givenBy,
    promisedAt: of.now,
    givenAt: of.now,
    transactionId: null,
    returns: giftId,
    hidesReceiver: isUnnamed,
    parts: [{ ...receiver, weight: 1, amountMinor }],
  };
}
