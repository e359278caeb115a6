import { instanceScoped } from '@foodshed/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  'orders',
  'order_lines',
  'captures',
  'capture_goods',
  'first_sales',
  'refunds',
  'packing_ticks',
];

export class CreateCheckout1763690400001 implements MigrationInterface {
  readonly name = 'CreateCheckout1763690400001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ORDERS);
    await runner.query(PAYMENTS);
    await runner.query(instanceScoped(...TABLES));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table ${[...TABLES].reverse().join(', ')}`);
  }
}

// Lines carry what was promised, names and prices too, and refer to no variant: a catalogue changes, an order
// does not. Orders do not reference their cycle either: the lock that a foreign key takes on the cycle's row
// would be shared by every order of a busy shop.
const ORDERS = `
  create table orders (
    instance_id uuid not null,
    id uuid not null,
    hub_id uuid not null,
    cycle_id uuid not null,
    buyer_kind text not null check (buyer_kind in ('person', 'enterprise')),
    buyer_id uuid not null,
    placed_by uuid not null,
    currency text not null,
    time_zone text not null,
    payment_method text not null,
    state text not null default 'placed'
      check (state in ('placed', 'fulfilled', 'cancelled', 'expired', 'refunded')),
    payment_state text not null default 'unpaid'
      check (payment_state in ('unpaid', 'underpaid', 'paid', 'overpaid', 'partly-refunded', 'refunded')),
    goods_minor bigint not null check (goods_minor >= 0),
    hub_fee_minor bigint not null check (hub_fee_minor >= 0),
    paid_minor bigint not null default 0 check (paid_minor between 0 and goods_minor + hub_fee_minor),
    refunded_minor bigint not null default 0 check (refunded_minor between 0 and paid_minor),
    surplus_minor bigint not null default 0 check (surplus_minor >= 0),
    placed_at timestamptz not null,
    expires_at timestamptz not null,
    closed_at timestamptz,
    fulfilled_at timestamptz,
    primary key (instance_id, id)
  ) with (fillfactor = 90);
  create index orders_by_buyer on orders (instance_id, buyer_id, id);
  create index orders_by_hub on orders (instance_id, hub_id, id);
  create index orders_open on orders (instance_id, id) where state = 'placed';
  -- Not by state of payment: a payment then rewrites no index.
  create index orders_due on orders (expires_at) where state = 'placed';

  create table order_lines (
    instance_id uuid not null,
    order_id uuid not null,
    line_number int not null check (line_number > 0),
    variant_id uuid not null,
    producer_id uuid not null,
    product_name text not null,
    unit_label text not null,
    quantity int not null check (quantity > 0),
    unit_price_minor bigint not null check (unit_price_minor >= 0),
    vat_rate_bps int not null,
    gross_minor bigint not null check (gross_minor = unit_price_minor * quantity),
    hub_fee_minor bigint not null check (hub_fee_minor >= 0),
    refunded_quantity int not null default 0 check (refunded_quantity between 0 and quantity),
    refunded_minor bigint not null default 0 check (refunded_minor between 0 and gross_minor),
    refunded_fee_minor bigint not null default 0 check (refunded_fee_minor between 0 and hub_fee_minor),
    primary key (instance_id, order_id, line_number),
    foreign key (instance_id, order_id) references orders (instance_id, id)
  );
  create index order_lines_by_producer on order_lines (instance_id, producer_id, order_id);

  -- Beside the line, not in it: ticking off locks nothing that a payment or a refund waits for.
  create table packing_ticks (
    instance_id uuid not null,
    order_id uuid not null,
    line_number int not null,
    is_packed boolean not null,
    quantity int not null check (quantity >= 0),
    version int not null check (version > 0),
    changed_by uuid not null,
    changed_at timestamptz not null,
    primary key (instance_id, order_id, line_number),
    foreign key (instance_id, order_id, line_number)
      references order_lines (instance_id, order_id, line_number)
  );`;

// `remaining_minor` and `units` are what stands after refunds. `first_sale` is the record of the pair as it was
// when the capture was made; `first_sales` is the pair's present one.
const PAYMENTS = `
  create table captures (
    instance_id uuid not null,
    id uuid not null,
    order_id uuid not null,
    version int not null default 1 check (version > 0),
    method text not null check (method in ('bank-transfer', 'cash', 'card')),
    holder jsonb not null,
    amount_minor bigint not null check (amount_minor >= 0),
    remaining_minor bigint not null check (remaining_minor between 0 and amount_minor),
    hub_fee_minor bigint not null check (hub_fee_minor between 0 and remaining_minor),
    surplus_minor bigint not null check (surplus_minor >= 0),
    recorded_by uuid not null,
    paid_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (instance_id, id),
    foreign key (instance_id, order_id) references orders (instance_id, id)
  );
  create index captures_by_order on captures (instance_id, order_id);
  create index captures_by_id on captures (id);

  create table capture_goods (
    instance_id uuid not null,
    capture_id uuid not null,
    producer_id uuid not null,
    vat_rate_bps int not null,
    captured_minor bigint not null check (captured_minor >= 0),
    remaining_minor bigint not null check (remaining_minor between 0 and captured_minor),
    captured_units int not null check (captured_units >= 0),
    units int not null check (units between 0 and captured_units),
    first_sale jsonb not null,
    primary key (instance_id, capture_id, producer_id, vat_rate_bps),
    foreign key (instance_id, capture_id) references captures (instance_id, id)
  );

  create table first_sales (
    instance_id uuid not null,
    producer_id uuid not null,
    buyer_kind text not null,
    buyer_id uuid not null,
    sequence int not null check (sequence > 0),
    order_id uuid not null,
    hub_id uuid not null,
    placed_at timestamptz not null,
    paid_at timestamptz not null,
    selling_hub_ids uuid[] not null,
    standing boolean not null,
    primary key (instance_id, producer_id, buyer_kind, buyer_id)
  );

  create table refunds (
    instance_id uuid not null,
    id uuid not null,
    order_id uuid not null,
    amount_minor bigint not null check (amount_minor >= 0),
    surplus_minor bigint not null check (surplus_minor >= 0),
    lines jsonb not null,
    captures jsonb not null,
    returned_to_stock boolean not null,
    decided_by uuid not null,
    decided_at timestamptz not null,
    primary key (instance_id, id),
    foreign key (instance_id, order_id) references orders (instance_id, id)
  );
  create index refunds_by_order on refunds (instance_id, order_id);`;
