/** Pure parts of the posting path: keys, ids, and the texts that are hashed. `seal.rules.ts` computes the same. */
export const postingForms = `
  create type account_ref as (owner_kind text, owner_id uuid, purpose text, currency text);

  -- A batch in columns: taking rows apart and together costs more than all that is done with them. An entry names its
  -- command, its account and its form (line and share) by their numbers; the entries of a command follow each other.
  create type parsed_batch as (
    ids uuid[], keys text[], corrects text[], occurred_at timestamptz[],
    owner_kinds text[], owner_ids uuid[], purposes text[], currencies text[],
    lines text[], share_ids text[],
    commands integer[], accounts integer[], amounts bigint[], forms integer[],
    -- What check_batch finds, for each command: its first entry, what it corrects, its hash, what is wrong with it.
    firsts integer[], corrected text[], content_hashes bytea[], codes text[], fields text[]
  );

  -- PostgreSQL 15 has no uuidv7(): 48 bits of milliseconds, then the version over random bits.
  create function new_id(at timestamptz) returns uuid language sql volatile as $$
    select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
      placing substring(int8send((extract(epoch from at) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
  $$;

  create function milliseconds(at timestamptz) returns bigint language sql stable as $$
    select round(extract(epoch from at) * 1000)::bigint
  $$;

  create function instant_text(at timestamptz) returns text language sql stable as $$
    select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  $$;

  create function sha256_of(content text) returns bytea language sql stable as $$
    select sha256(convert_to(content, 'UTF8'))
  $$;

  create function business_key_of(key jsonb) returns text language sql stable as $$
    select case key->>'kind'
      when 'hold-resolution' then 'hold-resolution:' || (key->>'holdId')
      when 'pledge-receipt' then 'pledge-receipt:' || (key->>'pledgeId')
      when 'pitch-payout' then 'pitch-payout:' || (key->>'payoutId')
      when 'gift' then 'gift:' || (key->>'giftId')
      when 'payout' then concat_ws(':', 'payout', key->>'payoutId', key->>'step')
      when 'cash-receipt' then 'cash-receipt:' || (key->>'handoverId')
      else concat_ws(':', key->>'kind', key->>'orderId', key->>'captureId', coalesce(key->>'producerId', '-'),
        key->>'version', key->>'revision') end
  $$;

  -- The key that business_key_of, or keyText of the service, wrote as this text; as JSON.
  create function key_json(business_key text) returns text language sql stable as $$
    select case split_part(business_key, ':', 1)
      when 'hold-resolution' then '{"kind":"hold-resolution","holdId":' || to_json(split_part(business_key, ':', 2)) || '}'
      when 'pledge-receipt' then '{"kind":"pledge-receipt","pledgeId":' || to_json(split_part(business_key, ':', 2)) || '}'
      when 'pitch-payout' then '{"kind":"pitch-payout","payoutId":' || to_json(split_part(business_key, ':', 2)) || '}'
      when 'gift' then '{"kind":"gift","giftId":' || to_json(split_part(business_key, ':', 2)) || '}'
      when 'payout' then concat('{"kind":"payout","payoutId":', to_json(split_part(business_key, ':', 2)), ',"step":',
        to_json(split_part(business_key, ':', 3)), '}')
      when 'cash-receipt' then '{"kind":"cash-receipt","handoverId":' || to_json(split_part(business_key, ':', 2)) || '}'
      else concat('{"kind":', to_json(split_part(business_key, ':', 1)), ',"orderId":', to_json(split_part(business_key, ':', 2)),
        ',"captureId":', to_json(split_part(business_key, ':', 3)), ',"producerId":',
        coalesce(to_json(nullif(split_part(business_key, ':', 4), '-'))::text, 'null'),
        ',"version":', split_part(business_key, ':', 5)::integer, ',"revision":', split_part(business_key, ':', 6)::integer, '}')
      end
  $$;

  create function order_of_key(business_key text) returns uuid language sql stable as $$
    select case when split_part(business_key, ':', 1) not in ('hold-resolution', 'pledge-receipt', 'pitch-payout', 'gift',
      'cash-receipt', 'payout')
      then split_part(business_key, ':', 2)::uuid end
  $$;

  -- A tier correction that names nothing corrects the sale of its own capture and version.
  create function corrected_key_of(business_key text, corrects text) returns text language sql stable as $$
    select case when corrects is not null then corrects
      when starts_with(business_key, 'tier-correction:')
        then 'sale' || substring(business_key from '^tier-correction(:.*:)[0-9]+$') || '0' end
  $$;

  create function normal_side_of(purpose text) returns text language sql stable as $$
    select case when purpose in ('bank', 'till', 'provider') then 'debit' else 'credit' end
  $$;

  create function share_text(share_id text) returns text language sql stable as $$
    select case when share_id is null then '-' else octet_length(share_id) || '.' || share_id end
  $$;

  -- Commands that were made inside the database, in columns; each entry has an account and a form to itself.
  create function batch_of(p_commands jsonb) returns parsed_batch language plpgsql stable as $$
  declare v_batch parsed_batch;
  begin
    select array_agg((c.command->>'id')::uuid order by c.ord), array_agg(business_key_of(c.command->'key') order by c.ord),
      array_agg((c.command->>'occurredAt')::timestamptz order by c.ord)
    into v_batch.ids, v_batch.keys, v_batch.occurred_at
    from jsonb_array_elements(p_commands) with ordinality as c(command, ord);
    v_batch.corrects := array_fill(null::text, array[cardinality(v_batch.ids)]);
    select array_agg(account->'owner'->>'kind' order by n), array_agg((account->'owner'->>'id')::uuid order by n),
      array_agg(account->>'purpose' order by n), array_agg(account->>'currency' order by n),
      array_agg(entry->>'line' order by n), array_agg(entry->>'shareId' order by n), array_agg(command order by n),
      array_agg(n order by n), array_agg((entry->>'amountMinor')::bigint order by n), array_agg(n order by n)
    into v_batch.owner_kinds, v_batch.owner_ids, v_batch.purposes, v_batch.currencies, v_batch.lines, v_batch.share_ids,
      v_batch.commands, v_batch.accounts, v_batch.amounts, v_batch.forms
    from (
      select c.ord::integer as command, e.entry, e.entry->'account' as account,
        (row_number() over (order by c.ord, e.ord))::integer as n
      from jsonb_array_elements(p_commands) with ordinality as c(command, ord),
        jsonb_array_elements(c.command->'entries') with ordinality as e(entry, ord)
    ) s;
    return v_batch;
  end $$;

  -- The entries of one command, for the ways that are rarely gone.
  create function entries_of(p_batch parsed_batch, p_command integer)
  returns table ("position" integer, owner_kind text, owner_id uuid, purpose text, currency text, amount bigint, line text,
    share_id text)
  language sql stable as $$
    select (e.n - p_batch.firsts[p_command] + 1)::integer, p_batch.owner_kinds[e.account], p_batch.owner_ids[e.account],
      p_batch.purposes[e.account], p_batch.currencies[e.account], e.amount, p_batch.lines[e.form], p_batch.share_ids[e.form]
    from unnest(p_batch.commands, p_batch.accounts, p_batch.amounts, p_batch.forms)
      with ordinality as e(command, account, amount, form, n)
    where e.command = p_command
  $$;

  -- What can be refused without looking at the books is refused here. A batch whose columns do not belong together is
  -- an error of the service.
  create function check_batch(p_instance uuid, p_batch parsed_batch) returns parsed_batch language plpgsql stable as $$
  declare
    v_batch parsed_batch := p_batch;
    v_currencies text[] := p_batch.currencies;
    v_corrects text[] := p_batch.corrects;
    v_keys text[] := p_batch.keys;
    v_occurred timestamptz[] := p_batch.occurred_at;
    v_refs text[];
    v_forms text[];
    v_foreign boolean[];
    v_commands integer[];
  begin
    select array_agg(concat_ws(':', r.kind, r.id, r.purpose, r.currency) order by r.n),
      array_agg(r.kind = 'instance' and r.id <> p_instance order by r.n)
    into v_refs, v_foreign
    from unnest(p_batch.owner_kinds, p_batch.owner_ids, p_batch.purposes, p_batch.currencies)
      with ordinality as r(kind, id, purpose, currency, n);
    select array_agg(f.line || ':' || share_text(f.share_id) order by f.n) into v_forms
    from unnest(p_batch.lines, p_batch.share_ids) with ordinality as f(line, share_id, n);
    with folded as (
      select e.command, min(e.n) as first, max(e.n) as last, sum(e.amount) as total,
        count(*) filter (where e.account between 1 and cardinality(v_refs) and e.form between 1 and cardinality(v_forms)
          and e.amount is not null) as count,
        min(v_currencies[e.account]) <> max(v_currencies[e.account]) as mixed, bool_or(v_foreign[e.account]) as foreign_owner,
        string_agg(v_refs[e.account] || ':' || e.amount || ':' || v_forms[e.form], E'\\n' order by e.n) as content
      from unnest(p_batch.commands, p_batch.accounts, p_batch.amounts, p_batch.forms)
        with ordinality as e(command, account, amount, form, n)
      group by e.command
    ), read as (
      select f.*, corrected_key_of(v_keys[f.command], v_corrects[f.command]) as corrected,
        first = 1 + coalesce(lag(last) over (order by command), 0) and last = first + count - 1 as follows
      from folded f
    ), judged as (
      select r.*, case when mixed then 'currency-mixed' when total <> 0 then 'unbalanced'
          when foreign_owner or (corrected is null and starts_with(v_keys[command], 'correction:')) then 'invalid-input' end as code,
        case when mixed or total <> 0 or foreign_owner then 'entries' else 'corrects' end as field
      from read r
    )
    select array_agg(command order by command) filter (where follows), array_agg(first order by command),
      array_agg(corrected order by command),
      array_agg(sha256_of(milliseconds(v_occurred[command]) || '|' || coalesce(corrected, '-') || E'\\n' || content)
        order by command),
      array_agg(code order by command), array_agg(case when code is not null then field end order by command)
    into v_commands, v_batch.firsts, v_batch.corrected, v_batch.content_hashes, v_batch.codes, v_batch.fields
    from judged;
    if v_commands is distinct from array(select generate_series(1, cardinality(v_keys)))
      or array[cardinality(p_batch.ids), cardinality(v_corrects), cardinality(v_occurred)]
        <> array_fill(cardinality(v_keys), array[3]) then
      raise exception 'the columns of a batch do not belong together' using errcode = 'invalid_parameter_value';
    end if;
    return v_batch;
  end $$;
`;
