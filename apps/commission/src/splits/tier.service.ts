import type { AttributedSale, NetworkModel } from '@foodshed/contracts';
import type { Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { type Advance, correctPosition, type SaleKey, type StoredSplit } from './advance.rules.js';
import { goodsTotals } from './split.rules.js';
import { lockSales, readSales, readSplits } from './split.store.js';
import { tieredShares, type TierMonth, tierMonthOf } from './tier.rules.js';
import { lockMonth, positionBefore, recordPosition, salesAfter } from './tier.store.js';

interface Placed {
  positionOf: (producerId: string, shareId: string) => number;
  /** Months in which this sale is new or other than assumed, so that later sales move. */
  moved: TierMonth[];
}

/** Keeps the positions of sales in their months, and splits later ones anew when an earlier one arrives late. */
@Injectable()
export class TierService {
  /** Records a sale in the months of its tiered shares; the months stay locked until the transaction ends. */
  async place(tx: Tx, instanceId: string, attributed: AttributedSale, model: NetworkModel): Promise<Placed> {
    const { sale } = attributed;
    const key = { instanceId, orderId: sale.orderId, captureId: sale.capture.captureId, paidAt: sale.paidAt };
    const positions = new Map<string, number>();
    const moved: TierMonth[] = [];
    for (const producer of sale.producers) {
      for (const share of tieredShares(model)) {
        const month = tierMonthOf({ instanceId, attributed, producerId: producer.producerId, share });
        if (!month) continue;
        await lockMonth(tx, month);
        const { netMinor } = goodsTotals(producer.goods);
        const isMoved = await recordPosition(tx, month, { ...key, netMinor, version: sale.version });
        if (isMoved) moved.push(month);
        positions.set(`${producer.producerId} ${share.id}`, await positionBefore(tx, month, key));
      }
    }
    return { moved, positionOf: (producerId, shareId) => positions.get(`${producerId} ${shareId}`) ?? 0 };
  }

  /** Positions that a sale paid last in its month would have; nothing is written. */
  async preview(
    tx: Tx,
    instanceId: string,
    attributed: AttributedSale,
    model: NetworkModel | undefined,
  ): Promise<Placed['positionOf']> {
    const positions = new Map<string, number>();
    const { sale } = attributed;
    const key = { instanceId, orderId: sale.orderId, captureId: sale.capture.captureId, paidAt: sale.paidAt };
    for (const share of model ? tieredShares(model) : []) {
      for (const { producerId } of sale.producers) {
        const month = tierMonthOf({ instanceId, attributed, producerId, share });
        if (month) positions.set(`${producerId} ${share.id}`, await positionBefore(tx, month, key));
      }
    }
    return (producerId, shareId) => positions.get(`${producerId} ${shareId}`) ?? 0;
  }

  /** The corrections of every sale that comes after this one in the months that moved; splits are not saved yet. */
  async correctLater(
    tx: Tx,
    key: SaleKey,
    attributed: AttributedSale,
    moved: readonly TierMonth[],
  ): Promise<Advance[]> {
    const corrections: Advance[] = [];
    const { paidAt } = attributed.sale;
    for (const month of moved) {
      const later = await salesAfter(tx, month, { ...key, paidAt });
      if (later.length === 0) continue;
      const [, sales, present] = await Promise.all([
        lockSales(tx, later),
        readSales(tx, later),
        readSplits(tx, later),
      ]);
      const splits = withCorrections(present, corrections);
      for (const { orderId, captureId, sale, instanceId } of sales) {
        if (!sale) continue;
        const own = splits.filter((split) => split.orderId === orderId && split.captureId === captureId);
        const positionMinor = await positionBefore(tx, month, {
          instanceId,
          orderId,
          captureId,
          paidAt: sale.paidAt,
        });
        const moves = { producerId: month.producerId, shareId: month.shareId, positionMinor };
        const correction = correctPosition(sale, own, moves);
        if (correction) corrections.push(correction);
      }
    }
    return corrections;
  }
}

/** The splits as they are after the corrections made so far in this transaction. */
function withCorrections(splits: readonly StoredSplit[], corrections: readonly Advance[]): StoredSplit[] {
  const corrected = new Map(
    corrections.flatMap(({ splits: list }) => list.map((split) => [split.splitId, split])),
  );
  return splits.map((split) => corrected.get(split.splitId) ?? split);
}
