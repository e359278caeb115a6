import { instanceScoped, platformTables } from '@foodshed/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { flowSums } from './flow-sums.sql.js';
import { gifts } from './gifts.sql.js';
import { holdFunctions } from './holds.sql.js';
import { payouts } from './payouts.sql.js';
import { releases } from './releases.sql.js';
import { settleHolds } from './settle-holds.sql.js';
import { historyTables, historyTriggers, ledgerTables } from './ledger-tables.sql.js';
import { postBatch } from './post-batch.sql.js';
import { postingForms } from './posting-forms.sql.js';
import { postingSteps } from './posting-steps.sql.js';

/** Written by the application itself, beside the books: nothing of them is a balance. */
const besides = ['fulfilments', 'cash_handovers', 'captures', 'payees', 'payout_settings', 'payout_runs'];
/** Who is paid where; taken out when a person is erased, or the law asks for it no more. */
const personal = ['payees', 'payout_recipients', 'payout_files'];

const scoped = [
  ...historyTables,
  'chain_heads',
  'accounts',
  'flow_blocks',
  'flow_sums',
  'release_progress',
  ...new Set([...besides, ...personal]),
  'payouts',
  'payout_entries',
];

/** The application may call these and read; there is no other way into the books. */
const doors = [
  'post_batch(jsonb, timestamptz)',
  'place_hold(jsonb, timestamptz)',
  'resolve_hold(jsonb, timestamptz)',
  'settle_holds(jsonb, timestamptz)',
  'post_gift(jsonb, timestamptz)',
  'open_account(uuid, jsonb, bigint, timestamptz)',
  'version_before(uuid, timestamptz)',
  'add_up_flows(uuid, bigint, bigint)',
  'lock_releases(uuid)',
  'follow_captures(uuid, integer)',
  'release_due(uuid, timestamptz, integer)',
  'receive_cash(uuid, uuid, uuid, timestamptz)',
  'lock_chain(uuid)',
  'reserved_payouts(uuid, uuid)',
  'propose_run(uuid, uuid, text, uuid, timestamptz)',
  'send_run(uuid, uuid, text, uuid, timestamptz)',
  'cancel_run(uuid, uuid, uuid, timestamptz)',
  'move_payout(uuid, uuid, text, text, uuid, timestamptz)',
];

const rights = `
  do $$
  begin
    revoke all on all functions in schema ledger from public;
    if exists (select from pg_roles where rolname = 'ledger_app') then
      revoke all on all tables in schema ledger from ledger_app;
      revoke all on all functions in schema ledger from ledger_app;
      grant select on ${scoped.join(', ')}, moved to ledger_app;
      grant insert, update on ${besides.join(', ')} to ledger_app;
      grant delete on ${personal.join(', ')} to ledger_app;
      grant insert, update on release_progress to ledger_app;
      grant select, delete on outbox to ledger_app;
      grant select, update, delete on outbox_pending to ledger_app;
      grant select, insert, update, delete on inbox, idempotency_keys to ledger_app;
      grant execute on function ${doors.join(', ')} to ledger_app;
    end if;
  end $$;
`;

export class CreateLedger1763690400000 implements MigrationInterface {
  readonly name = 'CreateLedger1763690400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(platformTables());
    await runner.query(ledgerTables);
    await runner.query(flowSums);
    for (const part of [
      postingForms,
      postingSteps,
      postBatch,
      holdFunctions,
      settleHolds,
      gifts,
      releases,
      payouts,
    ])
      await runner.query(part);
    await runner.query(instanceScoped(...scoped));
    await runner.query(historyTriggers);
    await runner.query(rights);
  }

  async down(): Promise<void> {
    throw new Error('The books are not taken down; restore a backup instead.');
  }
}
