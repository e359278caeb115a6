import { Injectable } from '@nestjs/common';
import {
  DomainError,
  requireInstance,
  type CallContext,
  type RpcInput,
  type RpcOutput,
  type ShopItem,
  type catalogueRpc,
} from '@foodshed/contracts';
import { Clock, Database } from '@foodshed/platform';
import { pageOfRows, readCursor } from '../catalogue/cursor.rules.js';
import { searchPattern } from '../catalogue/key.rules.js';
import { unitPriceMinor } from '../checkout/pricing.rules.js';
import { cycleStateAt, shownCycle } from './cycle.rules.js';
import { findCycle } from './cycle.store.js';
import { findCycleFilters, findCycleItems, findShop, type ShopPage, type ShopRow } from './shop.store.js';

type ShopInput = RpcInput<typeof catalogueRpc.getShop>;
type Shop = RpcOutput<typeof catalogueRpc.getShop>;

/** What everybody sees: a hub's shop and what its cycles sell. */
@Injectable()
export class ShopService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async shop({ hubId, ...query }: ShopInput, context: CallContext): Promise<Shop> {
    const { id: instanceId } = requireInstance(context);
    const page = this.#page(query);
    const found = await this.database.transaction(instanceId, (tx) =>
      findShop(tx, { instanceId, hubId }, page),
    );
    if (!found) return { cycle: null, nextCycle: null, items: [], nextCursor: null };
    const shown = shownCycle(found.cycle, page.now);
    const open = cycleStateAt(found.cycle, page.now) === 'open';
    return {
      ...shownPage(found.items, query.limit),
      cycle: open ? shown : null,
      nextCycle: open ? null : shown,
    };
  }

  async cycleProducts(
    { cycleId, ...query }: RpcInput<typeof catalogueRpc.listCycleProducts>,
    context: CallContext,
  ): Promise<{ items: ShopItem[]; nextCursor: string | null }> {
    const { id: instanceId } = requireInstance(context);
    const rows = await this.database.transaction(instanceId, async (tx) => {
      const items = await findCycleItems(tx, { instanceId, cycleId }, this.#page(query));
      if (items.length === 0) await this.#requireCycle(tx, { instanceId, cycleId });
      return items;
    });
    return shownPage(rows, query.limit);
  }

  async filters(
    cycleId: string,
    context: CallContext,
  ): Promise<RpcOutput<typeof catalogueRpc.getCycleFilters>> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      await this.#requireCycle(tx, { instanceId, cycleId });
      return findCycleFilters(tx, { instanceId, cycleId });
    });
  }

  async #requireCycle(...[tx, id]: Parameters<typeof findCycle>): Promise<void> {
    if (await findCycle(tx, id)) return;
    throw new DomainError('not-found', { detail: 'There is no such order cycle.' });
  }

  #page(query: Omit<ShopInput, 'hubId'>): ShopPage {
    return {
      producerId: query.producerId ?? null,
      category: query.category ?? null,
      pattern: query.search ? searchPattern(query.search) : null,
      afterVariantId: readCursor(query.cursor),
      limit: query.limit + 1,
      now: this.clock.now(),
    };
  }
}

function shownPage(
  rows: readonly ShopRow[],
  limit: number,
): { items: ShopItem[]; nextCursor: string | null } {
  const { page, nextCursor } = pageOfRows(rows, limit, (row) => row.variantId);
  const items = page.map(({ priceMinor, priceIncludesVat, ...item }) => ({
    ...item,
    unitPriceMinor: unitPriceMinor({ priceMinor, priceIncludesVat, vatRateBps: item.vatRateBps }),
  }));
  return { items, nextCursor };
}
