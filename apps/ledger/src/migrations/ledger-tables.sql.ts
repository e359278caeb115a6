/**
 * The books of the ledger. What is history is only ever inserted; balances and the head move with it. Keys lead
 * with the column that tells rows apart, so that no plan can mistake "all rows of an instance" for a lookup.
 */
export const ledgerTables = `
  create table chain_heads (
    instance_id uuid primary key,
    batch bigint not null default 0 check (batch >= 0),
    hash bytea not null default decode(repeat('00', 32), 'hex') check (length(hash) = 32),
    sealed_at timestamptz
  );

  create table accounts (
    instance_id uuid not null,
    id uuid not null,
    owner_kind text not null check (owner_kind in ('person', 'enterprise', 'instance', 'pitch')),
    owner_id uuid not null,
    purpose text not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    normal_side text not null check (normal_side in ('debit', 'credit')),
    limit_minor bigint,
    opened_at timestamptz not null,
    identity_hash bytea not null check (length(identity_hash) = 32),
    balance_minor bigint not null default 0 check (abs(balance_minor) <= 9007199254740991),
    reserved_minor bigint not null default 0 check (reserved_minor >= 0),
    version bigint not null default 0 check (version >= 0),
    primary key (id, instance_id),
    constraint accounts_by_meaning unique (owner_id, purpose, currency, owner_kind, instance_id)
  ) with (fillfactor = 70);
  create index accounts_limited on accounts (instance_id) where limit_minor is not null;
  comment on column accounts.balance_minor is 'Debit positive; equals balance_minor of the entry with this version.';

  create table batches (
    instance_id uuid not null,
    number bigint not null check (number > 0),
    previous_hash bytea not null check (length(previous_hash) = 32),
    hash bytea not null check (length(hash) = 32),
    transaction_count integer not null check (transaction_count > 0),
    recorded_at timestamptz not null,
    primary key (number, instance_id)
  );
  create index batches_by_time on batches (instance_id, recorded_at);

  create table transactions (
    instance_id uuid not null,
    id uuid not null,
    business_key text not null,
    order_id uuid,
    corrects text,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    batch bigint not null,
    position integer not null check (position > 0),
    content_hash bytea not null check (length(content_hash) = 32),
    seal bytea not null check (length(seal) = 32),
    primary key (id, instance_id),
    constraint transactions_once unique (business_key, instance_id)
  );
  create index transactions_by_order on transactions (order_id) where order_id is not null;
  create index transactions_by_batch on transactions (batch, instance_id, position);

  create table entries (
    instance_id uuid not null,
    account_id uuid not null,
    version bigint not null check (version > 0),
    transaction_id uuid not null,
    position smallint not null check (position > 0),
    amount_minor bigint not null,
    balance_minor bigint not null,
    line text not null,
    share_id text,
    primary key (account_id, version)
  );
  create index entries_by_transaction on entries (transaction_id);
  comment on column entries.amount_minor is 'Debit positive, credit negative; a transaction adds up to zero.';

  create table refusals (
    instance_id uuid not null,
    id uuid not null,
    business_key text not null,
    content_hash bytea not null,
    code text not null,
    field text,
    detail text not null,
    command jsonb not null,
    refused_at timestamptz not null,
    primary key (id, instance_id),
    unique (business_key, content_hash, code, instance_id)
  );

  create table holds (
    instance_id uuid not null,
    id uuid not null,
    account_id uuid not null,
    payee_id uuid not null,
    refund_to_id uuid not null,
    amount_minor bigint not null check (amount_minor > 0),
    deadline timestamptz not null,
    placed_at timestamptz not null,
    primary key (id, instance_id),
    foreign key (account_id, instance_id) references accounts (id, instance_id),
    foreign key (payee_id, instance_id) references accounts (id, instance_id),
    foreign key (refund_to_id, instance_id) references accounts (id, instance_id)
  );
  create index holds_by_deadline on holds (deadline);

  create table hold_resolutions (
    instance_id uuid not null,
    hold_id uuid not null,
    outcome text not null check (outcome in ('settled', 'voided', 'expired')),
    settled_minor bigint not null check (settled_minor >= 0),
    transaction_id uuid,
    resolved_at timestamptz not null,
    primary key (hold_id, instance_id),
    foreign key (hold_id, instance_id) references holds (id, instance_id),
    check ((outcome = 'settled') = (settled_minor > 0))
  );

  create function refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% is history: % is refused, post a correction instead', tg_table_name, lower(tg_op)
      using errcode = 'restrict_violation';
  end $$;
`;

/** Tables whose rows nobody may change or remove, the owner included. */
export const historyTables = ['batches', 'transactions', 'entries', 'refusals', 'holds', 'hold_resolutions'];

/** The triggers that refuse every change of history; the second wall behind the missing privileges. */
export const historyTriggers = historyTables
  .map(
    (table) => `
  create trigger ${table}_are_history before update or delete or truncate on ${table}
    for each statement execute function refuse_change();`,
  )
  .join('');
