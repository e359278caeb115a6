/**
 * Payouts: who is paid where, and runs of transfers. Names of accounts and IBANs are in `payees`, `payout_settings`,
 * `payout_recipients` and `payout_files` only, apart from entries. Money moves in the functions below only.
 */
export const payouts = `
  create table payees (
    instance_id uuid not null,
    owner_kind text not null check (owner_kind in ('person', 'enterprise')),
    owner_id uuid not null,
    way text not null check (way in ('iban', 'manual')),
    iban text,
    account_name text,
    minimum_minor bigint not null check (minimum_minor >= 0),
    schedule text not null check (schedule in ('daily', 'weekly', 'monthly')),
    changed_by uuid not null,
    changed_at timestamptz not null,
    primary key (owner_id, owner_kind, instance_id),
    check ((way = 'iban') = (iban is not null and account_name is not null))
  );

  create table payout_settings (
    instance_id uuid primary key,
    debtor_name text not null,
    debtor_iban text not null,
    second_person_above_minor bigint not null check (second_person_above_minor >= 0),
    changed_by uuid not null,
    changed_at timestamptz not null
  );

  create table payout_runs (
    instance_id uuid not null,
    id uuid not null,
    currency text not null,
    state text not null check (state in ('proposed', 'approved', 'sent', 'closed', 'cancelled')),
    total_minor bigint not null check (total_minor > 0),
    payout_count integer not null check (payout_count > 0),
    proposed_by uuid not null,
    proposed_at timestamptz not null,
    approved_by uuid,
    approved_at timestamptz,
    sent_by uuid,
    sent_at timestamptz,
    primary key (id, instance_id)
  );

  -- A payout's id is that of its hold.
  create table payouts (
    instance_id uuid not null,
    id uuid not null,
    run_id uuid not null,
    account_id uuid not null,
    owner_kind text not null,
    owner_id uuid not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor > 0),
    way text not null check (way in ('iban', 'manual')),
    state text not null check (state in ('reserved', 'sent', 'settled', 'returned', 'review', 'cancelled')),
    reserved_at timestamptz not null,
    changed_by uuid not null,
    changed_at timestamptz not null,
    reason text,
    primary key (id, instance_id),
    constraint payouts_once unique (run_id, account_id, instance_id)
  );
  create index payouts_of_owner on payouts (owner_id, id);
  create index payouts_of_account on payouts (account_id, reserved_at);
  create index payouts_underway on payouts (instance_id, changed_at) where state in ('sent', 'review');

  create table payout_recipients (
    instance_id uuid not null,
    payout_id uuid not null,
    iban text not null,
    account_name text not null,
    primary key (payout_id, instance_id)
  );

  create table payout_files (
    instance_id uuid not null,
    run_id uuid not null,
    content text not null,
    written_at timestamptz not null,
    primary key (run_id, instance_id)
  );

  -- Which payout an entry of an available account is in: at most one, by its key.
  create table payout_entries (
    instance_id uuid not null,
    account_id uuid not null,
    version bigint not null,
    payout_id uuid not null,
    primary key (account_id, version)
  );
  create index payout_entries_of_payout on payout_entries (payout_id);

  create function payout_account(p_instance uuid, p_purpose text, p_currency text) returns jsonb
  language sql stable as $$
    select jsonb_build_object('owner', jsonb_build_object('kind', 'instance', 'id', p_instance), 'purpose', p_purpose,
      'currency', p_currency)
  $$;

  -- Whoever changes a run locks the chain before the run, as postings of payouts do.
  create function lock_chain(p_instance uuid) returns void
  language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
  begin
    perform lock_head(p_instance);
  end $$;

  -- Reserves what each payee has available, at least their minimum and as often as they want; one payout for each.
  create function propose_run(p_instance uuid, p_run uuid, p_currency text, p_by uuid, p_now timestamptz)
  returns integer language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
  declare
    v_head chain_heads := lock_head(p_instance);
    v_now timestamptz := recording_time(v_head, p_now);
    v_on_the_way accounts;
    v_count integer;
  begin
    insert into payouts (instance_id, id, run_id, account_id, owner_kind, owner_id, currency, amount_minor, way, state,
      reserved_at, changed_by, changed_at)
    select p_instance, new_id(v_now), p_run, a.id, a.owner_kind, a.owner_id, a.currency,
      least(f.free, 99999999999), p.way, 'reserved', v_now, p_by, v_now
    from accounts a
    join payees p on p.owner_id = a.owner_id and p.owner_kind = a.owner_kind and p.instance_id = a.instance_id
    left join accounts q on q.owner_id = a.owner_id and q.owner_kind = a.owner_kind and q.currency = a.currency
      and q.instance_id = a.instance_id and q.purpose = 'pending'
    -- What was spent or pledged while it was pending has moved here meanwhile, and is not paid out as well.
    cross join lateral (
      select standing(a) - a.reserved_minor + least(0, coalesce(standing(q) - q.reserved_minor, 0)) as free) f
    where a.instance_id = p_instance and a.purpose = 'available' and a.currency = p_currency
      and f.free >= greatest(p.minimum_minor, 1)
      and not exists (select from payouts o where o.account_id = a.id and o.state <> 'cancelled'
        and o.reserved_at > v_now + interval '12 hours' - case p.schedule when 'weekly' then interval '7 days'
          when 'monthly' then interval '1 month' else interval '12 hours' end)
    order by a.id limit 1000;
    get diagnostics v_count = row_count;
    if v_count = 0 then return 0; end if;
    perform open_accounts(p_instance, refs_of(jsonb_build_array(payout_account(p_instance, 'payouts', p_currency))), null,
      v_now);
    v_on_the_way := account_at(p_instance, payout_account(p_instance, 'payouts', p_currency));
    insert into payout_runs (instance_id, id, currency, state, total_minor, payout_count, proposed_by, proposed_at)
    select p_instance, p_run, p_currency, 'proposed', sum(amount_minor), count(*), p_by, v_now
    from payouts where run_id = p_run and instance_id = p_instance;
    insert into holds (instance_id, id, account_id, payee_id, refund_to_id, amount_minor, deadline, placed_at)
    select p_instance, id, account_id, v_on_the_way.id, account_id, amount_minor, v_now + interval '30 days', v_now
    from payouts where run_id = p_run and instance_id = p_instance;
    update accounts a set reserved_minor = a.reserved_minor + o.amount_minor
    from payouts o where o.run_id = p_run and o.account_id = a.id and a.instance_id = p_instance;
    insert into payout_recipients (instance_id, payout_id, iban, account_name)
    select p_instance, o.id, p.iban, p.account_name
    from payouts o join payees p on p.owner_id = o.owner_id and p.owner_kind = o.owner_kind and p.instance_id = o.instance_id
    where o.run_id = p_run and o.instance_id = p_instance and o.way = 'iban';
    insert into payout_entries (instance_id, account_id, version, payout_id)
    select p_instance, e.account_id, e.version, o.id
    from payouts o join entries e on e.account_id = o.account_id and e.instance_id = o.instance_id
    where o.run_id = p_run and o.instance_id = p_instance
      and not exists (select from payout_entries c where c.account_id = e.account_id and c.version = e.version);
    return v_count;
  end $$;

  -- The payouts of a run whose money is still reserved; a hold may have expired meanwhile.
  create function reserved_payouts(p_instance uuid, p_run uuid) returns setof payouts language sql stable as $$
    select o.* from payouts o
    where o.run_id = p_run and o.instance_id = p_instance and o.state = 'reserved' and not exists (
      select from hold_resolutions r where r.hold_id = o.id and r.instance_id = o.instance_id)
    order by o.id
  $$;

  -- Ends the holds of a run's reserved payouts; what is not reserved any more is cancelled.
  create function end_reservations(p_instance uuid, p_run uuid, p_outcome text, p_by uuid, p_now timestamptz)
  returns void language plpgsql volatile as $$
  begin
    update payouts o set state = 'cancelled', changed_by = p_by, changed_at = p_now
    where o.run_id = p_run and o.instance_id = p_instance and o.state = 'reserved'
      and (p_outcome = 'voided' or not exists (select from reserved_payouts(p_instance, p_run) r where r.id = o.id));
    delete from payout_entries e using payouts o
    where o.run_id = p_run and o.instance_id = p_instance and o.state = 'cancelled' and e.payout_id = o.id;
    update accounts a set reserved_minor = a.reserved_minor - o.amount_minor
    from payouts o
    where o.run_id = p_run and o.instance_id = p_instance and o.account_id = a.id and a.instance_id = p_instance
      and not exists (select from hold_resolutions r where r.hold_id = o.id and r.instance_id = o.instance_id);
    insert into hold_resolutions (instance_id, hold_id, outcome, settled_minor, transaction_id, resolved_at)
    select p_instance, o.id, p_outcome, case p_outcome when 'settled' then o.amount_minor else 0 end, t.id, p_now
    from payouts o
    left join transactions t on t.business_key = 'payout:' || o.id || ':sent' and t.instance_id = o.instance_id
    where o.run_id = p_run and o.instance_id = p_instance and not exists (
      select from hold_resolutions r where r.hold_id = o.id and r.instance_id = o.instance_id);
  end $$;

  -- A payout's step as a command: from one account to another, both by their meaning.
  create function payout_step(p_payout payouts, p_step text, p_from jsonb, p_to jsonb, p_now timestamptz) returns jsonb
  language sql volatile as $$
    select jsonb_build_object('id', new_id(p_now),
      'key', jsonb_build_object('kind', 'payout', 'payoutId', p_payout.id, 'step', p_step),
      'occurredAt', instant_text(p_now), 'entries', jsonb_build_array(
        jsonb_build_object('account', p_from, 'amountMinor', p_payout.amount_minor, 'line', 'paid-out', 'shareId', null),
        jsonb_build_object('account', p_to, 'amountMinor', -p_payout.amount_minor, 'line', 'paid-out', 'shareId', null)))
  $$;

  create function post_steps(p_head chain_heads, p_commands jsonb, p_now timestamptz) returns void
  language plpgsql volatile as $$
  declare v_answer jsonb;
  begin
    v_answer := post_locked(p_head, jsonb_build_object('commands', p_commands), p_now);
    if exists (select from jsonb_array_elements(v_answer->'outcomes') o where o->>'outcome' <> 'posted') then
      raise exception 'a step of a payout was refused: %', v_answer->'outcomes';
    end if;
  end $$;

  -- All of an approved run leaves at once, with the file that says so; false when it is not approved (any more).
  create function send_run(p_instance uuid, p_run uuid, p_file text, p_by uuid, p_now timestamptz) returns boolean
  language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
  declare
    v_head chain_heads := lock_head(p_instance);
    v_now timestamptz := recording_time(v_head, p_now);
    v_commands jsonb;
  begin
    update payout_runs set state = 'sent', sent_by = p_by, sent_at = v_now
    where id = p_run and instance_id = p_instance and state = 'approved';
    if not found then return false; end if;
    for v_commands in
      select jsonb_agg(s.command order by s.n) from (
        select payout_step(o, 'sent', account_json(a), payout_account(p_instance, 'payouts', o.currency), v_now) as command,
          row_number() over (order by o.id) as n
        from reserved_payouts(p_instance, p_run) o join accounts a on a.id = o.account_id and a.instance_id = p_instance
      ) s group by (s.n - 1) / 100 order by (s.n - 1) / 100
    loop
      perform post_steps(v_head, v_commands, v_now);
      select * into v_head from chain_heads where instance_id = p_instance;
    end loop;
    perform end_reservations(p_instance, p_run, 'settled', p_by, v_now);
    update payouts set state = 'sent', changed_by = p_by, changed_at = v_now
    where run_id = p_run and instance_id = p_instance and state = 'reserved';
    insert into payout_entries (instance_id, account_id, version, payout_id)
    select p_instance, e.account_id, e.version, o.id
    from payouts o
    join transactions t on t.business_key = 'payout:' || o.id || ':sent' and t.instance_id = o.instance_id
    join entries e on e.transaction_id = t.id and e.instance_id = t.instance_id and e.account_id = o.account_id
    where o.run_id = p_run and o.instance_id = p_instance;
    if p_file is not null then
      insert into payout_files (instance_id, run_id, content, written_at) values (p_instance, p_run, p_file, v_now);
    end if;
    perform close_run(p_instance, p_run);
    return true;
  end $$;

  -- Nothing of a run that is not sent leaves; what it reserved is free again.
  create function cancel_run(p_instance uuid, p_run uuid, p_by uuid, p_now timestamptz) returns boolean
  language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
  declare v_head chain_heads := lock_head(p_instance);
  begin
    update payout_runs set state = 'cancelled'
    where id = p_run and instance_id = p_instance and state in ('proposed', 'approved');
    if not found then return false; end if;
    perform end_reservations(p_instance, p_run, 'voided', p_by, recording_time(v_head, p_now));
    return true;
  end $$;

  create function close_run(p_instance uuid, p_run uuid) returns void language sql volatile as $$
    update payout_runs set state = 'closed' where id = p_run and instance_id = p_instance and state = 'sent'
      and not exists (select from payouts o where o.run_id = p_run and o.instance_id = p_instance
        and o.state in ('reserved', 'sent', 'review'))
  $$;

  -- What became of a payout that was sent: settled, returned (its balance is back), or to be looked into by a person.
  create function move_payout(p_instance uuid, p_payout uuid, p_state text, p_reason text, p_by uuid, p_now timestamptz)
  returns text language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
  declare
    v_head chain_heads := lock_head(p_instance);
    v_now timestamptz := recording_time(v_head, p_now);
    v_payout payouts;
    v_own jsonb;
    v_bank jsonb;
    v_way jsonb;
  begin
    select * into v_payout from payouts where id = p_payout and instance_id = p_instance for update;
    if not found then return 'not-found'; end if;
    if v_payout.state = p_state then return 'exists'; end if;
    if (v_payout.state, p_state) not in (('sent', 'settled'), ('sent', 'returned'), ('sent', 'review'),
      ('review', 'settled'), ('review', 'returned'), ('settled', 'returned')) then return 'invalid-state'; end if;
    if p_state <> 'review' then
      select account_json(a) into v_own from accounts a where a.id = v_payout.account_id and a.instance_id = p_instance;
      v_bank := payout_account(p_instance, 'bank', v_payout.currency);
      v_way := payout_account(p_instance, 'payouts', v_payout.currency);
      perform post_steps(v_head, jsonb_build_array(case
        when p_state = 'settled' then payout_step(v_payout, p_state, v_way, v_bank, v_now)
        when v_payout.state = 'settled' then payout_step(v_payout, p_state, v_bank, v_own, v_now)
        else payout_step(v_payout, p_state, v_way, v_own, v_now) end), v_now);
    end if;
    update payouts set state = p_state, reason = p_reason, changed_by = p_by, changed_at = v_now
    where id = p_payout and instance_id = p_instance;
    perform close_run(p_instance, v_payout.run_id);
    return 'done';
  end $$;
`;
