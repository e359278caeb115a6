import { instanceScoped, platformTables } from '@foodshed/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { fundingTables } from './funding-tables.sql.js';

const people = `
  create table instances (
    instance_id uuid primary key,
    slug text not null unique,
    name text not null,
    currency text not null,
    time_zone text not null,
    locales text[] not null,
    description text not null,
    created_at timestamptz not null
  );

  -- One person for one e-mail address, in however many instances; an erased one keeps the id only.
  create table persons (
    person_id uuid primary key,
    email text unique,
    display_name text,
    password_hash text,
    language text not null default 'en' check (language in ('en', 'fr')),
    is_operator boolean not null default false,
    registered_at timestamptz not null,
    email_verified_at timestamptz,
    erased_at timestamptz,
    constraint persons_erased check (
      case when erased_at is null then email is not null and display_name is not null
           else num_nonnulls(email, display_name, password_hash, email_verified_at) = 0 and not is_operator end)
  );

  create table memberships (
    instance_id uuid not null references instances,
    person_id uuid not null references persons,
    is_steward boolean not null default false,
    joined_at timestamptz not null,
    primary key (instance_id, person_id)
  );
  create index memberships_person on memberships (person_id, joined_at);

  create table sessions (
    token_hash bytea primary key,
    person_id uuid not null references persons,
    instance_id uuid references instances,
    created_at timestamptz not null,
    expires_at timestamptz not null
  );
  create index sessions_person on sessions (person_id);
  create index sessions_expiry on sessions (expires_at);

  create table api_tokens (
    api_token_id uuid primary key,
    token_hash bytea not null unique,
    instance_id uuid not null references instances,
    person_id uuid not null references persons,
    name text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz
  );
  create index api_tokens_person on api_tokens (instance_id, person_id, api_token_id);

  create table invitations (
    token_hash bytea primary key,
    person_id uuid not null unique references persons,
    expires_at timestamptz not null
  );

  -- Several may be good at once: a mail that was sent twice has two links. A new address ends them all.
  create table email_verifications (
    token_hash bytea primary key,
    person_id uuid not null references persons,
    expires_at timestamptz not null
  );
  create index email_verifications_person on email_verifications (person_id);

  -- Mails to be sent. Address and secret are put in when it is sent, and kept nowhere.
  create table mails (
    mail_id uuid primary key,
    person_id uuid not null references persons,
    kind text not null,
    created_at timestamptz not null,
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    sent_at timestamptz
  );
  create index mails_due on mails (next_attempt_at) where sent_at is null;
  create index mails_person on mails (person_id, created_at);

  create table sign_in_failures (
    email_hash bytea primary key,
    failures integer not null,
    last_failed_at timestamptz not null,
    locked_until timestamptz
  );
  create index sign_in_failures_age on sign_in_failures (last_failed_at);

  create table audit_entries (
    audit_id uuid primary key,
    instance_id uuid not null,
    recorded_at timestamptz not null,
    actor_id uuid,
    action text not null,
    object_kind text not null,
    object_id uuid not null,
    facts jsonb not null
  );
  create index audit_entries_instance on audit_entries (instance_id, audit_id);
  create function refuse_change() returns trigger language plpgsql as $$
    begin raise exception 'the audit log is append-only'; end $$;
  create trigger audit_entries_append_only before update or delete on audit_entries
    for each row execute function refuse_change();
  create trigger audit_entries_no_truncate before truncate on audit_entries
    for each statement execute function refuse_change();`;

const readModel = `
  create table enterprises (
    instance_id uuid not null,
    enterprise_id uuid not null,
    slug text not null,
    name text not null,
    is_producer boolean not null,
    is_hub boolean not null,
    changed_at timestamptz not null,
    event_id uuid not null,
    primary key (instance_id, enterprise_id)
  );

  create table referrals (
    instance_id uuid not null,
    referral_id uuid not null,
    hub_id uuid not null,
    producer_id uuid not null,
    is_standing boolean not null,
    changed_at timestamptz not null,
    event_id uuid not null,
    primary key (instance_id, referral_id)
  );
  create index referrals_hub on referrals (instance_id, hub_id) where is_standing;

  -- No index of these has what a later event changes, so that Postgres need not write the indexes again.
  -- One row per order; columns stay null until the event that brings them has come, in whatever order.
  create table dashboard_orders (
    instance_id uuid not null,
    order_id uuid not null,
    hub_id uuid not null,
    placed_on date,
    is_placed boolean not null default false,
    is_paid boolean not null default false,
    fulfilled_at timestamptz,
    closed_at timestamptz,
    closed_reason text,
    producer_ids uuid[] not null default '{}',
    primary key (instance_id, order_id)
  );
  -- When the earnings of an order became available; apart, because the ledger does not know the order's hub.
  create table dashboard_releases (
    instance_id uuid not null,
    order_id uuid not null,
    available_at timestamptz not null,
    primary key (instance_id, order_id)
  );
  create index dashboard_orders_day on dashboard_orders (instance_id, placed_on);

  -- The absolute standing of each capture, by the highest version of the sale and of its split.
  create table dashboard_captures (
    instance_id uuid not null,
    order_id uuid not null,
    capture_id uuid not null,
    hub_id uuid not null,
    placed_on date not null,
    sale_version integer not null default 0,
    split_version integer not null default 0,
    split_revision integer not null default 0,
    sale_changed_at timestamptz,
    hub_fee_minor bigint not null default 0,
    primary key (instance_id, order_id, capture_id)
  );
  create index dashboard_captures_day on dashboard_captures (instance_id, placed_on);

  create table dashboard_sales (
    instance_id uuid not null,
    order_id uuid not null,
    capture_id uuid not null,
    producer_id uuid not null,
    hub_id uuid not null,
    placed_on date not null,
    gross_minor bigint not null default 0,
    split_gross_minor bigint not null default 0,
    platform_minor bigint not null default 0,
    commission_minor bigint not null default 0,
    payment_costs_minor bigint not null default 0,
    share_vat_minor bigint not null default 0,
    producer_minor bigint not null default 0,
    primary key (instance_id, order_id, capture_id, producer_id)
  );
  create index dashboard_sales_day on dashboard_sales (instance_id, placed_on);

  -- The ledger's entries on the instance's own accounts; income positive. An entry never changes, so that its account
  -- and moment may lead its key, which then is the order of statements.
  create table administration_entries (
    instance_id uuid not null,
    transaction_id uuid not null,
    entry_index integer not null,
    account text not null,
    kind text not null,
    line text not null,
    share_id text,
    order_id uuid,
    producer_id uuid,
    amount_minor bigint not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    primary key (instance_id, account, occurred_at, transaction_id, entry_index) include (amount_minor, line)
  );

  ${fundingTables}
  create table dashboard_progress (
    instance_id uuid primary key,
    sequence integer not null,
    last_event_at timestamptz not null,
    last_lag_ms bigint not null
  );`;

const everyInstance = ['sessions', 'invitations', 'email_verifications', 'mails', 'sign_in_failures'];
const scoped = [
  'memberships',
  'api_tokens',
  'audit_entries',
  'enterprises',
  'referrals',
  'dashboard_orders',
  'dashboard_releases',
  'dashboard_captures',
  'dashboard_sales',
  'administration_entries',
  'dashboard_pledges',
  'dashboard_gifts',
  'dashboard_progress',
];

// A person is seen by the instances they are in, and written by the service itself only; what is looked up
// by a secret, before anybody knows an instance, is out of every instance's sight.
const peopleWall = `
  alter table persons enable row level security;
  alter table persons force row level security;
  create policy persons_read on persons for select
    using (current_setting('app.instance_id', true) = '*'
           or exists (select from memberships m where m.person_id = persons.person_id));
  create policy persons_write on persons
    using (current_setting('app.instance_id', true) = '*')
    with check (current_setting('app.instance_id', true) = '*');
  ${everyInstance
    .map(
      (table) => `
  alter table ${table} enable row level security;
  alter table ${table} force row level security;
  create policy ${table}_service on ${table}
    using (current_setting('app.instance_id', true) = '*')
    with check (current_setting('app.instance_id', true) = '*');`,
    )
    .join('\n')}`;

const rights = `
  do $$ begin
    if exists (select from pg_roles where rolname = current_schema() || '_app') then
      execute format('grant select, insert, update, delete on all tables in schema %I to %I',
        current_schema(), current_schema() || '_app');
      execute format('revoke update, delete on audit_entries from %I', current_schema() || '_app');
      execute format('revoke delete on persons, instances from %I', current_schema() || '_app');
    end if;
  end $$;`;

export class CreateAdmin1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [platformTables(), people, readModel, instanceScoped(...scoped), peopleWall, rights]) {
      await runner.query(sql);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    const own = [...scoped, ...everyInstance, 'persons', 'instances', 'outbox', 'inbox', 'idempotency_keys'];
    await runner.query(`drop table ${own.join(', ')} cascade; drop function refuse_change();`);
  }
}
