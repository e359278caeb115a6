import { instanceScoped, platformTables } from '@foodshed/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const models = `
  create table network_models (
    instance_id uuid not null,
    version int not null check (version >= 1),
    name text not null,
    source text not null,
    model jsonb not null,
    takes_effect_at timestamptz not null,
    uploaded_at timestamptz not null,
    uploaded_by uuid not null,
    approved_at timestamptz,
    primary key (instance_id, version),
    constraint network_models_never_backwards check (takes_effect_at >= coalesce(approved_at, uploaded_at))
  );

  create table model_approvals (
    instance_id uuid not null,
    version int not null,
    steward text not null,
    person_id uuid not null,
    approved_at timestamptz not null,
    primary key (instance_id, version, steward),
    foreign key (instance_id, version) references network_models (instance_id, version)
  );`;

// One row per capture, with the version that is posted. Of a split's standing the amounts are kept, in the order of
// the shares and payees that are frozen beside them.
const sales = `
  create table sales (
    instance_id uuid not null,
    order_id uuid not null,
    capture_id uuid not null,
    version int not null check (version >= 1),
    sale json not null,
    primary key (instance_id, order_id, capture_id)
  );

  create table splits (
    split_id uuid primary key,
    instance_id uuid not null,
    order_id uuid not null,
    capture_id uuid not null,
    producer_id uuid not null,
    version int not null,
    revision int not null,
    currency text not null,
    frozen json not null,
    referral json not null,
    amounts json not null,
    unique (instance_id, order_id, capture_id, producer_id),
    foreign key (instance_id, order_id, capture_id) references sales (instance_id, order_id, capture_id)
  );`;

// Where a sale stands in its month for a tiered share: by paid at and order id, per producer and payee.
const tiers = `
  create table tier_positions (
    instance_id uuid not null,
    producer_id uuid not null,
    share_id text not null,
    payee_id uuid not null,
    month text not null,
    paid_at timestamptz not null,
    order_id uuid not null,
    capture_id uuid not null,
    net_minor bigint not null check (net_minor >= 0),
    primary key (instance_id, producer_id, share_id, payee_id, month, paid_at, order_id, capture_id)
  );`;

export class CreateCommission1763690500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      [
        platformTables(),
        models,
        sales,
        tiers,
        instanceScoped('network_models', 'model_approvals', 'sales', 'splits', 'tier_positions'),
      ].join('\n'),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table tier_positions, splits, sales, model_approvals, network_models, outbox, inbox, idempotency_keys',
    );
  }
}
