import type { CallContext, Order, PaidSale, PersonCaller, PlacedOrder } from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, newId, Outbox, rowsOf, type Database } from '@foodshed/platform';
import { PackingService } from '../packing/packing.service.js';
import { OffersService } from './offers.service.js';
import { OrderEndsService } from './order-ends.service.js';
import { OrderViewService } from './order-view.service.js';
import { OrdersListService } from './orders-list.service.js';
import { PaymentBatchService } from './payment-batch.service.js';
import { PaymentsService } from './payments.service.js';
import { PlacingBatchService } from './placing-batch.service.js';
import { PlacingService } from './placing.service.js';
import { QuotesService } from './quotes.service.js';
import { RefundsService } from './refunds.service.js';

/** A clock that stands where it is put. */
export class StoppedClock extends Clock {
  at = new Date('2026-11-02T10:00:00.000Z');
  override now(): Date {
    return this.at;
  }
}

/** The services of one orders process. Two of them over one database are two replicas. */
export class CheckoutProcess {
  readonly placing: PlacingService;
  readonly payments: PaymentsService;
  readonly refunds: RefundsService;
  readonly ends: OrderEndsService;
  readonly lists: OrdersListService;
  readonly quotes: QuotesService;
  readonly packing: PackingService;

  constructor(
    readonly database: Database,
    readonly clock: Clock,
  ) {
    const outbox = new Outbox(clock);
    const views = new OrderViewService();
    const batch = new PlacingBatchService(database, clock, outbox);
    this.placing = new PlacingService(database, new OffersService(database, clock), batch);
    this.payments = new PaymentsService(
      new PaymentBatchService(database, outbox, clock),
      database,
      outbox,
      clock,
    );
    this.refunds = new RefundsService(database, outbox, clock, views);
    this.ends = new OrderEndsService(database, outbox, clock, views);
    this.lists = new OrdersListService(database, views);
    this.quotes = new QuotesService(database, clock);
    this.packing = new PackingService(database, clock);
  }
}

export interface Goods {
  readonly producer?: number;
  readonly priceMinor: number;
  readonly vatRateBps?: number;
  readonly priceIncludesVat?: boolean;
  /** Unlimited when left out. */
  readonly stock?: number;
}

/** An instance of its own with one hub's open cycle that sells these goods of these producers. */
export class Shop {
  readonly instanceId = newId();
  readonly hubId = newId();
  readonly cycleId = newId();
  readonly producerIds = Array.from({ length: 3 }, () => newId()).sort();
  readonly variantIds: string[] = [];
  readonly hub: PersonCaller;

  private constructor(
    readonly process: CheckoutProcess,
    readonly goods: readonly Goods[],
  ) {
    this.hub = this.person([this.hubId]);
  }

  static async open(
    process: CheckoutProcess,
    goods: readonly Goods[],
    fee: { bps?: number; flatMinor?: number } = {},
  ): Promise<Shop> {
    const shop = new Shop(process, goods);
    await process.database.transaction(ALL_INSTANCES, async (tx) => {
      const { instanceId, hubId, cycleId } = shop;
      await rowsOf(
        tx,
        `insert into order_cycles (instance_id, id, hub_id, name, currency, time_zone, state, opens_at, closes_at,
           handover_kind, handover_place, hub_fee_bps, hub_fee_flat_minor, created_at, changed_at)
         values ($1, $2, $3, 'Friday', 'EUR', 'Europe/Berlin', 'open', '2026-11-01', '2026-11-20', 'pickup', 'Barn',
           $4, $5, '2026-11-01', '2026-11-01')`,
        [instanceId, cycleId, hubId, fee.bps ?? 0, fee.flatMinor ?? 0],
      );
      for (const [index, item] of goods.entries()) {
        const [productId, variantId] = [newId(), newId()];
        const producerId = shop.producerIds[item.producer ?? 0];
        shop.variantIds.push(variantId);
        await rowsOf(
          tx,
          `insert into products (instance_id, id, producer_id, name, name_key, search_name, created_at, changed_at)
           values ($1, $2, $3, $4, $4, $4, '2026-11-01', '2026-11-01')`,
          [instanceId, productId, producerId, `Goods "${index}"`],
        );
        await rowsOf(
          tx,
          `insert into variants (instance_id, id, product_id, producer_id, variant_key, search_name, unit_kind,
             unit_amount, unit_scale, unit_label, price_minor, vat_rate_bps, price_includes_vat, on_demand, stock,
             created_at, changed_at)
           values ($1, $2, $3, $4, '1', 'goods', 'items', 1, 'item', '1 item', $5, $6, $7, $8, $9, '2026-11-01',
             '2026-11-01')`,
          [
            instanceId,
            variantId,
            productId,
            producerId,
            item.priceMinor,
            item.vatRateBps ?? 0,
            item.priceIncludesVat ?? true,
            item.stock === undefined,
            item.stock ?? 0,
          ],
        );
        await rowsOf(
          tx,
          `insert into cycle_variants (instance_id, cycle_id, variant_id, producer_id, category, search_name)
           values ($1, $2, $3, $4, '', 'goods')`,
          [instanceId, cycleId, variantId, producerId],
        );
      }
    });
    return shop;
  }

  person(enterpriseIds: string[] = []): PersonCaller {
    return {
      kind: 'person',
      personId: newId(),
      instance: { id: this.instanceId, currency: 'EUR', timeZone: 'Europe/Berlin' },
      roles: [],
      enterpriseIds,
    };
  }

  /** An order of these quantities, by position of the goods; zero leaves a line out. */
  place(
    quantities: readonly number[],
    options: { as?: CallContext; process?: CheckoutProcess; unitPrices?: readonly number[] } = {},
  ): Promise<PlacedOrder> {
    const lines = quantities.flatMap((quantity, index) => {
      const variantId = this.variantIds[index] ?? '';
      const unitPriceMinor = options.unitPrices?.[index] ?? this.goods[index]?.priceMinor ?? 0;
      return quantity > 0 ? [{ variantId, quantity, unitPriceMinor }] : [];
    });
    const input = { cycleId: this.cycleId, paymentMethod: 'bank-transfer' as const, lines };
    return (options.process ?? this.process).placing.placeOrder(
      input,
      options.as ?? contextOf(this.person()),
    );
  }

  pay(
    orderId: string,
    amountMinor: number,
    method: 'bank-transfer' | 'cash' = 'bank-transfer',
  ): Promise<Order> {
    return this.process.payments.recordPayment({ orderId, method, amountMinor }, contextOf(this.hub));
  }

  refund(
    orderId: string,
    refund: Parameters<RefundsService['refundOrder']>[0]['refund'],
    returnToStock = false,
  ): Promise<Order> {
    return this.process.refunds.refundOrder({ orderId, refund, returnToStock }, contextOf(this.hub));
  }

  /** What is left of each of the goods. */
  async stock(): Promise<number[]> {
    const rows = await this.#rows<{ id: string; stock: number }>('select id, stock from variants');
    return this.variantIds.map((id) => rows.find((row) => row.id === id)?.stock ?? NaN);
  }

  async countOrders(): Promise<number> {
    const [row] = await this.#rows<{ count: number }>('select count(*) as count from orders');
    return row?.count ?? NaN;
  }

  /** The payloads of the events under `orders.events.<name>.v1`, in the order they were made. */
  async events<T = PaidSale>(name = 'paid'): Promise<T[]> {
    const rows = await this.#rows<{ payload: T }>(
      `select payload from outbox where instance_id = $1 and subject = $2 order by id`,
      [this.instanceId, `orders.events.${name}.v1`],
    );
    return rows.map(({ payload }) => payload);
  }

  #rows<R>(sql: string, params: unknown[] = []): Promise<R[]> {
    return this.process.database.transaction(this.instanceId, (tx) => rowsOf<R>(tx, sql, params));
  }
}

/** A call of this person, with an idempotency key of its own unless one is given. */
export function contextOf(caller: CallContext['caller'], idempotencyKey: string = newId()): CallContext {
  return { caller, requestId: newId(), token: '', idempotencyKey };
}
