import { instanceScoped, platformTables } from '@foodshed/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCatalogue1763690400000 implements MigrationInterface {
  readonly name = 'CreateCatalogue1763690400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(platformTables());
    await runner.query(PRODUCTS);
    await runner.query(CYCLES);
    await runner.query(SUPPLY);
    await runner.query(
      instanceScoped(
        'products',
        'variants',
        'order_cycles',
        'cycle_variants',
        'hub_producers',
        'supply_agreements',
      ),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table supply_agreements, hub_producers, cycle_variants, order_cycles, variants, products,
                  outbox, inbox, idempotency_keys`,
    );
  }
}

// `name_key` and `variant_key` say when two names or variants are the same for people (rules in
// catalogue/key.rules.ts); `search_name` is without case and accents, for sorting and searching.
// No index begins with the instance: before a table has statistics, the planner would read a whole instance by it
// where one row is meant. Nothing is indexed over stock or price, so that taking stock stays a heap-only update.
const PRODUCTS = `
  create table products (
    instance_id uuid not null,
    id uuid not null,
    producer_id uuid not null,
    name text not null,
    name_key text not null,
    search_name text collate "C" not null,
    description text not null default '',
    category text not null default '',
    version int not null default 1,
    archived_at timestamptz,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (id, instance_id)
  );
  create unique index products_name on products (producer_id, name_key, instance_id) where archived_at is null;
  create index products_by_name on products (producer_id, search_name, id);

  create table variants (
    instance_id uuid not null,
    id uuid not null,
    product_id uuid not null,
    producer_id uuid not null,
    position int not null default 0,
    display_name text not null default '',
    sku text,
    variant_key text not null,
    search_name text collate "C" not null,
    unit_kind text not null check (unit_kind in ('weight', 'volume', 'items')),
    unit_amount numeric(10, 3) not null check (unit_amount > 0),
    unit_scale text not null,
    unit_label text not null,
    price_minor bigint not null check (price_minor between 0 and 100000000),
    vat_rate_bps int not null default 0 check (vat_rate_bps between 0 and 10000),
    price_includes_vat boolean not null default true,
    deposit_minor bigint not null default 0 check (deposit_minor >= 0),
    pack_size int not null default 1 check (pack_size >= 1),
    on_demand boolean not null default false,
    stock bigint not null default 0 check (stock >= 0),
    available_on date,
    available_from timestamptz,
    version int not null default 1,
    archived_at timestamptz,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (id, instance_id),
    foreign key (instance_id, product_id) references products (instance_id, id)
  ) with (fillfactor = 70);
  create unique index variants_key on variants (product_id, variant_key, instance_id) where archived_at is null;
  create index variants_by_producer on variants (producer_id, product_id);`;

// `cycle_variants` repeats what a shop sorts, filters and searches by, so that a page is one index scan.
// `hub_producers` remembers since when a hub has offered a producer's goods, and when their agreement ended.
const CYCLES = `
  create table order_cycles (
    instance_id uuid not null,
    id uuid not null,
    hub_id uuid not null,
    name text not null,
    currency text not null,
    time_zone text not null,
    state text not null check (state in ('scheduled', 'open', 'closed')),
    opens_at timestamptz not null,
    closes_at timestamptz not null,
    handover_kind text not null check (handover_kind in ('pickup', 'delivery')),
    handover_place text not null,
    handover_times text not null default '',
    pickup_at timestamptz,
    payment_term_minutes int not null default 4320,
    hub_fee_bps int not null default 0 check (hub_fee_bps between 0 and 5000),
    hub_fee_flat_minor bigint not null default 0 check (hub_fee_flat_minor >= 0),
    variant_count int not null default 0,
    version int not null default 1,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (id, instance_id),
    check (closes_at > opens_at)
  );
  create index order_cycles_by_hub on order_cycles (hub_id, opens_at desc, id desc);
  create index order_cycles_to_come on order_cycles (hub_id, closes_at) where state <> 'closed';
  create index order_cycles_due on order_cycles ((case state when 'scheduled' then opens_at else closes_at end))
    where state <> 'closed';

  create table cycle_variants (
    instance_id uuid not null,
    cycle_id uuid not null,
    variant_id uuid not null,
    price_minor bigint check (price_minor between 0 and 100000000),
    producer_id uuid not null,
    category text not null,
    search_name text collate "C" not null,
    available_from timestamptz,
    primary key (variant_id, cycle_id, instance_id),
    foreign key (instance_id, cycle_id) references order_cycles (instance_id, id) on delete cascade,
    foreign key (instance_id, variant_id) references variants (instance_id, id)
  );
  create index cycle_variants_by_name on cycle_variants (cycle_id, search_name, variant_id)
    include (instance_id, producer_id, category, available_from);

  create table hub_producers (
    instance_id uuid not null,
    producer_id uuid not null,
    hub_id uuid not null,
    offered_at timestamptz not null,
    ended_at timestamptz,
    primary key (producer_id, hub_id, instance_id)
  );`;

// One row for each producer and hub, for ever: what was declined or ended is proposed again in the same row.
const SUPPLY = `
  create table supply_agreements (
    instance_id uuid not null,
    id uuid not null,
    producer_id uuid not null,
    hub_id uuid not null,
    state text not null check (state in ('requested', 'offered', 'accepted', 'declined', 'ended')),
    prices_set_by text not null default 'producer' check (prices_set_by in ('producer', 'hub')),
    proposed_by text not null check (proposed_by in ('producer', 'hub')),
    proposed_at timestamptz not null,
    proposed_by_person uuid not null,
    answered_at timestamptz,
    answered_by_person uuid,
    ended_by text check (ended_by in ('producer', 'hub')),
    ended_at timestamptz,
    ended_by_person uuid,
    version int not null,
    primary key (id, instance_id),
    check (producer_id <> hub_id),
    check (num_nulls(answered_at, answered_by_person) in (0, 2)),
    check (num_nulls(ended_by, ended_at, ended_by_person) = case state when 'ended' then 0 else 3 end),
    check (state not in ('accepted', 'declined') or answered_at is not null)
  );
  create unique index supply_agreements_pair on supply_agreements (producer_id, hub_id, instance_id);
  create index supply_agreements_by_producer on supply_agreements (producer_id, id desc);
  create index supply_agreements_by_hub on supply_agreements (hub_id, id desc);`;
