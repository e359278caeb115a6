/** Settling several holds of one payee and paying them on, in one batch: nothing is ever seen in between. */
export const settleHolds = `
  -- The first field in which a payout differs from the transaction that has its key, or null.
  create function differing_payout(p_instance uuid, p_transaction uuid, p_holds uuid[], p_parts jsonb)
  returns text language sql stable as $$
    select case
      when exists (select from unnest(p_holds) as i(id) where not exists (
        select from hold_resolutions r where r.instance_id = p_instance and r.hold_id = i.id and r.outcome = 'settled'))
        then 'holdIds'
      when (select jsonb_agg(jsonb_build_object('account', account_json(a), 'amountMinor', -e.amount_minor) order by e.position)
            from entries e join accounts a on a.instance_id = e.instance_id and a.id = e.account_id
            where e.transaction_id = p_transaction and e.instance_id = p_instance and e.position > 1) <> p_parts
        then 'parts' end
  $$;

  create function payout_answer(p_outcome text, p_code text, p_field text, p_transaction uuid, p_settled bigint)
  returns jsonb language sql stable as $$
    select jsonb_build_object('outcome', p_outcome, 'code', p_code, 'field', p_field, 'transactionId', p_transaction,
      'settledMinor', p_settled)
  $$;

  -- What forbids to settle these holds now, as {code, field}; null when nothing does.
  create function refusal_to_settle(p_instance uuid, p_holds uuid[], p_parts jsonb, p_now timestamptz)
  returns text[] language sql stable as $$
    select case
      when count(*) <> cardinality(p_holds) then array['not-found', 'holdIds']
      when count(distinct h.payee_id) <> 1 then array['invalid-input', 'holdIds']
      when bool_or(x.hold_id is not null) then array['invalid-state', 'holdIds']
      when bool_or(h.deadline <= p_now) then array['invalid-state', 'deadline']
      when exists (select from jsonb_array_elements(p_parts) q where q->'account'->>'currency' <> min(a.currency))
        then array['currency-mixed', 'parts']
      when sum(h.amount_minor) <> (select sum((q->>'amountMinor')::bigint) from jsonb_array_elements(p_parts) q)
        then array['unbalanced', 'parts'] end
    from holds h join accounts a on a.instance_id = h.instance_id and a.id = h.payee_id
    left join hold_resolutions x on x.instance_id = h.instance_id and x.hold_id = h.id
    where h.instance_id = p_instance and h.id = any (p_holds)
  $$;

  create function payout_command(p_payee accounts, p_payout uuid, p_transaction uuid, p_total bigint, p_parts jsonb,
    p_now timestamptz)
  returns jsonb language sql stable as $$
    select jsonb_build_object('id', p_transaction, 'key', jsonb_build_object('kind', 'pitch-payout', 'payoutId', p_payout),
      'occurredAt', instant_text(p_now), 'entries',
      jsonb_build_array(jsonb_build_object('account', account_json(p_payee), 'amountMinor', p_total, 'line', 'payout',
        'shareId', null)) || (
        select jsonb_agg(jsonb_build_object('account', q->'account', 'amountMinor', -(q->>'amountMinor')::bigint,
          'line', 'payout', 'shareId', null) order by ord)
        from jsonb_array_elements(p_parts) with ordinality as p(q, ord)))
  $$;

  create function settle_holds(p_payout jsonb, p_now timestamptz) returns jsonb
  language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
  declare
    v_instance uuid := (p_payout->>'instanceId')::uuid;
    v_payout uuid := (p_payout->>'payoutId')::uuid;
    v_parts jsonb := p_payout->'parts';
    v_ids uuid[] := array(select distinct value::uuid from jsonb_array_elements_text(p_payout->'holdIds'));
    v_head chain_heads := lock_head(v_instance);
    v_now timestamptz := recording_time(v_head, p_now);
    v_transaction uuid;
    v_total bigint;
    v_payee accounts;
    v_refusal text[];
    v_field text;
    v_commands jsonb;
    v_answer jsonb;
  begin
    select id into v_transaction from transactions
    where business_key = 'pitch-payout:' || v_payout and instance_id = v_instance;
    select sum(amount_minor) into v_total from holds where instance_id = v_instance and id = any (v_ids);
    if v_transaction is not null then
      v_field := differing_payout(v_instance, v_transaction, v_ids, v_parts);
      if v_field is null then return payout_answer('exists', null, null, v_transaction, v_total); end if;
      return payout_answer('refused', 'business-key-conflict', v_field, v_transaction, null);
    end if;
    v_refusal := refusal_to_settle(v_instance, v_ids, v_parts, v_now);
    if v_refusal is not null then return payout_answer('refused', v_refusal[1], v_refusal[2], null, null); end if;
    select a.* into v_payee from holds h join accounts a on a.instance_id = h.instance_id and a.id = h.payee_id
    where h.instance_id = v_instance and h.id = v_ids[1];
    update accounts a set reserved_minor = a.reserved_minor - s.held
    from (select account_id, sum(amount_minor) as held from holds
          where instance_id = v_instance and id = any (v_ids) group by account_id) s
    where a.instance_id = v_instance and a.id = s.account_id;
    v_transaction := new_id(v_now);
    select jsonb_agg(hold_command(h, h.amount_minor, new_id(v_now), v_now) order by h.id) into v_commands
    from holds h where h.instance_id = v_instance and h.id = any (v_ids);
    v_commands := v_commands || payout_command(v_payee, v_payout, v_transaction, v_total, v_parts, v_now);
    v_answer := post_locked(v_head, jsonb_build_object('commands', v_commands), v_now);
    if exists (select from jsonb_array_elements(v_answer->'outcomes') o where o->>'outcome' <> 'posted') then
      raise exception 'the transactions of payout % were refused: %', v_payout, v_answer->'outcomes';
    end if;
    insert into hold_resolutions (instance_id, hold_id, outcome, settled_minor, transaction_id, resolved_at)
    select v_instance, h.id, 'settled', h.amount_minor, t.id, v_now
    from holds h join transactions t on t.instance_id = h.instance_id and t.business_key = 'hold-resolution:' || h.id
    where h.instance_id = v_instance and h.id = any (v_ids);
    return payout_answer('done', null, null, v_transaction, v_total);
  end $$;
`;
