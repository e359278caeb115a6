import { instanceScoped, platformTables } from '@foodshed/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

// `given_at` is when the ledger was asked first: the instant at which the gift stands in the books. The words are
// personal; they are nowhere but here, and go when a person is erased. A gift that `returns` another gives back one payee's
// part of it, and hides its receiver where the other's giver stayed unnamed.
const gifts = `
  create table gifts (
    instance_id uuid not null,
    gift_id uuid not null,
    giver_kind text not null check (giver_kind in ('person', 'enterprise', 'instance')),
    giver_id uuid not null,
    receiver_kind text not null check (receiver_kind in ('enterprise', 'person', 'pitch', 'team')),
    receiver_id uuid not null,
    receiver_name text,
    state text not null,
    amount_minor bigint not null check (amount_minor > 0),
    platform_part_minor bigint not null check (platform_part_minor >= 0),
    currency text not null,
    source text not null check (source in ('balance', 'administration', 'transfer', 'cash')),
    hub_id uuid,
    holder text check (holder in ('instance-bank', 'provider', 'hub-till')),
    is_unnamed boolean not null,
    message text not null,
    answer text,
    answered_by uuid,
    answered_at timestamptz,
    given_by uuid not null,
    promised_at timestamptz not null,
    given_at timestamptz,
    transaction_id uuid,
    returns uuid,
    hides_receiver boolean not null default false,
    primary key (instance_id, gift_id),
    unique (gift_id),
    check ((source = 'cash') = (hub_id is not null)),
    check ((state in ('promised', 'withdrawn')) = (given_at is null)),
    check ((state = 'given') = (transaction_id is not null)),
    check ((holder is not null) = (source in ('transfer', 'cash') and given_at is not null)),
    check (source <> 'administration' or giver_kind = 'instance'),
    check (returns is null or source = 'balance'),
    check (returns is not null or not hides_receiver)
  );
  create unique index gifts_returned_once on gifts (returns, giver_id, giver_kind) where state in ('posting', 'given');
  create index gifts_by_giver on gifts (giver_id, gift_id);
  create index gifts_promised on gifts (instance_id, gift_id) where state = 'promised';
  create index gifts_waiting on gifts (given_at) where state = 'posting';
  create index gifts_by_time on gifts (instance_id, given_at, gift_id) where state = 'given';
`;

const parts = `
  create table gift_parts (
    instance_id uuid not null,
    gift_id uuid not null,
    position int not null,
    payee_kind text not null check (payee_kind in ('enterprise', 'person')),
    payee_id uuid not null,
    weight int not null check (weight > 0),
    amount_minor bigint not null check (amount_minor >= 0),
    primary key (instance_id, gift_id, position),
    foreign key (instance_id, gift_id) references gifts (instance_id, gift_id)
  );
  create index gift_parts_by_payee on gift_parts (payee_id, gift_id);
`;

export class CreateContributions1763690700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query([platformTables(), gifts, parts, instanceScoped('gifts', 'gift_parts')].join('\n'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table gift_parts, gifts, outbox, inbox, idempotency_keys');
  }
}
