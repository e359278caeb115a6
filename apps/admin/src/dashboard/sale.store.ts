import type { EventData } from '@foodshed/contracts';
import { type commissionEvents, type ordersEvents } from '@foodshed/contracts';
import { rowsOf, type Tx } from '@foodshed/platform';
import { localDate } from './order.store.js';
import { figuresOf, grossOf, newestByCapture, revisionOf, type Within } from './standing.rules.js';

type Paid = EventData<typeof ordersEvents.paid>;
type Split = EventData<typeof commissionEvents.split>;

interface CaptureKey {
  instance_id: string;
  order_id: string;
  capture_id: string;
}

const CAPTURE = 'instance_id uuid, order_id uuid, capture_id uuid';
const sameCapture = (row: string, key: string): string =>
  `${row}.instance_id = ${key}.instance_id and ${row}.order_id = ${key}.order_id and ${row}.capture_id = ${key}.capture_id`;

/**
 * Replaces what stands for each capture when the event's version is higher than the one counted; locks the
 * captures' rows, in key order. The hub fee and each producer's gross come from here.
 */
export async function applyPaid(tx: Tx, events: readonly Within<Paid>[]): Promise<void> {
  const sales = newestByCapture(events).map(({ instanceId, data }) => ({
    instance_id: instanceId,
    order_id: data.orderId,
    capture_id: data.capture.captureId,
    hub_id: data.hubId,
    placed_at: data.placedAt,
    version: data.version,
    changed_at: data.changedAt,
    hub_fee_minor: data.hubFeeMinor,
    producers: data.producers.map((sale) => ({ producer_id: sale.producerId, gross_minor: grossOf(sale) })),
  }));
  const newer = await rowsOf<CaptureKey>(
    tx,
    {
      name: 'dashboard-paid',
      text: `insert into dashboard_captures as c
               (instance_id, order_id, capture_id, hub_id, placed_on, sale_version, sale_changed_at, hub_fee_minor)
             select e.instance_id, e.order_id, e.capture_id, e.hub_id, ${localDate('e.placed_at', 'e.instance_id')},
                    e.version, e.changed_at, e.hub_fee_minor
               from jsonb_to_recordset($1::jsonb) as e(${CAPTURE}, hub_id uuid, placed_at timestamptz, version integer,
                    changed_at timestamptz, hub_fee_minor bigint)
             on conflict (instance_id, order_id, capture_id)
             do update set sale_version = excluded.sale_version, sale_changed_at = excluded.sale_changed_at,
                           hub_fee_minor = excluded.hub_fee_minor
              where c.sale_version < excluded.sale_version
             returning instance_id, order_id, capture_id`,
    },
    [JSON.stringify(sales)],
  );
  if (newer.length === 0) return;
  await Promise.all([
    rowsOf(
      tx,
      {
        name: 'dashboard-paid-orders',
        text: `insert into dashboard_orders (instance_id, order_id, hub_id, placed_on, is_paid)
               select distinct c.instance_id, c.order_id, c.hub_id, c.placed_on, true
                 from jsonb_to_recordset($1::jsonb) as k(${CAPTURE})
                 join dashboard_captures c on ${sameCapture('c', 'k')}
                order by 1, 2
               on conflict (instance_id, order_id) do update set placed_on = excluded.placed_on, is_paid = true`,
      },
      [JSON.stringify(newer)],
    ),
    replaceParts(tx, { name: 'paid', newer, parts: partsOf(sales), columns: ['gross_minor'] }),
  ]);
}

/** The same for the splits: shares by kind, and what is left for each producer. */
export async function applySplit(tx: Tx, events: readonly Within<Split>[]): Promise<void> {
  const splits = newestByCapture(events).map(({ instanceId, data }) => ({
    instance_id: instanceId,
    order_id: data.orderId,
    capture_id: data.captureId,
    hub_id: data.hubId,
    placed_at: data.placedAt,
    version: data.version,
    revision: revisionOf(data),
    producers: data.standing.map((split) => ({ producer_id: split.producerId, ...figuresOf(split) })),
  }));
  const newer = await rowsOf<CaptureKey>(
    tx,
    {
      name: 'dashboard-split',
      text: `insert into dashboard_captures as c
               (instance_id, order_id, capture_id, hub_id, placed_on, split_version, split_revision)
             select e.instance_id, e.order_id, e.capture_id, e.hub_id, ${localDate('e.placed_at', 'e.instance_id')},
                    e.version, e.revision
               from jsonb_to_recordset($1::jsonb)
                 as e(${CAPTURE}, hub_id uuid, placed_at timestamptz, version integer, revision integer)
             on conflict (instance_id, order_id, capture_id)
             do update set split_version = excluded.split_version, split_revision = excluded.split_revision
              where (c.split_version, c.split_revision) < (excluded.split_version, excluded.split_revision)
             returning instance_id, order_id, capture_id`,
    },
    [JSON.stringify(splits)],
  );
  if (newer.length === 0) return;
  await replaceParts(tx, { name: 'split', newer, parts: partsOf(splits), columns: SPLIT_COLUMNS });
}

const SPLIT_COLUMNS = [
  'split_gross_minor',
  'platform_minor',
  'commission_minor',
  'payment_costs_minor',
  'share_vat_minor',
  'producer_minor',
];

function partsOf<P extends object>(captures: readonly (CaptureKey & { producers: P[] })[]) {
  return captures.flatMap(({ instance_id, order_id, capture_id, producers }) =>
    producers.map((part) => ({ instance_id, order_id, capture_id, ...part })),
  );
}

/**
 * Sets the columns of each producer's row in the captures that are newer; a producer whom the newer version
 * no longer names has nothing standing there, and who has nothing standing has no row, whatever stood before.
 */
async function replaceParts(
  tx: Tx,
  change: {
    name: string;
    newer: readonly CaptureKey[];
    parts: readonly object[];
    columns: readonly string[];
  },
): Promise<void> {
  const { name, columns } = change;
  const newer = JSON.stringify(change.newer);
  // They travel together; Postgres runs them in this order.
  await Promise.all([
    rowsOf(
      tx,
      {
        name: `dashboard-${name}-parts-reset`,
        text: `update dashboard_sales s set ${columns.map((column) => `${column} = 0`).join(', ')}
                 from jsonb_to_recordset($1::jsonb) as k(${CAPTURE})
                where ${sameCapture('s', 'k')}`,
      },
      [newer],
    ),
    rowsOf(
      tx,
      {
        name: `dashboard-${name}-parts`,
        text: `insert into dashboard_sales
                 (instance_id, order_id, capture_id, producer_id, hub_id, placed_on, ${columns.join(', ')})
               select c.instance_id, c.order_id, c.capture_id, e.producer_id, c.hub_id, c.placed_on,
                      ${columns.map((column) => `e.${column}`).join(', ')}
                 from jsonb_to_recordset($1::jsonb) as k(${CAPTURE})
                 join dashboard_captures c on ${sameCapture('c', 'k')}
                 join jsonb_to_recordset($2::jsonb)
                   as e(${CAPTURE}, producer_id uuid, ${columns.map((column) => `${column} bigint`).join(', ')})
                   on ${sameCapture('e', 'k')}
                order by 1, 2, 3, 4
               on conflict (instance_id, order_id, capture_id, producer_id)
               do update set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
      },
      [newer, JSON.stringify(change.parts)],
    ),
    rowsOf(
      tx,
      {
        name: `dashboard-${name}-parts-empty`,
        text: `delete from dashboard_sales s
                using jsonb_to_recordset($1::jsonb) as k(${CAPTURE})
                where ${sameCapture('s', 'k')}
                  and ${['gross_minor', ...SPLIT_COLUMNS].map((column) => `s.${column} = 0`).join(' and ')}`,
      },
      [newer],
    ),
  ]);
}
