/**
 * What makes earnings available: that the order was handed over, that the money's holder was confirmed, and that the
 * hold is over. Kept beside the books, never in a posting's own transaction: captures are read out of sealed batches.
 */
export const releases = `
  -- Up to which batch captures were read; its row is the lock of this bookkeeping.
  create table release_progress (
    instance_id uuid primary key,
    batch bigint not null default 0 check (batch >= 0)
  );

  create table fulfilments (
    instance_id uuid not null,
    order_id uuid not null,
    fulfilled_at timestamptz not null,
    -- Null until commission said how long the order's model holds earnings; asked again at ask_at.
    hold_over_at timestamptz,
    ask_at timestamptz not null,
    primary key (order_id, instance_id)
  );
  create index fulfilments_to_ask on fulfilments (ask_at) where hold_over_at is null;

  create table cash_handovers (
    instance_id uuid not null,
    id uuid not null,
    hub_id uuid not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor > 0),
    state text not null check (state in ('recorded', 'received', 'refused')),
    recorded_by uuid not null,
    recorded_at timestamptz not null,
    decided_by uuid,
    decided_at timestamptz,
    primary key (id, instance_id),
    check ((state = 'recorded') = (decided_at is null))
  );
  create index cash_handovers_of_hub on cash_handovers (hub_id, id);

  create table captures (
    instance_id uuid not null,
    capture_id uuid not null,
    order_id uuid not null,
    holder_id uuid not null,
    -- What the holder has of it now, after refunds.
    amount_minor bigint not null,
    taken_at timestamptz not null,
    handover_id uuid,
    confirmed_at timestamptz,
    confirmed_by uuid,
    released integer not null default 0 check (released >= 0),
    -- When it has to be looked at next; null while nothing can have changed.
    look_at timestamptz,
    primary key (capture_id, instance_id)
  );
  create index captures_to_look_at on captures (look_at) where look_at is not null;
  create index captures_of_order on captures (order_id);
  create index captures_unconfirmed on captures (holder_id, capture_id) where confirmed_at is null;
  create index captures_of_handover on captures (handover_id) where handover_id is not null;

  create function lock_releases(p_instance uuid) returns bigint language plpgsql volatile as $$
  declare v_batch bigint;
  begin
    insert into release_progress (instance_id) values (p_instance) on conflict do nothing;
    select batch into v_batch from release_progress where instance_id = p_instance for update;
    return v_batch;
  end $$;

  -- Reads the captures of at most so many batches; answers how many batches are left. Each batch is read once.
  create function follow_captures(p_instance uuid, p_batches integer) returns bigint
  language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
  declare
    v_from bigint := lock_releases(p_instance);
    v_head bigint := coalesce((select batch from chain_heads where instance_id = p_instance), 0);
    v_to bigint := least(v_head, v_from + p_batches);
  begin
    if v_to = v_from then return 0; end if;
    insert into captures as c (instance_id, capture_id, order_id, holder_id, amount_minor, taken_at, look_at)
    select p_instance, m.capture_id, m.order_id,
      coalesce(m.holder_id, (select k.holder_id from captures k where k.capture_id = m.capture_id and k.instance_id = p_instance)),
      m.amount, m.taken_at, f.hold_over_at
    from (
      select split_part(t.business_key, ':', 3)::uuid as capture_id, t.order_id, min(t.occurred_at) as taken_at,
        (array_agg(e.account_id) filter (where e.line = 'money'))[1] as holder_id,
        coalesce(sum(e.amount_minor) filter (where e.line = 'money'), 0)::bigint as amount
      from transactions t join entries e on e.transaction_id = t.id and e.instance_id = t.instance_id
      where t.instance_id = p_instance and t.batch > v_from and t.batch <= v_to and t.order_id is not null
        and not starts_with(t.business_key, 'release:')
      group by 1, 2
    ) m
    left join fulfilments f on f.order_id = m.order_id and f.instance_id = p_instance
    order by m.capture_id
    on conflict (capture_id, instance_id) do update
      set amount_minor = c.amount_minor + excluded.amount_minor, look_at = coalesce(c.look_at, excluded.look_at);
    update release_progress set batch = v_to where instance_id = p_instance;
    return v_head - v_to;
  end $$;

  -- What stands on pending of captures that may be released, as commands; one for each capture of which anything does.
  create function release_commands(p_instance uuid, p_captures uuid[], p_now timestamptz) returns jsonb
  language sql stable as $$
    with standing as (
      select c.capture_id, c.order_id, c.released, greatest(f.hold_over_at, c.confirmed_at, c.taken_at) as first_at,
        a, sum(e.amount_minor)::bigint as amount
      from captures c
      join fulfilments f on f.order_id = c.order_id and f.instance_id = c.instance_id
      join transactions t on t.order_id = c.order_id and t.instance_id = c.instance_id
        and split_part(t.business_key, ':', 3) = c.capture_id::text
      join entries e on e.transaction_id = t.id and e.instance_id = t.instance_id
      join accounts a on a.id = e.account_id and a.instance_id = e.instance_id and a.purpose = 'pending'
      where c.instance_id = p_instance and c.capture_id = any (p_captures) and c.confirmed_at <= p_now
        and f.hold_over_at <= p_now
      group by c.capture_id, c.order_id, c.released, first_at, a
      having sum(e.amount_minor) <> 0
    ), sided as (
      select s.*, l.ord, case l.ord when 1 then account_json(s.a)
          else account_json(s.a) || '{"purpose": "available"}'::jsonb end as account,
        case l.ord when 1 then -amount else amount end as moved
      from standing s cross join (values (1), (2)) as l(ord)
    )
    select jsonb_agg(command) from (
      select jsonb_build_object('id', new_id(p_now), 'key', jsonb_build_object('kind', 'release', 'orderId', order_id,
          'captureId', capture_id, 'producerId', null, 'version', released + 1, 'revision', 0),
        'occurredAt', instant_text(case when released = 0 then first_at else p_now end),
        'entries', jsonb_agg(jsonb_build_object('account', account, 'amountMinor', moved, 'line', 'release',
          'shareId', null) order by (a).id, ord)) as command
      from sided group by capture_id, order_id, released, first_at order by capture_id
    ) c
  $$;

  -- Moves earnings that became available by now, of at most so many captures; answers how many it looked at.
  create function release_due(p_instance uuid, p_now timestamptz, p_captures integer) returns integer
  language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
  declare
    v_head chain_heads := lock_head(p_instance);
    v_now timestamptz := recording_time(v_head, p_now);
    v_due uuid[];
    v_commands jsonb;
    v_outcomes jsonb;
  begin
    select array_agg(capture_id) into v_due from (
      select capture_id from captures where instance_id = p_instance and look_at <= p_now
      order by look_at, capture_id limit p_captures for update) d;
    if v_due is null then return 0; end if;
    v_commands := release_commands(p_instance, v_due, v_now);
    if v_commands is not null then
      v_outcomes := post_locked(v_head, jsonb_build_object('commands', v_commands), v_now)->'outcomes';
      update captures c set released = c.released + 1
      from jsonb_array_elements(v_commands) with ordinality as m(command, ord)
      where c.instance_id = p_instance and c.capture_id = (m.command->'key'->>'captureId')::uuid
        and v_outcomes->(m.ord::integer - 1)->>'outcome' = 'posted';
    end if;
    update captures set look_at = null where instance_id = p_instance and capture_id = any (v_due);
    return cardinality(v_due);
  end $$;

  -- Receives the cash of a hand-over: out of the hub's till, into the instance's bank; its captures are confirmed.
  create function receive_cash(p_instance uuid, p_handover uuid, p_by uuid, p_now timestamptz) returns text
  language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
  declare
    v_head chain_heads := lock_head(p_instance);
    v_now timestamptz := recording_time(v_head, p_now);
    v_handover cash_handovers;
    v_command jsonb;
    v_outcome text;
  begin
    perform lock_releases(p_instance);
    update cash_handovers set state = 'received', decided_by = p_by, decided_at = v_now
    where id = p_handover and instance_id = p_instance and state = 'recorded' returning * into v_handover;
    if v_handover.id is null then return 'invalid-state'; end if;
    v_command := jsonb_build_object('id', new_id(v_now),
      'key', jsonb_build_object('kind', 'cash-receipt', 'handoverId', p_handover), 'occurredAt', instant_text(v_now),
      'entries', jsonb_build_array(
        jsonb_build_object('account', jsonb_build_object('owner', jsonb_build_object('kind', 'instance', 'id', p_instance),
          'purpose', 'bank', 'currency', v_handover.currency), 'amountMinor', v_handover.amount_minor, 'line', 'money',
          'shareId', null),
        jsonb_build_object('account', jsonb_build_object('owner', jsonb_build_object('kind', 'enterprise', 'id',
          v_handover.hub_id), 'purpose', 'till', 'currency', v_handover.currency), 'amountMinor',
          -v_handover.amount_minor, 'line', 'money', 'shareId', null)));
    v_outcome := post_locked(v_head, jsonb_build_object('commands', jsonb_build_array(v_command)), v_now)
      ->'outcomes'->0->>'outcome';
    if v_outcome <> 'posted' then raise exception 'the receipt of hand-over % was refused', p_handover; end if;
    update captures c set confirmed_at = v_now, confirmed_by = p_by, look_at = coalesce(c.look_at, f.hold_over_at)
    from captures k left join fulfilments f on f.order_id = k.order_id and f.instance_id = k.instance_id
    where k.capture_id = c.capture_id and k.instance_id = c.instance_id
      and c.handover_id = p_handover and c.instance_id = p_instance;
    return 'done';
  end $$;
`;
