import {
  type AttributedSale,
  commissionEvents,
  type CallContext,
  type commissionRpc,
  requireInstance,
  type RpcInput,
  type RpcOutput,
} from '@foodshed/contracts';
import { Database, newId, Outbox, type OutgoingEvent, type ReceivedEvent, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { modelAt } from '../models/model.rules.js';
import { holdModels, modelsOf, type StoredModel } from '../models/model.store.js';
import { advance, type Advance, type SaleKey, type StoredSale, type StoredSplit } from './advance.rules.js';
import { freeze } from './split.rules.js';
import { lockSales, readSales, readSplits, saveSales, saveSplits } from './split.store.js';
import { standingOf } from './standing.rules.js';
import { hasTiers } from './tier.rules.js';
import { TierService } from './tier.service.js';

type Attributed = ReceivedEvent<AttributedSale>;

const keyOf = ({ instanceId, data }: Attributed): SaleKey => ({
  instanceId,
  orderId: data.sale.orderId,
  captureId: data.sale.capture.captureId,
});
const nameOf = (key: SaleKey): string => `${key.instanceId} ${key.orderId} ${key.captureId}`;

/** A capture of which nothing is posted. */
const unseen = (key: SaleKey): StoredSale => ({ ...key, version: 0, sale: null });

/** Of each capture the highest version in a batch; lower ones would be overtaken in the same transaction. */
function highestVersions(events: readonly Attributed[]): Attributed[] {
  const highest = new Map<string, Attributed>();
  for (const event of events) {
    const name = nameOf(keyOf(event));
    const other = highest.get(name);
    if (!other || other.data.sale.version < event.data.sale.version) highest.set(name, event);
  }
  return [...highest.values()];
}

/** Turns attributed sales into splits: what everybody should have, less what was posted before. */
@Injectable()
export class SplitService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly tiers: TierService,
  ) {}

  /**
   * Splits a batch. Without tiered shares the number of statements does not depend on the number of events; a
   * version that is not above the posted one changes nothing.
   */
  async split(tx: Tx, events: readonly Attributed[]): Promise<void> {
    const instanceIds = events.map(({ instanceId }) => instanceId);
    const [, models] = await Promise.all([holdModels(tx, instanceIds), modelsOf(tx, instanceIds)]);
    const modelOf = (event: Attributed): StoredModel | undefined =>
      modelAt(models, event.instanceId, event.data.sale.placedAt);
    const tiered = events.filter((event) => hasTiers(modelOf(event)?.model));
    await this.#splitTogether(
      tx,
      highestVersions(events.filter((event) => !tiered.includes(event))),
      modelOf,
    );
    for (const event of tiered.sort((a, b) => a.data.sale.version - b.data.sale.version)) {
      await this.#splitTiered(tx, event, modelOf(event)!);
    }
  }

  async #splitTogether(
    tx: Tx,
    events: readonly Attributed[],
    modelOf: (event: Attributed) => StoredModel | undefined,
  ): Promise<void> {
    if (events.length === 0) return;
    const keys = events.map(keyOf);
    // Statements that do not wait for each other's rows travel together; Postgres runs them in this order.
    const [, sales, splits] = await Promise.all([
      lockSales(tx, keys),
      readSales(tx, keys),
      readSplits(tx, keys),
    ]);
    const stored = new Map(sales.map((sale) => [nameOf(sale), sale]));
    const present = new Map<string, StoredSplit[]>();
    for (const split of splits) present.set(nameOf(split), [...(present.get(nameOf(split)) ?? []), split]);
    const newer = events.filter(
      (event) => event.data.sale.version > (stored.get(nameOf(keyOf(event)))?.version ?? 0),
    );
    const advances = newer.map((event) =>
      advance({
        attributed: event.data,
        stored: stored.get(nameOf(keyOf(event))) ?? unseen(keyOf(event)),
        present: present.get(nameOf(keyOf(event))) ?? [],
        model: modelOf(event),
        newSplitId: newId,
        positionMinor: () => () => 0,
      }),
    );
    await this.#save(tx, newer, advances);
  }

  async #splitTiered(tx: Tx, event: Attributed, model: StoredModel): Promise<void> {
    const key = keyOf(event);
    const [, [stored = unseen(key)], present] = await Promise.all([
      lockSales(tx, [key]),
      readSales(tx, [key]),
      readSplits(tx, [key]),
    ]);
    const positions = await this.tiers.place(tx, event.instanceId, event.data, model.model);
    if (event.data.sale.version > stored.version) {
      const advanced = advance({
        attributed: event.data,
        stored,
        present,
        model,
        newSplitId: newId,
        positionMinor: (producerId) => (share) => positions.positionOf(producerId, share.id),
      });
      await this.#save(tx, [event], [advanced]);
    }
    const corrections = await this.tiers.correctLater(tx, key, event.data, positions.moved);
    // A split with several tiered shares is corrected once for each; the last form has all of them.
    const corrected = new Map(
      corrections.flatMap((correction) => correction.splits.map((split) => [split.splitId, split])),
    );
    await saveSplits(tx, [...corrected.values()]);
    await this.#publish(tx, event.instanceId, corrections);
  }

  async #save(tx: Tx, events: readonly Attributed[], advances: readonly Advance[]): Promise<void> {
    const outgoing = advances.map(({ event }, index) => ({
      event: commissionEvents.split,
      instanceId: events[index]!.instanceId,
      data: event,
    }));
    await Promise.all([
      saveSales(
        tx,
        events.map((event) => ({ key: keyOf(event), sale: event.data.sale })),
      ),
      saveSplits(
        tx,
        advances.flatMap(({ splits }): StoredSplit[] => splits),
      ),
      this.outbox.add(tx, outgoing as OutgoingEvent[]),
    ]);
  }

  async #publish(tx: Tx, instanceId: string, advances: readonly Advance[]): Promise<void> {
    const outgoing = advances.map(({ event }) => ({
      event: commissionEvents.split,
      instanceId,
      data: event,
    }));
    await this.outbox.add(tx, outgoing as OutgoingEvent[]);
  }

  /** What a sale that may come would be split into, under the model in force when it is placed. */
  async preview(
    input: RpcInput<typeof commissionRpc.previewSplit>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.previewSplit>> {
    const { id: instanceId } = requireInstance(context);
    const { sale } = input;
    return this.database.transaction(instanceId, async (tx) => {
      const stored = modelAt(await modelsOf(tx, [instanceId]), instanceId, sale.placedAt);
      const positionOf = await this.tiers.preview(tx, instanceId, input, stored?.model);
      const standing = sale.producers.map(({ producerId, goods }) => {
        const frozen = freeze({
          model: stored?.model ?? null,
          modelVersion: stored?.version ?? 0,
          instanceId,
          attributed: input,
          producerId,
          positionMinor: (share) => positionOf(producerId, share.id),
        });
        return standingOf(producerId, sale.currency, frozen, goods);
      });
      return { modelVersion: stored?.version ?? 0, standing };
    });
  }
}
