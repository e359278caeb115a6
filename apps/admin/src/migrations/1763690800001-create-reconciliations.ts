import type { MigrationInterface, QueryRunner } from 'typeorm';

// Of all instances at once, so in the sight of none of them. One runs at a time; 'claimed_until' is in real time.
const reconciliations = `
  create table reconciliations (
    reconciliation_id uuid primary key,
    requested_by uuid not null,
    requested_at timestamptz not null,
    finished_at timestamptz,
    state text not null default 'running' check (state in ('running', 'agrees', 'differs', 'failed')),
    claimed_until timestamptz,
    instances int not null default 0,
    results jsonb not null default '[]',
    findings jsonb not null default '[]',
    check ((state = 'running') = (finished_at is null))
  );
  create unique index reconciliations_running on reconciliations ((true)) where state = 'running';
  alter table reconciliations enable row level security;
  alter table reconciliations force row level security;
  create policy reconciliations_service on reconciliations
    using (current_setting('app.instance_id', true) = '*')
    with check (current_setting('app.instance_id', true) = '*');
  do $$ begin
    if exists (select from pg_roles where rolname = current_schema() || '_app') then
      execute format('grant select, insert, update on reconciliations to %I', current_schema() || '_app');
    end if;
  end $$;`;

export class CreateReconciliations1763690800001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(reconciliations);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table reconciliations');
  }
}
