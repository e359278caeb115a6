import type { MoneyHolder, PaymentMethod } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import type { StandingCapture, StandingGoods } from './paid-sale.rules.js';

/** Goods of a capture with what was captured for them before refunds. */
export interface CapturedGoods extends StandingGoods {
  readonly capturedMinor: number;
  readonly capturedUnits: number;
}

/** A capture as it is stored: what was captured, and what of it remains. Amounts in minor units. */
export interface CaptureRow extends StandingCapture {
  readonly amountMinor: number;
  readonly remainingMinor: number;
  readonly goods: readonly CapturedGoods[];
}

interface OrderId {
  readonly instanceId: string;
  readonly orderId: string;
}

const GOODS_JSON = `coalesce((
    select json_agg(json_build_object('producerId', g.producer_id, 'vatRateBps', g.vat_rate_bps,
      'capturedMinor', g.captured_minor, 'remainingMinor', g.remaining_minor, 'capturedUnits', g.captured_units,
      'units', g.units, 'firstSale', g.first_sale) order by g.producer_id, g.vat_rate_bps)
    from capture_goods g where g.instance_id = c.instance_id and g.capture_id = c.id), '[]')`;

/** The columns of CaptureRow, of a table or alias named `c`. */
export const CAPTURE_COLUMNS = `c.id as "captureId", c.version, c.method, c.holder, c.amount_minor as "amountMinor",
  c.remaining_minor as "remainingMinor", c.hub_fee_minor as "hubFeeMinor", c.surplus_minor as "surplusMinor",
  c.paid_at as "paidAt", c.changed_at as "changedAt", ${GOODS_JSON} as goods`;

/** The order's captures, oldest first, goods by producer and VAT rate. They change under their order's lock. */
export async function readCaptures(tx: Tx, { instanceId, orderId }: OrderId): Promise<CaptureRow[]> {
  return rowsOf<CaptureRow>(
    tx,
    {
      name: 'captures-read',
      text: `select ${CAPTURE_COLUMNS} from captures c where c.instance_id = $1 and c.order_id = $2 order by c.id`,
    },
    [instanceId, orderId],
  );
}

export interface NewCapture extends StandingCapture {
  readonly method: PaymentMethod;
  readonly holder: MoneyHolder;
  readonly amountMinor: number;
  readonly recordedBy: string;
}

/** Inserts captures of version 1, of which everything remains. */
export async function insertCaptures(
  tx: Tx,
  instanceId: string,
  captures: readonly { readonly orderId: string; readonly capture: NewCapture }[],
): Promise<void> {
  const list = captures.map(({ capture }) => capture);
  const goods = list.flatMap(({ captureId, goods: parts }) => parts.map((part) => ({ ...part, captureId })));
  await Promise.all([
    rowsOf(
      tx,
      {
        name: 'captures-insert',
        text: `insert into captures (instance_id, id, order_id, method, holder, amount_minor, remaining_minor,
                 hub_fee_minor, surplus_minor, recorded_by, paid_at, changed_at)
               select $1, c.id, c.order_id, c.method, c.holder::jsonb, c.amount, c.amount, c.hub_fee, c.surplus,
                 c.recorded_by, c.paid_at, c.paid_at
               from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[],
                   $9::uuid[], $10::timestamptz[])
                 as c(id, order_id, method, holder, amount, hub_fee, surplus, recorded_by, paid_at)`,
      },
      [
        instanceId,
        list.map(({ captureId }) => captureId),
        captures.map(({ orderId }) => orderId),
        list.map(({ method }) => method),
        list.map(({ holder }) => JSON.stringify(holder)),
        list.map(({ amountMinor }) => amountMinor),
        list.map(({ hubFeeMinor }) => hubFeeMinor),
        list.map(({ surplusMinor }) => surplusMinor),
        list.map(({ recordedBy }) => recordedBy),
        list.map(({ paidAt }) => paidAt),
      ],
    ),
    rowsOf(
      tx,
      {
        name: 'captures-goods-insert',
        text: `insert into capture_goods (instance_id, capture_id, producer_id, vat_rate_bps, captured_minor,
                 remaining_minor, captured_units, units, first_sale)
               select $1, g.capture, g.producer, g.rate, g.amount, g.amount, g.units, g.units, g.first_sale::jsonb
               from unnest($2::uuid[], $3::uuid[], $4::int[], $5::bigint[], $6::int[], $7::text[])
                 as g(capture, producer, rate, amount, units, first_sale)`,
      },
      [
        instanceId,
        goods.map(({ captureId }) => captureId),
        goods.map(({ producerId }) => producerId),
        goods.map(({ vatRateBps }) => vatRateBps),
        goods.map(({ remainingMinor }) => remainingMinor),
        goods.map(({ units }) => units),
        goods.map(({ firstSale }) => JSON.stringify(firstSale)),
      ],
    ),
  ]);
}

/** Writes what remains of a capture and its version. */
export async function saveCapture(tx: Tx, instanceId: string, capture: CaptureRow): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'capture-save',
      text: `update captures set version = $3, remaining_minor = $4, hub_fee_minor = $5, surplus_minor = $6,
                    changed_at = $7
             where instance_id = $1 and id = $2`,
    },
    [
      instanceId,
      capture.captureId,
      capture.version,
      capture.remainingMinor,
      capture.hubFeeMinor,
      capture.surplusMinor,
      capture.changedAt,
    ],
  );
  await rowsOf(
    tx,
    {
      name: 'capture-goods-save',
      text: `update capture_goods c set remaining_minor = g.remaining, units = g.units
             from unnest($3::uuid[], $4::int[], $5::bigint[], $6::int[]) as g(producer, rate, remaining, units)
             where c.instance_id = $1 and c.capture_id = $2 and c.producer_id = g.producer and c.vat_rate_bps = g.rate`,
    },
    [
      instanceId,
      capture.captureId,
      capture.goods.map(({ producerId }) => producerId),
      capture.goods.map(({ vatRateBps }) => vatRateBps),
      capture.goods.map(({ remainingMinor }) => remainingMinor),
      capture.goods.map(({ units }) => units),
    ],
  );
}
