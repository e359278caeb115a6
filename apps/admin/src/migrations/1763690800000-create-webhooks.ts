import { instanceScoped } from '@foodshed/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

// Secrets are sealed with a key that is not in the database.
const endpoints = `
  create table webhooks (
    instance_id uuid not null,
    webhook_id uuid not null,
    enterprise_id uuid,
    url text not null,
    description text not null,
    types text[] not null,
    state text not null check (state in ('active', 'paused', 'failing')),
    failing_because text check (failing_because in ('gave-up', 'gone')),
    state_changed_at timestamptz not null,
    secret bytea not null,
    -- What the secret was before, newest first, and until when each signs beside it.
    previous_secrets bytea[] not null default '{}',
    previous_until timestamptz[] not null default '{}',
    created_by uuid not null,
    created_at timestamptz not null,
    last_delivered_at timestamptz,
    primary key (instance_id, webhook_id),
    check ((state = 'failing') = (failing_because is not null)),
    check (cardinality(previous_secrets) = cardinality(previous_until))
  );
`;

// The record of what is to be told and what was. 'claimed_until' is in real time: simulated time may jump while a
// request is on its way. The payload is text, since the signature is of its bytes.
const deliveries = `
  create table webhook_deliveries (
    instance_id uuid not null,
    delivery_id uuid not null,
    webhook_id uuid not null,
    message_id text not null,
    type text not null,
    payload text not null,
    occurred_at timestamptz not null,
    created_at timestamptz not null,
    state text not null check (state in ('waiting', 'delivered', 'failed')),
    tries int not null default 0,
    next_try_at timestamptz,
    claimed_until timestamptz,
    last_try_at timestamptz,
    status int,
    reason text,
    took_ms int,
    primary key (instance_id, delivery_id),
    unique (instance_id, webhook_id, message_id),
    foreign key (instance_id, webhook_id) references webhooks (instance_id, webhook_id) on delete cascade,
    check ((state = 'waiting') = (next_try_at is not null))
  );
  create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_try_at) where state = 'waiting';
  create index webhook_deliveries_list on webhook_deliveries (instance_id, webhook_id, delivery_id);
  create index webhook_deliveries_age on webhook_deliveries (created_at);
`;

const rights = `
  do $$ begin
    if exists (select from pg_roles where rolname = current_schema() || '_app') then
      execute format('grant select, insert, update, delete on webhooks, webhook_deliveries to %I',
        current_schema() || '_app');
    end if;
  end $$;`;

export class CreateWebhooks1763690800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [endpoints, deliveries, instanceScoped('webhooks', 'webhook_deliveries'), rights]) {
      await runner.query(sql);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table webhook_deliveries, webhooks');
  }
}
