/** The set-based inside of the posting path; only `post_batch` and the holds call it, under the head's lock. */
export const postingSteps = `
  -- The accounts of a batch by their number, as they stand; null where one is not open yet. \`careful\` when one has a
  -- limit or could leave the safe integers: then commands must be taken one by one.
  -- \`places\` are where the rows lie; they stay there while the head is locked, since every writer of accounts locks it.
  create type known_accounts as (
    ids uuid[], places tid[], versions bigint[], balances bigint[], careful boolean, missing boolean
  );

  -- On the account's normal side: what is held, or owed to the owner.
  create function standing(a accounts) returns bigint language sql stable as $$
    select case a.normal_side when 'debit' then a.balance_minor else -a.balance_minor end
  $$;

  create function open_accounts(p_instance uuid, p_refs account_ref[], p_limit bigint, p_now timestamptz)
  returns void language plpgsql volatile as $$
  begin
    insert into accounts (instance_id, id, owner_kind, owner_id, purpose, currency, normal_side, limit_minor, opened_at,
      identity_hash)
    select p_instance, n.id, n.owner_kind, n.owner_id, n.purpose, n.currency, normal_side_of(n.purpose), p_limit, p_now,
      sha256_of(concat_ws('|', n.id, p_instance, n.owner_kind, n.owner_id, n.purpose, n.currency,
        normal_side_of(n.purpose), coalesce(p_limit::text, '-'), milliseconds(p_now)))
    from (
      select new_id(p_now) as id, d.*
      from (select distinct r.owner_kind, r.owner_id, r.purpose, r.currency from unnest(p_refs) r
            left join lateral (
              select a.id from accounts a
              where a.owner_id = r.owner_id and a.purpose = r.purpose and a.currency = r.currency
                and a.owner_kind = r.owner_kind and a.instance_id = p_instance
              limit 1
            ) a on true where a.id is null) d
    ) n;
  end $$;

  -- Lookups are laterals with a limit: one probe of the unique index for each row, whatever the planner believes
  -- about the size of a table that grew since it last looked.
  create function look_at_accounts(p_instance uuid, p_batch parsed_batch) returns known_accounts
  language plpgsql volatile as $$
  declare
    v_most numeric := (select sum(abs(amount)) from unnest(p_batch.amounts) amount);
    v_known known_accounts;
  begin
    select array_agg(a.id order by r.n), array_agg(a.place order by r.n), array_agg(a.version order by r.n),
      array_agg(a.balance_minor order by r.n),
      coalesce(bool_or(a.limit_minor is not null or abs(a.balance_minor) + v_most > 9007199254740991), false)
        or v_most > 9007199254740991, bool_or(a.id is null)
    into v_known
    from unnest(p_batch.owner_kinds, p_batch.owner_ids, p_batch.purposes, p_batch.currencies)
      with ordinality as r(owner_kind, owner_id, purpose, currency, n)
    left join lateral (
      select a.id, a.ctid as place, a.version, a.balance_minor, a.limit_minor from accounts a
      where a.owner_id = r.owner_id and a.purpose = r.purpose and a.currency = r.currency
        and a.owner_kind = r.owner_kind and a.instance_id = p_instance
      limit 1
    ) a on true;
    return v_known;
  end $$;

  -- The first entry (position) whose account would pass its limit by this one command, or null.
  create function limit_passed(p_instance uuid, p_batch parsed_batch, p_accounts known_accounts, p_command integer)
  returns integer language plpgsql stable as $$
  declare v_ids uuid[] := p_accounts.ids;
  begin
    return (
      select min(d.position) from (
        select min(e.n) - p_batch.firsts[p_command] + 1 as position, sum(e.amount) as delta,
          coalesce(a.balance_minor, 0) as balance, case a.normal_side when 'debit' then 1 else -1 end as sign,
          a.reserved_minor, a.limit_minor
        from unnest(p_batch.commands, p_batch.accounts, p_batch.amounts) with ordinality as e(command, account, amount, n)
        left join lateral (select * from accounts a where a.id = v_ids[e.account] and a.instance_id = p_instance limit 1) a
          on true
        where e.command = p_command
        group by coalesce(a.id::text, p_batch.owner_kinds[e.account] || ':' || p_batch.owner_ids[e.account] || ':'
          || p_batch.purposes[e.account] || ':' || p_batch.currencies[e.account]), a.balance_minor, a.normal_side,
          a.reserved_minor, a.limit_minor
      ) d
      where abs(d.balance + d.delta) > 9007199254740991
        or (d.sign * d.delta < 0 and d.sign * (d.balance + d.delta) - d.reserved_minor < d.limit_minor)
    );
  end $$;

  -- Writes the commands numbered in p_new, all of whose accounts are open, after position p_after of the batch. Answers
  -- their seals one after the other, each transaction as events show it, its command, and how many entries it has.
  create function write_commands(p_instance uuid, p_number bigint, p_after integer, p_now timestamptz,
    p_batch parsed_batch, p_accounts known_accounts, p_new integer[],
    out seals bytea, out written text[], out numbers integer[], out sizes integer[])
  language plpgsql volatile as $$
  declare
    v_account_ids uuid[] := p_accounts.ids;
    v_places tid[] := p_accounts.places;
    v_versions bigint[] := p_accounts.versions;
    v_balances bigint[] := p_accounts.balances;
    v_lines text[] := p_batch.lines;
    v_shares text[] := p_batch.share_ids;
    v_firsts integer[] := p_batch.firsts;
    v_ids uuid[] := p_batch.ids;
    v_keys text[] := p_batch.keys;
    v_corrected text[] := p_batch.corrected;
    v_occurred timestamptz[] := p_batch.occurred_at;
    v_hashes bytea[] := p_batch.content_hashes;
    v_form_json text[];
    v_unmoved bigint;
  begin
    select array_agg(concat(',"line":', to_json(f.line), ',"shareId":', coalesce(to_json(f.share_id)::text, 'null'),
      ',"balanceMinor":') order by f.n) into v_form_json
    from unnest(v_lines, v_shares) with ordinality as f(line, share_id, n);
    with moves as (
      select e.command, e.account, e.amount, e.form, e.n, v_account_ids[e.account] as account_id,
        v_versions[e.account] + row_number() over moving as version,
        (v_balances[e.account] + sum(e.amount) over moving)::bigint as balance
      from unnest(p_batch.commands, p_batch.accounts, p_batch.amounts, p_batch.forms)
        with ordinality as e(command, account, amount, form, n)
      where e.command = any (p_new)
      window moving as (partition by v_account_ids[e.account] order by e.n rows unbounded preceding)
    ), entered as (
      insert into entries (instance_id, account_id, version, transaction_id, position, amount_minor, balance_minor,
        line, share_id)
      select p_instance, account_id, version, v_ids[command], n - v_firsts[command] + 1, amount, balance,
        v_lines[form], v_shares[form]
      from moves
    ), ends as (
      select v_places[min(account)] as place, sum(amount)::bigint as amount, count(*) as count from moves
      group by account_id
    ), moved as (
      update accounts a set balance_minor = a.balance_minor + e.amount, version = a.version + e.count
      from ends e where a.ctid = e.place
      returning a.id
    ), told as (
      select m.command, count(*)::integer as size,
        p_after + (row_number() over (order by m.command))::integer as position,
        string_agg(m.account_id || ':' || m.version || ':' || m.balance, E'\\n' order by m.n) as trail,
        string_agg('{"account":' || m.account || ',"amountMinor":' || m.amount || v_form_json[m.form] || m.balance || '}',
          ',' order by m.n) as entries
      from moves m group by m.command
    ), sealed as (
      select t.*, sha256_of(concat_ws('|', v_ids[command], v_keys[command], milliseconds(p_now), p_number, position,
        encode(v_hashes[command], 'hex')) || E'\\n' || trail) as seal
      from told t
    ), recorded as (
      insert into transactions (instance_id, id, business_key, order_id, corrects, occurred_at, recorded_at, batch,
        position, content_hash, seal)
      select p_instance, v_ids[command], v_keys[command], order_of_key(v_keys[command]), v_corrected[command],
        v_occurred[command], p_now, p_number, position, v_hashes[command], seal
      from sealed
    )
    select string_agg(seal, ''::bytea order by position), array_agg(concat('{"transactionId":"', v_ids[command],
        '","key":', key_json(v_keys[command]), ',"occurredAt":"', instant_text(v_occurred[command]),
        '","entries":[', entries, ']}') order by position),
      array_agg(command order by position), array_agg(size order by position), (select count(*) from ends) - (select count(*) from moved)
    into seals, written, numbers, sizes, v_unmoved from sealed;
    if v_unmoved <> 0 then raise exception 'an account was written without its head being locked'; end if;
  end $$;
`;
