/** Posting a gift: at once and whole, out of what its giver has and has not earmarked, or out of money that came. */
export const gifts = `
  create function gift_command(p_gift jsonb, p_transaction uuid) returns jsonb language sql stable as $$
    select jsonb_build_object('id', p_transaction, 'key', jsonb_build_object('kind', 'gift', 'giftId', p_gift->'giftId'),
      'occurredAt', p_gift->'occurredAt', 'entries',
      jsonb_build_array(jsonb_build_object('account', p_gift->'from', 'line', 'gift', 'shareId', null,
        'amountMinor', (select sum((q->>'amountMinor')::bigint) from jsonb_array_elements(p_gift->'parts') q))) || (
        select jsonb_agg(jsonb_build_object('account', q->'account', 'amountMinor', -(q->>'amountMinor')::bigint,
          'line', q->'line', 'shareId', null) order by ord)
        from jsonb_array_elements(p_gift->'parts') with ordinality as p(q, ord)))
  $$;

  -- That a giver has less than they would give is an answer for them, and nothing for an operator to look into.
  create function post_gift(p_gift jsonb, p_now timestamptz) returns jsonb
  language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
  declare
    v_instance uuid := (p_gift->>'instanceId')::uuid;
    v_key text := 'gift:' || (p_gift->>'giftId');
    v_head chain_heads := lock_head(v_instance);
    v_now timestamptz := recording_time(v_head, p_now);
    v_command jsonb := gift_command(p_gift, new_id(v_now));
    v_giver accounts := account_at(v_instance, p_gift->'from');
    v_outcome jsonb;
  begin
    if normal_side_of(p_gift->'from'->>'purpose') = 'credit'
      and not exists (select from transactions where business_key = v_key and instance_id = v_instance)
      and (v_giver.id is null or standing(v_giver) - v_giver.reserved_minor
        - (v_command->'entries'->0->>'amountMinor')::bigint < coalesce(v_giver.limit_minor, 0)) then
      return jsonb_build_object('outcome', 'refused', 'code', 'limit-exceeded', 'field', 'amountMinor');
    end if;
    v_outcome := post_locked(v_head, jsonb_build_object('commands', jsonb_build_array(v_command)), v_now)->'outcomes'->0;
    return jsonb_build_object('outcome', v_outcome->'outcome', 'code', v_outcome->'code', 'field', v_outcome->'field',
      'transactionId', coalesce(v_outcome->'transactionId', v_command->'id'));
  end $$;
`;
