import type {
  AccountRef,
  AttributedSale,
  commissionEvents,
  EventData,
  NetworkModel,
  CapturedSale,
  PostingCommand,
  StandingSplit,
} from '@foodshed/contracts';
import { type FrozenSplit, freeze, type FreezeInput } from './split.rules.js';
import { commandFor, figuresOf, otherEntries, saleEntries, standingOf } from './standing.rules.js';

/** What names one capture of an order; an order belongs to one instance. */
export interface SaleKey {
  instanceId: string;
  orderId: string;
  captureId: string;
}

/** A capture as it is posted; `version` 0 and no sale before the first. */
export interface StoredSale extends SaleKey {
  version: number;
  sale: CapturedSale | null;
}

/** One producer's split with the facts that froze it. */
export interface StoredSplit extends SaleKey {
  splitId: string;
  producerId: string;
  version: number;
  revision: number;
  currency: string;
  frozen: FrozenSplit;
  attribution: AttributedSale['attributions'][number];
  standing: StandingSplit;
}

/** What a newer version of a capture changes: the splits to keep, the sale, and the event with the differences. */
export interface Advance {
  splits: StoredSplit[];
  event: EventData<typeof commissionEvents.split>;
}

export interface AdvanceInput {
  attributed: AttributedSale;
  stored: StoredSale;
  /** The splits that are posted for this capture; empty for a new one. */
  present: readonly StoredSplit[];
  model: { version: number; model: NetworkModel } | undefined;
  /** Ids for splits that are new, by producer. */
  newSplitId: (producerId: string) => string;
  positionMinor: (producerId: string) => FreezeInput['positionMinor'];
}

function frozenFor(input: AdvanceInput, producerId: string): FrozenSplit {
  return freeze({
    model: input.model?.model ?? null,
    modelVersion: input.model?.version ?? 0,
    instanceId: input.stored.instanceId,
    attributed: input.attributed,
    producerId,
    positionMinor: input.positionMinor(producerId),
  });
}

function splitFor(input: AdvanceInput, producerId: string): StoredSplit {
  const { sale, attributions } = input.attributed;
  const present = input.present.find((split) => split.producerId === producerId);
  const goods = sale.producers.find((producer) => producer.producerId === producerId)?.goods ?? [];
  const frozen = present?.frozen ?? frozenFor(input, producerId);
  const { instanceId, orderId, captureId } = input.stored;
  return {
    instanceId,
    orderId,
    captureId,
    producerId,
    splitId: present?.splitId ?? input.newSplitId(producerId),
    version: sale.version,
    revision: present?.revision ?? 0,
    currency: sale.currency,
    frozen,
    attribution: present?.attribution ??
      attributions.find((attribution) => attribution.producerId === producerId) ?? {
        producerId,
        referral: null,
      },
    standing: standingOf(producerId, sale.currency, frozen, goods),
  };
}

/**
 * Target − posted for a newer version of a capture, at the rates frozen when it was first seen. The caller
 * has checked that `sale.version` is above the stored one.
 */
export function advance(input: AdvanceInput): Advance {
  const { sale } = input.attributed;
  const before = input.stored.sale;
  const producerIds = new Set([
    ...sale.producers.map((producer) => producer.producerId),
    ...input.present.map((split) => split.producerId),
  ]);
  const splits = [...producerIds].sort().map((producerId) => splitFor(input, producerId));
  const key = {
    orderId: sale.orderId,
    captureId: sale.capture.captureId,
    version: sale.version,
    revision: 0,
  };
  const saleCommands = splits.flatMap((split): PostingCommand[] => {
    const posted = input.present.find((present) => present.producerId === split.producerId);
    return commandFor(
      { ...key, kind: 'sale', producerId: split.producerId },
      sale.changedAt,
      saleEntries(sale, split.standing),
      posted && before ? saleEntries(before, posted.standing) : [],
    );
  });
  const others = (['hub-fee', 'surplus'] as const).flatMap((line): PostingCommand[] => {
    const amountOf = (of: typeof sale): number =>
      line === 'hub-fee' ? of.hubFeeMinor : of.capture.surplusMinor;
    return commandFor(
      { ...key, kind: line, producerId: null },
      sale.changedAt,
      otherEntries(sale, line, amountOf(sale)),
      before ? otherEntries(before, line, amountOf(before)) : [],
    );
  });
  return { splits, event: splitEvent(sale, splits, [...saleCommands, ...others]) };
}

/** The event for what stands of a capture now and what is to be posted for it; each account stands in it once. */
export function splitEvent(
  sale: AttributedSale['sale'],
  splits: readonly StoredSplit[],
  commands: readonly PostingCommand[],
): Advance['event'] {
  const { accounts, numberOf } = accountList();
  return {
    orderId: sale.orderId,
    captureId: sale.capture.captureId,
    version: sale.version,
    revision: splits.reduce((sum, split) => sum + split.revision, 0),
    hubId: sale.hubId,
    currency: sale.currency,
    placedAt: sale.placedAt,
    paidAt: sale.paidAt,
    modelVersion: splits[0]?.frozen.modelVersion ?? 0,
    changedAt: sale.changedAt,
    standing: splits.map((split) => figuresOf(split.standing)),
    hubFeeMinor: sale.hubFeeMinor,
    commands: commands.map(({ key, entries }) => ({
      kind: key.kind,
      producerId: key.producerId,
      revision: key.revision,
      entries: entries.map((entry) => ({ ...entry, account: numberOf(entry.account) })),
    })),
    accounts,
  };
}

/** A list that accounts join as they are named, each once. */
function accountList(): {
  accounts: Advance['event']['accounts'];
  numberOf: (account: AccountRef) => number;
} {
  const accounts: Advance['event']['accounts'] = [];
  const known = new Map<string, number>();
  const numberOf = (account: AccountRef): number => {
    const { owner, purpose, currency } = account;
    const name = `${owner.id}${owner.kind}:${purpose}:${currency}`;
    const number = known.get(name) ?? accounts.length;
    if (number === accounts.length) {
      known.set(name, number);
      accounts.push({ number, account });
    }
    return number;
  };
  return { accounts, numberOf };
}

/** A later sale of the month whose tier position moved: the same version, split anew, as a correction. */
export function correctPosition(
  sale: AttributedSale['sale'],
  splits: readonly StoredSplit[],
  moved: { producerId: string; shareId: string; positionMinor: number },
): Advance | null {
  const split = splits.find((candidate) => candidate.producerId === moved.producerId);
  const share = split?.frozen.shares.find((candidate) => candidate.shareId === moved.shareId);
  if (!split || share?.rate.kind !== 'tiers' || share.rate.positionMinor === moved.positionMinor) return null;
  const rate = { ...share.rate, positionMinor: moved.positionMinor };
  const frozen = {
    ...split.frozen,
    shares: split.frozen.shares.map((other) => (other === share ? { ...share, rate } : other)),
  };
  const goods = sale.producers.find((producer) => producer.producerId === moved.producerId)?.goods ?? [];
  const revision = split.revision + 1;
  const corrected: StoredSplit = {
    ...split,
    frozen,
    revision,
    standing: standingOf(moved.producerId, sale.currency, frozen, goods),
  };
  const commands = commandFor(
    {
      kind: 'tier-correction',
      orderId: sale.orderId,
      captureId: sale.capture.captureId,
      producerId: moved.producerId,
      version: sale.version,
      revision,
    },
    sale.changedAt,
    saleEntries(sale, corrected.standing),
    saleEntries(sale, split.standing),
  );
  const all = splits.map((other) => (other === split ? corrected : other));
  return { splits: [corrected], event: splitEvent(sale, all, commands) };
}
