/** The one way into the books: `post_batch(batch, now)`, and what it answers. */
export const postBatch = `
  -- Names the first field in which a command differs from the transaction that has its key.
  create function differing_field(p_instance uuid, p_transaction transactions, p_batch parsed_batch, p_command integer)
  returns text language sql stable as $$
    select case
      when p_transaction.occurred_at <> p_batch.occurred_at[p_command] then 'occurredAt'
      when p_transaction.corrects is distinct from p_batch.corrected[p_command] then 'corrects'
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
        full join (select * from entries_of(p_batch, p_command)) n on n.position = s.position
        where s.position is null or n.position is null
          or (s.owner_kind, s.owner_id, s.purpose, s.currency, s.amount_minor, s.line, coalesce(s.share_id, ''))
            <> (n.owner_kind, n.owner_id, n.purpose, n.currency, n.amount, n.line, coalesce(n.share_id, ''))
        order by coalesce(n.position, s.position) limit 1), 'content') end
  $$;

  -- What became of the commands from p_from to p_to that were not posted now, as [{ord, outcome, transactionId, code, field}].
  create function other_outcomes(p_instance uuid, p_batch parsed_batch, p_from integer, p_to integer, p_new integer[],
    p_passed integer)
  returns jsonb language sql stable as $$
    select jsonb_agg(jsonb_build_object('ord', c.ord, 'transactionId', case when a.code is null then t.id end,
      'outcome', case when a.code is null then 'exists' else 'refused' end, 'code', a.code, 'field', f.field) order by c.ord)
    from unnest(p_batch.keys, p_batch.content_hashes, p_batch.codes, p_batch.fields)
      with ordinality as c(key, content_hash, code, field, ord)
    left join lateral (select t.* from transactions t
      where t.business_key = c.key and t.instance_id = p_instance limit 1) t on true
    cross join lateral (select case when c.code is not null then c.code when t.id is null then 'limit-exceeded'
      when t.content_hash <> c.content_hash then 'business-key-conflict' end as code) a
    cross join lateral (select case when c.code is not null then c.field
      when a.code = 'limit-exceeded' then format('entries.%s.account', p_passed - 1)
      when a.code is not null then differing_field(p_instance, t, p_batch, c.ord::integer) end as field) f
    where c.ord between p_from and p_to and c.ord <> all (p_new)
  $$;

  -- Records what is new among the commands from p_from to p_to, and says what became of the others.
  create function record_commands(p_instance uuid, p_number bigint, p_after integer, p_now timestamptz,
    p_batch parsed_batch, p_accounts known_accounts, p_from integer, p_to integer,
    out seals bytea, out written text[], out numbers integer[], out sizes integer[], out others jsonb)
  language plpgsql volatile as $$
  declare
    v_accounts known_accounts := p_accounts;
    v_new integer[];
    v_passed integer;
    v_written record;
  begin
    select array_agg(f.ord) into v_new from (
      select distinct on (c.key) c.ord from unnest(p_batch.keys, p_batch.codes) with ordinality as c(key, code, ord)
      where c.ord between p_from and p_to and c.code is null and (
        select t.id from transactions t where t.business_key = c.key and t.instance_id = p_instance limit 1) is null
      order by c.key, c.ord
    ) f;
    if p_accounts.careful and v_new is not null then
      v_passed := limit_passed(p_instance, p_batch, p_accounts, p_from);
      if v_passed is not null then v_new := null; end if;
    end if;
    if v_new is not null then
      if p_accounts.missing then
        perform open_accounts(p_instance, array(
          select (p_batch.owner_kinds[m.account], p_batch.owner_ids[m.account], p_batch.purposes[m.account],
            p_batch.currencies[m.account])::account_ref
          from (select distinct e.account from unnest(p_batch.commands, p_batch.accounts) e(command, account)
                where e.command = any (v_new) and p_accounts.ids[e.account] is null) m), null, p_now);
        v_accounts := look_at_accounts(p_instance, p_batch);
      end if;
      v_written := write_commands(p_instance, p_number, p_after, p_now, p_batch, v_accounts, v_new);
      seals := v_written.seals;
      written := v_written.written;
      numbers := v_written.numbers;
      sizes := v_written.sizes;
    end if;
    if coalesce(cardinality(v_new), 0) < p_to - p_from + 1 then
      others := other_outcomes(p_instance, p_batch, p_from, p_to, coalesce(v_new, '{}'), v_passed);
    end if;
  end $$;

  create function seal_batch(p_head chain_heads, p_now timestamptz, p_count integer, p_seals bytea) returns chain_heads
  language plpgsql volatile as $$
  declare v_head chain_heads := p_head;
  begin
    v_head.batch := p_head.batch + 1;
    v_head.sealed_at := p_now;
    v_head.hash := sha256(p_head.hash || convert_to(
      concat_ws('|', p_head.instance_id, v_head.batch, milliseconds(p_now), p_count), 'UTF8') || p_seals);
    insert into batches (instance_id, number, previous_hash, hash, transaction_count, recorded_at)
    values (p_head.instance_id, v_head.batch, p_head.hash, v_head.hash, p_count, p_now);
    update chain_heads set batch = v_head.batch, hash = v_head.hash, sealed_at = p_now
    where instance_id = p_head.instance_id;
    return v_head;
  end $$;

  -- A message must stay well below a megabyte: some 1,000 entries in each event. p_written are the transactions of the
  -- commands p_numbers, with p_sizes entries each; an account stands in an event once, under its number in the batch.
  create function announce(p_head chain_heads, p_batch parsed_batch, p_written text[], p_numbers integer[], p_sizes integer[],
    p_refused jsonb, p_now timestamptz)
  returns void language plpgsql volatile as $$
  declare
    v_ids uuid[] := (look_at_accounts(p_head.instance_id, p_batch)).ids;
    v_kinds text[] := p_batch.owner_kinds;
    v_owners uuid[] := p_batch.owner_ids;
    v_purposes text[] := p_batch.purposes;
    v_currencies text[] := p_batch.currencies;
    v_parts integer[] := array_fill(null::integer, array[cardinality(p_batch.keys)]);
    v_entries integer := 0;
  begin
    for i in 1 .. cardinality(p_written) loop
      v_entries := v_entries + p_sizes[i];
      v_parts[p_numbers[i]] := v_entries / 1000;
    end loop;
    with told as (
      select v_parts[t.command] as part, string_agg(t.transaction, ',' order by t.ord) as transactions
      from unnest(p_written, p_numbers) with ordinality as t(transaction, command, ord) group by 1
    ), named as (
      select n.part, string_agg(concat('{"number":', n.account, ',"accountId":"', v_ids[n.account],
        '","account":{"owner":{"kind":"', v_kinds[n.account], '","id":"', v_owners[n.account], '"},"purpose":',
        to_json(v_purposes[n.account]), ',"currency":"', v_currencies[n.account], '"}}'), ',') as accounts
      from (select distinct v_parts[e.command] as part, e.account
            from unnest(p_batch.commands, p_batch.accounts) as e(command, account)
            where v_parts[e.command] is not null) n
      group by n.part
    ), added as (
      insert into outbox (id, instance_id, subject, payload, occurred_at)
      select new_id(p_now), p_head.instance_id, 'ledger.events.posted.v1',
        concat('{"batch":', p_head.batch, ',"headHash":"', encode(p_head.hash, 'hex'), '","recordedAt":"', instant_text(p_now),
          '","accounts":[', n.accounts, '],"transactions":[', t.transactions,
          '],"refused":', case when part = 0 then p_refused else '[]' end, '}')::json, p_now
      from generate_series(0, v_entries / 1000) part
      left join told t using (part) left join named n using (part)
      where t.part is not null or part = 0
      returning id)
    insert into outbox_pending select id from added;
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

  create function command_json(p_batch parsed_batch, p_command integer) returns jsonb language sql stable as $$
    select jsonb_build_object('key', key_json(p_batch.keys[p_command])::jsonb,
        'occurredAt', instant_text(p_batch.occurred_at[p_command]),
        'entries', (select jsonb_agg(jsonb_build_object('account', jsonb_build_object('owner',
          jsonb_build_object('kind', e.owner_kind, 'id', e.owner_id), 'purpose', e.purpose, 'currency', e.currency),
          'amountMinor', e.amount, 'line', e.line, 'shareId', e.share_id) order by e.position)
          from entries_of(p_batch, p_command) e))
      || case when p_batch.corrects[p_command] is null then '{}'
        else jsonb_build_object('corrects', key_json(p_batch.corrects[p_command])::jsonb) end
  $$;

  create function keep_refusals(p_instance uuid, p_batch parsed_batch, p_others jsonb, p_now timestamptz)
  returns jsonb language sql volatile as $$
    with refused as (
      select p_batch.keys[o.ord] as business_key, p_batch.content_hashes[o.ord] as content_hash, o.code, o.field,
        o.code || ' at ' || o.field as detail, o.ord
      from jsonb_to_recordset(p_others) as o(ord integer, outcome text, code text, field text)
      where o.outcome = 'refused'
    ), kept as (
      insert into refusals (instance_id, id, business_key, content_hash, code, field, detail, command, refused_at)
      select p_instance, new_id(p_now), business_key, content_hash, code, field, detail, command_json(p_batch, ord), p_now
      from refused
      on conflict do nothing
    )
    select coalesce(jsonb_agg(jsonb_build_object('key', key_json(business_key)::jsonb, 'code', code, 'detail', detail)
      order by ord), '[]') from refused
  $$;

  create function head_of(p_head chain_heads) returns jsonb language sql stable as $$
    select jsonb_build_object('instanceId', p_head.instance_id, 'batch', p_head.batch, 'hash', encode(p_head.hash, 'hex'),
      'sealedAt', instant_text(p_head.sealed_at))
  $$;

  -- Posts under the head's lock, which makes postings of one instance follow each other: batches are gap-free. Answers
  -- the head, and what became of the commands that were not posted now. Plans go by index, whenever they are made.
  create function post_parsed(p_head chain_heads, p_given parsed_batch, p_now timestamptz) returns jsonb
  language plpgsql volatile
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  declare
    v_instance uuid := p_head.instance_id;
    v_head chain_heads := p_head;
    v_batch parsed_batch := check_batch(p_head.instance_id, p_given);
    v_accounts known_accounts := look_at_accounts(p_head.instance_id, v_batch);
    v_last integer := cardinality(v_batch.keys);
    v_step record;
    v_seals bytea := '';
    v_written text[] := '{}';
    v_numbers integer[] := '{}';
    v_sizes integer[] := '{}';
    v_others jsonb := '[]';
    v_refused jsonb := '[]';
    v_each integer := case when v_accounts.careful then 1 else v_last end;
  begin
    for i in 1 .. v_last by v_each loop
      if i > 1 then v_accounts := look_at_accounts(v_instance, v_batch); end if;
      v_step := record_commands(v_instance, v_head.batch + 1, cardinality(v_written), p_now, v_batch, v_accounts, i,
        i + v_each - 1);
      if v_step.written is not null then
        v_seals := v_seals || v_step.seals;
        v_written := v_written || v_step.written;
        v_numbers := v_numbers || v_step.numbers;
        v_sizes := v_sizes || v_step.sizes;
      end if;
      if v_step.others is not null then v_others := v_others || v_step.others; end if;
    end loop;
    if cardinality(v_written) > 0 then v_head := seal_batch(v_head, p_now, cardinality(v_written), v_seals); end if;
    if v_others @> '[{"outcome": "refused"}]' then
      v_refused := keep_refusals(v_instance, v_batch, v_others, p_now);
    end if;
    if cardinality(v_written) > 0 or v_refused <> '[]' then
      perform announce(v_head, v_batch, v_written, v_numbers, v_sizes, v_refused, p_now);
    end if;
    return jsonb_build_object('head', head_of(v_head), 'others', v_others);
  end $$;

  -- Posts commands that were made inside the database; answers the outcome of each.
  create function post_locked(p_head chain_heads, p_batch jsonb, p_now timestamptz) returns jsonb
  language plpgsql volatile as $$
  declare
    v_answer jsonb := post_parsed(p_head, batch_of(p_batch->'commands'), p_now);
  begin
    return v_answer || jsonb_build_object('outcomes', (
      select jsonb_agg(coalesce(o.answer, '{"outcome": "posted"}') order by i)
      from generate_series(1, jsonb_array_length(p_batch->'commands')) i
      left join jsonb_array_elements(v_answer->'others') o(answer) on (o.answer->>'ord')::integer = i));
  end $$;

  -- Times of recording never go back, even when replicas' clocks differ a little.
  create function recording_time(p_head chain_heads, p_now timestamptz) returns timestamptz language sql stable as $$
    select date_trunc('milliseconds', greatest(p_now, p_head.sealed_at))
  $$;

  create function post_batch(p_batch jsonb, p_now timestamptz) returns jsonb
  language plpgsql volatile security definer
  set search_path = ledger, pg_temp as $$
  declare
    v_batch parsed_batch := jsonb_populate_record(null::parsed_batch, p_batch);
    v_head chain_heads;
  begin
    if coalesce(cardinality(v_batch.keys), 0) not between 1 and 100 then
      raise exception 'a batch has 1 to 100 commands' using errcode = 'invalid_parameter_value';
    end if;
    v_head := lock_head((p_batch->>'instanceId')::uuid);
    return post_parsed(v_head, v_batch, recording_time(v_head, p_now));
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
