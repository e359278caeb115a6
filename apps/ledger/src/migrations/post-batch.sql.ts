/** The one way into the books: `post_batch(batch, now)`, and what it answers. */
export const postBatch = `
  -- Names the first field in which a command differs from the transaction that has its key.
  create function differing_field(p_instance uuid, p_transaction transactions, p_command parsed_command,
    p_entries parsed_entry[])
  returns text language sql stable as $$
    select case
      when p_transaction.occurred_at <> p_command.occurred_at then 'occurredAt'
      when p_transaction.corrects is distinct from p_command.corrects then 'corrects'
      else coalesce((
        select case
            when s.position is null or n.position is null then 'entries.length'
            when (s.owner_kind, s.owner_id, s.purpose, s.currency) <> (n.owner_kind, n.owner_id, n.purpose, n.currency)
              then format('entries.%s.account', n.position - 1)
            when s.amount_minor <> n.amount then format('entries.%s.amountMinor', n.position - 1)
            when s.line <> n.line then format('entries.%s.line', n.position - 1)
            else format('entries.%s.shareId', n.position - 1) end
        from (select e.*, a.owner_kind, a.owner_id, a.purpose, a.currency
              from entries e join accounts a on a.instance_id = e.instance_id and a.id = e.account_id
              where e.transaction_id = p_transaction.id) s
        full join (select * from unnest(p_entries) where ord = p_command.ord) n on n.position = s.position
        where s.position is null or n.position is null
          or (s.owner_kind, s.owner_id, s.purpose, s.currency, s.amount_minor, s.line, coalesce(s.share_id, ''))
            <> (n.owner_kind, n.owner_id, n.purpose, n.currency, n.amount, n.line, coalesce(n.share_id, ''))
        order by coalesce(n.position, s.position) limit 1), 'content') end
  $$;

  -- Records what is new among the commands; answers each one and what events show of the new ones.
  create function record_commands(p_instance uuid, p_batch bigint, p_after integer, p_now timestamptz,
    p_commands parsed_command[], p_entries parsed_entry[], p_careful boolean, p_missing boolean,
    out answers jsonb, out written jsonb)
  language plpgsql volatile as $$
  declare
    v_new integer[];
    v_passed integer;
  begin
    select array_agg(f.ord) into v_new from (
      select distinct on (c.business_key) c.ord from unnest(p_commands) c
      where c.code is null and (
        select t.id from transactions t where t.business_key = c.business_key and t.instance_id = p_instance limit 1) is null
      order by c.business_key, c.ord
    ) f;
    if p_careful and v_new is not null then
      v_passed := limit_passed(p_instance, p_entries);
      if v_passed is not null then v_new := null; end if;
    end if;
    written := '[]';
    if v_new is not null then
      if p_missing then
        perform open_accounts(p_instance, array(select e from unnest(p_entries) e where e.ord = any (v_new)), null, p_now);
      end if;
      written := write_commands(p_instance, p_batch, p_after, p_now, p_commands, p_entries, v_new);
    end if;
    select jsonb_agg(jsonb_build_object('ord', c.ord, 'key', c.key, 'transactionId', case when a.code is null then t.id end,
        'outcome', case when a.code is not null then 'refused' when c.ord = any (v_new) then 'posted' else 'exists' end,
        'code', a.code, 'field', f.field, 'detail', a.code || ' at ' || f.field) order by c.ord)
    into answers
    from unnest(p_commands) c
    left join lateral (select t.* from transactions t
      where t.business_key = c.business_key and t.instance_id = p_instance limit 1) t on true
    cross join lateral (select case when c.code is not null then c.code when t.id is null then 'limit-exceeded'
      when t.content_hash <> c.content_hash then 'business-key-conflict' end as code) a
    cross join lateral (select case when c.code is not null then c.field
      when a.code = 'limit-exceeded' then format('entries.%s.account', v_passed - 1)
      when a.code is not null then differing_field(p_instance, t, c, p_entries) end as field) f;
  end $$;

  create function seal_batch(p_instance uuid, p_now timestamptz) returns chain_heads language plpgsql volatile as $$
  declare v_head chain_heads;
  begin
    with sealed as (
      select h.batch + 1 as number, h.hash as previous, s.count,
        sha256(h.hash || convert_to(concat_ws('|', p_instance, h.batch + 1, milliseconds(p_now), s.count), 'UTF8')
          || s.seals) as hash
      from chain_heads h
      cross join lateral (select count(*)::integer as count, string_agg(t.seal, ''::bytea order by t.position) as seals
        from transactions t where t.instance_id = p_instance and t.batch = h.batch + 1) s
      where h.instance_id = p_instance
    ), kept as (
      insert into batches (instance_id, number, previous_hash, hash, transaction_count, recorded_at)
      select p_instance, number, previous, hash, count, p_now from sealed
    )
    update chain_heads h set batch = s.number, hash = s.hash, sealed_at = p_now
    from sealed s where h.instance_id = p_instance
    returning h.* into v_head;
    return v_head;
  end $$;

  -- A message must stay well below a megabyte: some 1,000 entries in each event. p_size is at least their number.
  create function announce(p_head chain_heads, p_written jsonb, p_refused jsonb, p_size integer, p_now timestamptz)
  returns void language plpgsql volatile as $$
  begin
    insert into outbox (id, instance_id, subject, payload, occurred_at)
    select new_id(p_now), p_head.instance_id, 'ledger.events.posted.v1',
      jsonb_build_object('batch', p_head.batch, 'headHash', encode(p_head.hash, 'hex'), 'transactions', e.transactions,
        'refused', e.refused), p_now
    from (
      select p_written as transactions, p_refused as refused where p_size <= 1000
      union all
      select coalesce(jsonb_agg(s.transaction order by s.ord) filter (where s.ord > 0), '[]'),
        case when s.part = 0 then p_refused else '[]' end
      from (
        select 0 as ord, null as transaction, 0 as part
        union all
        select w.ord, w.transaction, (sum(jsonb_array_length(w.transaction->'entries')) over (order by w.ord))::integer / 1000
        from jsonb_array_elements(p_written) with ordinality as w(transaction, ord)
      ) s
      where p_size > 1000
      group by s.part
    ) e
    where e.transactions <> '[]' or e.refused <> '[]';
  end $$;

  create function lock_head(p_instance uuid) returns chain_heads language plpgsql volatile as $$
  declare v_head chain_heads;
  begin
    select * into v_head from chain_heads where instance_id = p_instance for update;
    if not found then
      insert into chain_heads (instance_id) values (p_instance) on conflict do nothing;
      select * into v_head from chain_heads where instance_id = p_instance for update;
    end if;
    return v_head;
  end $$;

  create function keep_refusals(p_instance uuid, p_batch jsonb, p_commands parsed_command[], p_answers jsonb, p_now timestamptz)
  returns jsonb language sql volatile as $$
    with refused as (
      select c.business_key, c.content_hash, c.key, p_batch->'commands'->(c.ord - 1) as command, a.answer->>'code' as code,
        a.answer->>'field' as field, a.answer->>'detail' as detail
      from jsonb_array_elements(p_answers) as a(answer)
      join unnest(p_commands) c on c.ord = (a.answer->>'ord')::integer
      where a.answer->>'outcome' = 'refused'
    ), kept as (
      insert into refusals (instance_id, id, business_key, content_hash, code, field, detail, command, refused_at)
      select p_instance, new_id(p_now), business_key, content_hash, code, field, detail, command, p_now from refused
      on conflict do nothing
    )
    select coalesce(jsonb_agg(jsonb_build_object('key', key, 'code', code, 'detail', detail)), '[]') from refused
  $$;

  create function head_of(p_head chain_heads) returns jsonb language sql stable as $$
    select jsonb_build_object('instanceId', p_head.instance_id, 'batch', p_head.batch, 'hash', encode(p_head.hash, 'hex'),
      'sealedAt', instant_text(p_head.sealed_at))
  $$;

  -- Posts under the head's lock, which makes postings of one instance follow each other: batches are gap-free.
  create function post_locked(p_head chain_heads, p_batch jsonb, p_now timestamptz) returns jsonb
  language plpgsql volatile as $$
  declare
    v_instance uuid := p_head.instance_id;
    v_head chain_heads := p_head;
    v_entries parsed_entry[] := parse_entries(p_batch->'commands');
    v_commands parsed_command[] := parse_commands(p_head.instance_id, p_batch->'commands', v_entries);
    v_look record;
    v_step record;
    v_answers jsonb := '[]';
    v_written jsonb := '[]';
    v_refused jsonb := '[]';
  begin
    v_look := look_at_accounts(v_instance, v_entries);
    if v_look.careful then
      for i in 1 .. cardinality(v_commands) loop
        v_step := record_commands(v_instance, v_head.batch + 1, jsonb_array_length(v_written), p_now, v_commands[i:i],
          array(select e from unnest(v_entries) e where e.ord = i), true, v_look.missing);
        v_answers := v_answers || v_step.answers;
        v_written := v_written || v_step.written;
      end loop;
    else
      v_step := record_commands(v_instance, v_head.batch + 1, 0, p_now, v_commands, v_entries, false, v_look.missing);
      v_answers := v_step.answers;
      v_written := v_step.written;
    end if;
    if v_written <> '[]' then v_head := seal_batch(v_instance, p_now); end if;
    if v_answers @> '[{"outcome": "refused"}]' then
      v_refused := keep_refusals(v_instance, p_batch, v_commands, v_answers, p_now);
    end if;
    if v_written <> '[]' or v_refused <> '[]' then 
      perform announce(v_head, v_written, v_refused, cardinality(v_entries), p_now);
    end if;
    return jsonb_build_object('outcomes', v_answers, 'head', head_of(v_head));
  end $$;

  -- Times of recording never go back, even when replicas' clocks differ a little.
  create function recording_time(p_head chain_heads, p_now timestamptz) returns timestamptz language sql stable as $$
    select date_trunc('milliseconds', greatest(p_now, p_head.sealed_at))
  $$;

  create function post_batch(p_batch jsonb, p_now timestamptz) returns jsonb
  language plpgsql volatile security definer
  set search_path = ledger, pg_temp set enable_seqscan = off as $$
  declare v_head chain_heads;
  begin
    if coalesce(jsonb_array_length(p_batch->'commands'), 0) not between 1 and 100 then
      raise exception 'a batch has 1 to 100 commands' using errcode = 'invalid_parameter_value';
    end if;
    v_head := lock_head((p_batch->>'instanceId')::uuid);
    return post_locked(v_head, p_batch, recording_time(v_head, p_now));
  end $$;

  -- The last version of an account that was recorded before an instant; versions and times rise together.
  create function version_before(p_account uuid, p_at timestamptz) returns bigint language plpgsql stable as $$
  declare
    v_low bigint := 0;
    v_high bigint := coalesce((select max(version) from entries where account_id = p_account), 0);
    v_middle bigint;
  begin
    while v_low < v_high loop
      v_middle := (v_low + v_high + 1) / 2;
      if (select t.recorded_at < p_at from entries e join transactions t on t.id = e.transaction_id
          where e.account_id = p_account and e.version = v_middle) then v_low := v_middle;
      else v_high := v_middle - 1; end if;
    end loop;
    return v_low;
  end $$;
`;
