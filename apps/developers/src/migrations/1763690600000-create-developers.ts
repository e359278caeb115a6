import { instanceScoped, platformTables } from '@foodshed/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

// `due_at` is when a pitch moves by itself; `held_until` is the deadline of its holds in every ledger.
const pitches = `
  create table pitches (
    instance_id uuid not null,
    pitch_id uuid not null,
    title text not null,
    need text not null,
    audience text not null,
    goal_minor bigint not null check (goal_minor > 0),
    currency text not null,
    state text not null,
    failed_because text,
    fund_until timestamptz not null,
    deliver_by timestamptz not null check (deliver_by > fund_until),
    review_days int not null check (review_days > 0),
    review_until timestamptz,
    held_until timestamptz not null check (held_until > deliver_by),
    due_at timestamptz,
    delivery_url text,
    delivery_text text,
    delivered_at timestamptz,
    team jsonb not null,
    asks jsonb not null,
    made_by uuid not null,
    created_at timestamptz not null,
    primary key (instance_id, pitch_id),
    unique (pitch_id),
    check ((state in ('failed', 'refunded')) = (failed_because is not null))
  );
  create index pitches_due on pitches (due_at) where due_at is not null;
  create index pitches_by_team on pitches using gin (team jsonb_path_ops);
`;

// A pledge belongs to the instance whose ledger holds it, which need not be the pitch's own.
const pledges = `
  create table pledges (
    instance_id uuid not null,
    pledge_id uuid not null,
    pitch_instance_id uuid not null,
    pitch_id uuid not null,
    funder_kind text not null check (funder_kind in ('person', 'enterprise', 'instance')),
    funder_id uuid not null,
    amount_minor bigint not null check (amount_minor > 0),
    currency text not null,
    source text not null check (source in ('balance', 'administration', 'transfer')),
    state text not null,
    received_minor bigint check (received_minor > 0),
    holder text check (holder in ('instance-bank', 'provider')),
    received_at timestamptz,
    escrow_minor bigint not null default 0 check (escrow_minor >= 0),
    verdict text check (verdict in ('accepted', 'refused')),
    payout_id uuid,
    pledged_by uuid not null,
    pledged_at timestamptz not null,
    primary key (instance_id, pledge_id),
    unique (pledge_id),
    foreign key (pitch_instance_id, pitch_id) references pitches (instance_id, pitch_id),
    check (source = 'transfer' or received_minor is null),
    check ((received_minor is null) = (holder is null) and (received_minor is null) = (received_at is null)),
    check (source <> 'administration' or funder_kind = 'instance')
  );
  create index pledges_by_pitch on pledges (pitch_id, pledge_id);
  create index pledges_by_funder on pledges (instance_id, funder_id, pledge_id);
  create index pledges_waiting on pledges (pitch_id) where state in ('placing', 'returning');
`;

const payouts = `
  create table payouts (
    instance_id uuid not null,
    payout_id uuid not null,
    pitch_instance_id uuid not null,
    pitch_id uuid not null,
    currency text not null,
    total_minor bigint not null check (total_minor > 0),
    transaction_id uuid,
    paid_at timestamptz,
    primary key (instance_id, payout_id),
    foreign key (pitch_instance_id, pitch_id) references pitches (instance_id, pitch_id),
    check ((paid_at is null) = (transaction_id is null))
  );
  create index payouts_by_pitch on payouts (pitch_id);
  create index payouts_waiting on payouts (pitch_id) where paid_at is null;

  create table payout_parts (
    instance_id uuid not null,
    payout_id uuid not null,
    position int not null,
    kind text not null check (kind in ('person', 'enterprise')),
    payee_id uuid not null,
    amount_minor bigint not null check (amount_minor > 0),
    primary key (instance_id, payout_id, position),
    foreign key (instance_id, payout_id) references payouts (instance_id, payout_id) on delete cascade
  );
  create index payout_parts_by_payee on payout_parts (payee_id, payout_id);
`;

// The book of the developing function: into escrow positive, out of it negative; only ever inserted.
const movements = `
  create table movements (
    instance_id uuid not null,
    movement_id uuid not null,
    pledge_id uuid not null,
    pitch_id uuid not null,
    currency text not null,
    kind text not null check (kind in ('held', 'paid', 'returned')),
    change_minor bigint not null check ((change_minor > 0) = (kind = 'held') and change_minor <> 0),
    moved_at timestamptz not null,
    primary key (instance_id, movement_id),
    unique (pledge_id, kind),
    foreign key (instance_id, pledge_id) references pledges (instance_id, pledge_id)
  );
  create index movements_by_time on movements (instance_id, currency, moved_at, movement_id);
`;

export class CreateDevelopers1763690600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      [
        platformTables(),
        pitches,
        pledges,
        payouts,
        movements,
        instanceScoped('pitches', 'pledges', 'payouts', 'payout_parts', 'movements'),
      ].join('\n'),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table movements, payout_parts, payouts, pledges, pitches, outbox, inbox, idempotency_keys',
    );
  }
}
