/** Acts on every instance: for consumers, jobs and commands of a service, never for a caller's request. */
export const ALL_INSTANCES = '*';

const TABLE_NAME = /^[a-z_][a-z0-9_]*$/;

/**
 * SQL for the first migration of each service: `outbox`, `inbox` and `idempotency_keys`, with the rights the
 * app role (`<schema>_app`, where that role exists) needs on them.
 */
export function platformTables(): string {
  return `
    create table outbox (
      id uuid primary key,
      instance_id uuid not null,
      subject text not null,
      payload json not null,
      headers json not null default '{}',
      occurred_at timestamptz not null,
      recorded_at timestamptz not null default now()
    );
    -- Trying to compress costs more processor time than it saves; larger ones are still stored apart.
    alter table outbox alter column payload set storage external, set (toast_tuple_target = 8160);
    create index outbox_recorded on outbox using brin (recorded_at);

    -- Which events wait to be published. Their own rows are large and never change.
    create table outbox_pending (
      id uuid primary key
    );

    create table inbox (
      consumer text not null,
      event_id uuid not null,
      received_at timestamptz not null default now(),
      primary key (consumer, event_id)
    );
    create index inbox_received on inbox using brin (received_at);

    create table idempotency_keys (
      caller text not null,
      command text not null,
      key text not null,
      body_hash text not null,
      response json not null,
      created_at timestamptz not null,
      primary key (caller, command, key)
    );
    create index idempotency_keys_created on idempotency_keys (created_at);

    do $$
    begin
      if exists (select from pg_roles where rolname = current_schema() || '_app') then
        execute format('grant select, insert, update, delete on outbox, outbox_pending, inbox, idempotency_keys to %I',
          current_schema() || '_app');
      end if;
    end $$;`;
}

/**
 * SQL that lets the rows of the named tables be seen and written only inside their instance (or by
 * ALL_INSTANCES), for the owner too. Each table must have a column \`instance_id uuid not null\`.
 * @throws Error for a name that is not a plain identifier.
 */
export function instanceScoped(...tables: string[]): string {
  return tables
    .map((table) => {
      if (!TABLE_NAME.test(table)) throw new Error(`not a table name: ${table}`);
      return `
    alter table ${table} enable row level security;
    alter table ${table} force row level security;
    create policy ${table}_instance on ${table}
      using (current_setting('app.instance_id', true) = '*'
             or instance_id::text = current_setting('app.instance_id', true))
      with check (current_setting('app.instance_id', true) = '*'
             or instance_id::text = current_setting('app.instance_id', true));`;
    })
    .join('\n');
}
