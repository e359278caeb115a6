/** Pure parts of the posting path: keys, ids, and the texts that are hashed. `verify.rules.ts` computes the same. */
export const postingForms = `
  create type parsed_command as (
    ord integer, id uuid, key jsonb, business_key text, order_id uuid, corrects text, occurred_at timestamptz,
    content_hash bytea, code text, field text
  );
  create type parsed_entry as (
    ord integer, transaction_id uuid, position integer, owner_kind text, owner_id uuid, purpose text, currency text,
    amount bigint, line text, share_id text,
    body jsonb
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
      else concat_ws(':', key->>'kind', key->>'orderId', key->>'captureId', coalesce(key->>'producerId', '-'),
        key->>'version', key->>'revision') end
  $$;

  -- A tier correction that names nothing corrects the sale of its own capture and version.
  create function corrected_key_of(command jsonb) returns text language sql stable as $$
    select case
      when command ? 'corrects' then business_key_of(command->'corrects')
      when command->'key'->>'kind' = 'tier-correction'
        then business_key_of((command->'key') || '{"kind": "sale", "revision": 0}')
    end
  $$;

  create function normal_side_of(purpose text) returns text language sql stable as $$
    select case when purpose in ('bank', 'till', 'provider') then 'debit' else 'credit' end
  $$;

  create function share_text(share_id text) returns text language sql stable as $$
    select case when share_id is null then '-' else octet_length(share_id) || '.' || share_id end
  $$;

  create function parse_entries(commands jsonb) returns parsed_entry[] language plpgsql stable as $$
  begin
    return (
      select array_agg((c.ord, (c.command->>'id')::uuid, e.ord, a.account->'owner'->>'kind', (a.account->'owner'->>'id')::uuid,
          a.account->>'purpose', a.account->>'currency', (e.entry->>'amountMinor')::bigint,
          e.entry->>'line', e.entry->>'shareId', e.entry)::parsed_entry order by c.ord, e.ord)
      from jsonb_array_elements(commands) with ordinality as c(command, ord),
        jsonb_array_elements(c.command->'entries') with ordinality as e(entry, ord),
        lateral (select e.entry->'account' as account offset 0) a
    );
  end $$;

  -- What can be refused without looking at the books is refused here.
  create function parse_commands(instance uuid, commands jsonb, entries parsed_entry[])
  returns parsed_command[] language plpgsql stable as $$
  begin
    return (
      with folded as (
        select ord, sum(amount) as total, min(currency) <> max(currency) as mixed,
          bool_or(owner_kind = 'instance' and owner_id <> instance) as foreign_owner,
          string_agg(concat_ws(':', owner_kind, owner_id, purpose, currency, amount, line, share_text(share_id)),
            E'\\n' order by position) as content
        from unnest(entries) group by ord
      ), read as (
        select c.ord, (c.command->>'id')::uuid as id, c.command->'key' as key, corrected_key_of(c.command) as corrects,
          (c.command->>'occurredAt')::timestamptz as occurred_at
        from jsonb_array_elements(commands) with ordinality as c(command, ord)
      ), judged as (
        select r.*, f.content, case when f.mixed then 'currency-mixed' when f.total <> 0 then 'unbalanced'
            when f.foreign_owner or (r.corrects is null and r.key->>'kind' = 'correction') then 'invalid-input' end as code,
          case when f.mixed or f.total <> 0 or f.foreign_owner then 'entries' else 'corrects' end as field
        from read r join folded f on f.ord = r.ord
      )
      select array_agg((ord, id, key, business_key_of(key), (key->>'orderId')::uuid, corrects, occurred_at,
          sha256_of(milliseconds(occurred_at) || '|' || coalesce(corrects, '-') || E'\\n' || content),
          code, case when code is not null then field end)::parsed_command order by ord)
      from judged
    );
  end $$;
`;
