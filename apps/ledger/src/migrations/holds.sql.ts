/** Holds: reserve, then settle, void or expire exactly once; the primary key of a resolution keeps it single. */
export const holdFunctions = `
  create function account_json(a accounts) returns jsonb language sql stable as $$
    select jsonb_build_object('owner', jsonb_build_object('kind', a.owner_kind, 'id', a.owner_id),
      'purpose', a.purpose, 'currency', a.currency)
  $$;

  create function account_at(p_instance uuid, p_ref jsonb) returns accounts language sql stable as $$
    select a.* from accounts a
    where a.instance_id = p_instance and a.owner_id = (p_ref->'owner'->>'id')::uuid and a.purpose = p_ref->>'purpose'
      and a.currency = p_ref->>'currency' and a.owner_kind = p_ref->'owner'->>'kind'
  $$;

  create function hold_answer(p_outcome text, p_code text, p_field text, p_instance uuid, p_hold uuid)
  returns jsonb language sql stable as $$
    select jsonb_build_object('outcome', p_outcome, 'code', p_code, 'field', p_field, 'hold', (
      select jsonb_build_object('holdId', h.id, 'account', account_json(a), 'payee', account_json(p),
        'refundTo', account_json(r), 'amountMinor', h.amount_minor, 'deadline', instant_text(h.deadline),
        'placedAt', instant_text(h.placed_at), 'state', coalesce(x.outcome, 'open'),
        'resolvedAt', instant_text(x.resolved_at), 'settledMinor', x.settled_minor, 'transactionId', x.transaction_id)
      from holds h
      join accounts a on a.instance_id = h.instance_id and a.id = h.account_id
      join accounts p on p.instance_id = h.instance_id and p.id = h.payee_id
      join accounts r on r.instance_id = h.instance_id and r.id = h.refund_to_id
      left join hold_resolutions x on x.instance_id = h.instance_id and x.hold_id = h.id
      where h.instance_id = p_instance and h.id = p_hold))
  $$;

  create function refs_of(p_refs jsonb) returns account_ref[] language sql stable as $$
    select array_agg((r.ref->'owner'->>'kind', (r.ref->'owner'->>'id')::uuid, r.ref->>'purpose',
      r.ref->>'currency')::account_ref order by r.ord)
    from jsonb_array_elements(p_refs) with ordinality as r(ref, ord)
  $$;

  create function place_hold(p_hold jsonb, p_now timestamptz) returns jsonb
  language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
  declare
    v_instance uuid := (p_hold->>'instanceId')::uuid;
    v_id uuid := (p_hold->>'holdId')::uuid;
    v_amount bigint := (p_hold->>'amountMinor')::bigint;
    v_deadline timestamptz := (p_hold->>'deadline')::timestamptz;
    v_refs account_ref[] := refs_of(jsonb_build_array(p_hold->'account', p_hold->'payee', p_hold->'refundTo'));
    v_head chain_heads := lock_head(v_instance);
    v_now timestamptz := recording_time(v_head, p_now);
    v_account accounts;
    v_payee accounts;
    v_refund accounts;
    v_found holds;
    v_field text;
  begin
    v_account := account_at(v_instance, p_hold->'account');
    v_payee := account_at(v_instance, p_hold->'payee');
    v_refund := account_at(v_instance, p_hold->'refundTo');
    select * into v_found from holds where instance_id = v_instance and id = v_id;
    if found then
      v_field := case when v_found.account_id is distinct from v_account.id then 'account'
        when v_found.payee_id is distinct from v_payee.id then 'payee'
        when v_found.refund_to_id is distinct from v_refund.id then 'refundTo'
        when v_found.amount_minor <> v_amount then 'amountMinor'
        when v_found.deadline <> v_deadline then 'deadline' end;
      if v_field is null then return hold_answer('exists', null, null, v_instance, v_id); end if;
      return hold_answer('refused', 'business-key-conflict', v_field, v_instance, v_id);
    end if;
    if exists (select from unnest(v_refs) r where r.currency <> v_refs[1].currency) then
      return hold_answer('refused', 'currency-mixed', 'account', v_instance, v_id);
    elsif exists (select from unnest(v_refs) r where normal_side_of(r.purpose) <> normal_side_of(v_refs[1].purpose)) then
      return hold_answer('refused', 'invalid-input', 'account', v_instance, v_id);
    elsif v_deadline <= v_now then
      return hold_answer('refused', 'invalid-input', 'deadline', v_instance, v_id);
    elsif v_account.id is null or standing(v_account) - v_account.reserved_minor - v_amount < coalesce(v_account.limit_minor, 0) then
      return hold_answer('refused', 'limit-exceeded', 'amountMinor', v_instance, v_id);
    end if;
    perform open_accounts(v_instance, v_refs, null, v_now);
    v_payee := account_at(v_instance, p_hold->'payee');
    v_refund := account_at(v_instance, p_hold->'refundTo');
    update accounts set reserved_minor = reserved_minor + v_amount where instance_id = v_instance and id = v_account.id;
    insert into holds (instance_id, id, account_id, payee_id, refund_to_id, amount_minor, deadline, placed_at)
    values (v_instance, v_id, v_account.id, v_payee.id, v_refund.id, v_amount, v_deadline, v_now);
    return hold_answer('done', null, null, v_instance, v_id);
  end $$;

  -- The transaction that moves a held amount: the payee's part, and the rest to refund-to where that is another account.
  create function hold_command(p_hold holds, p_settled bigint, p_transaction uuid, p_now timestamptz)
  returns jsonb language sql stable as $$
    with legs as (
      select a as account, l.amount, l.ord
      from (values (1, p_hold.payee_id, p_settled), (2, p_hold.refund_to_id, p_hold.amount_minor - p_settled))
        as l(ord, account_id, amount)
      join accounts a on a.instance_id = p_hold.instance_id and a.id = l.account_id
      where l.amount > 0 and l.account_id <> p_hold.account_id
    ), signed as (
      select account, case (account).normal_side when 'debit' then amount else -amount end as amount, ord from legs
      union all
      select a, -(select sum(case (account).normal_side when 'debit' then amount else -amount end) from legs)::bigint, 0
      from accounts a
      where a.instance_id = p_hold.instance_id and a.id = p_hold.account_id and exists (select from legs)
    )
    select jsonb_build_object('id', p_transaction,
        'key', jsonb_build_object('kind', 'hold-resolution', 'holdId', p_hold.id), 'occurredAt', instant_text(p_now),
        'entries', jsonb_agg(jsonb_build_object('account', account_json(account), 'amountMinor', amount,
          'line', 'hold', 'shareId', null) order by ord))
    from signed having count(*) > 0
  $$;

  create function resolve_hold(p_resolution jsonb, p_now timestamptz) returns jsonb
  language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
  declare
    v_instance uuid := (p_resolution->>'instanceId')::uuid;
    v_id uuid := (p_resolution->>'holdId')::uuid;
    v_outcome text := p_resolution->>'outcome';
    v_settled bigint := case when v_outcome = 'settled' then (p_resolution->>'amountMinor')::bigint else 0 end;
    v_transaction uuid := (p_resolution->>'transactionId')::uuid;
    v_head chain_heads := lock_head(v_instance);
    v_now timestamptz := recording_time(v_head, p_now);
    v_hold holds;
    v_done hold_resolutions;
    v_command jsonb;
  begin
    select * into v_hold from holds where instance_id = v_instance and id = v_id;
    if not found then return hold_answer('refused', 'not-found', 'holdId', v_instance, v_id); end if;
    select * into v_done from hold_resolutions where instance_id = v_instance and hold_id = v_id;
    if found then
      return case when v_done.outcome = v_outcome and v_done.settled_minor = v_settled
        then hold_answer('exists', null, null, v_instance, v_id)
        else hold_answer('refused', 'invalid-state', 'holdId', v_instance, v_id) end;
    end if;
    if v_settled > v_hold.amount_minor then
      return hold_answer('refused', 'limit-exceeded', 'amountMinor', v_instance, v_id);
    elsif (v_outcome = 'settled' and v_now >= v_hold.deadline) or (v_outcome = 'expired' and v_now < v_hold.deadline) then
      return hold_answer('refused', 'invalid-state', 'deadline', v_instance, v_id);
    end if;
    update accounts set reserved_minor = reserved_minor - v_hold.amount_minor
    where instance_id = v_instance and id = v_hold.account_id;
    v_command := hold_command(v_hold, v_settled, v_transaction, v_now);
    if v_command is not null then
      v_command := post_locked(v_head, jsonb_build_object('commands', jsonb_build_array(v_command)), v_now);
      if v_command->'outcomes'->0->>'outcome' <> 'posted' then
        raise exception 'the transaction of hold % was refused: %', v_id, v_command->'outcomes'->0;
      end if;
    end if;
    insert into hold_resolutions (instance_id, hold_id, outcome, settled_minor, transaction_id, resolved_at)
    values (v_instance, v_id, v_outcome, v_settled, case when v_command is not null then v_transaction end, v_now);
    return hold_answer('done', null, null, v_instance, v_id);
  end $$;

  create function open_account(p_instance uuid, p_account jsonb, p_limit bigint, p_now timestamptz) returns jsonb
  language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
  declare
    v_head chain_heads := lock_head(p_instance);
    v_account accounts;
  begin
    perform open_accounts(p_instance, refs_of(jsonb_build_array(p_account)), p_limit, recording_time(v_head, p_now));
    v_account := account_at(p_instance, p_account);
    return jsonb_build_object('accountId', v_account.id, 'limitMinor', v_account.limit_minor);
  end $$;
`;
