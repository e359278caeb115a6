/** The set-based inside of the posting path; only `post_batch` and the holds call it, under the head's lock. */
export const postingSteps = `
  -- On the account's normal side: what is held, or owed to the owner.
  create function standing(a accounts) returns bigint language sql stable as $$
    select case a.normal_side when 'debit' then a.balance_minor else -a.balance_minor end
  $$;

  -- Lookups are laterals with a limit: one probe of the unique index for each row, whatever the planner believes
  -- about the size of a table that grew since it last looked.
  create function account_of(p_instance uuid, r parsed_entry) returns setof accounts language sql stable rows 1 as $$
    select a.* from accounts a
    where a.owner_id = r.owner_id and a.purpose = r.purpose and a.currency = r.currency
      and a.owner_kind = r.owner_kind and a.instance_id = p_instance
    limit 1
  $$;

  create function open_accounts(p_instance uuid, p_refs parsed_entry[], p_limit bigint, p_now timestamptz)
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
            left join lateral account_of(p_instance, r) a on true where a.id is null) d
    ) n;
  end $$;

  -- Looks once at each account that is named. Commands must be taken one by one (careful) when one of them has a limit
  -- or could leave the safe integers; accounts are missing when somebody is named for the first time.
  create function look_at_accounts(p_instance uuid, p_entries parsed_entry[], out careful boolean, out missing boolean)
  language plpgsql volatile as $$
  declare v_most numeric := (select sum(abs(amount)) from unnest(p_entries));
  begin
    select coalesce(bool_or(a.limit_minor is not null or abs(a.balance_minor) + v_most > 9007199254740991), false)
        or v_most > 9007199254740991, coalesce(bool_or(a.id is null), false)
    into careful, missing
    from (select distinct owner_kind, owner_id, purpose, currency from unnest(p_entries)) r
    left join lateral (
      select a.id, a.limit_minor, a.balance_minor from accounts a
      where a.owner_id = r.owner_id and a.purpose = r.purpose and a.currency = r.currency
        and a.owner_kind = r.owner_kind and a.instance_id = p_instance
      limit 1
    ) a on true;
  end $$;

  -- The first entry (position) whose account would pass its limit by this one command, or null.
  create function limit_passed(p_instance uuid, p_entries parsed_entry[]) returns integer language sql stable as $$
    select min(d.position) from (
      select min(e.position) as position, sum(e.amount) as delta, coalesce(a.balance_minor, 0) as balance,
        case a.normal_side when 'debit' then 1 else -1 end as sign, a.reserved_minor, a.limit_minor
      from unnest(p_entries) e left join lateral account_of(p_instance, e) a on true
      group by e.owner_kind, e.owner_id, e.purpose, e.currency, a.id, a.balance_minor, a.normal_side, a.reserved_minor,
        a.limit_minor
    ) d
    where abs(d.balance + d.delta) > 9007199254740991
      or (d.sign * d.delta < 0 and d.sign * (d.balance + d.delta) - d.reserved_minor < d.limit_minor)
  $$;

  -- Writes the commands named by p_new after position p_after of the batch; answers them as events show them. The
  -- accounts are locked as a union in id order (the upsert finds each by its key; none is new here).
  create function write_commands(p_instance uuid, p_batch bigint, p_after integer, p_now timestamptz,
    p_commands parsed_command[], p_entries parsed_entry[], p_new integer[])
  returns jsonb language plpgsql volatile as $$
  declare v_written jsonb;
  begin
    with moves as (
      select e.*, a.id as account_id, a as account, a.version + row_number() over moving as version,
        (a.balance_minor + sum(e.amount) over moving)::bigint as balance
      from unnest(p_entries) e cross join lateral account_of(p_instance, e) a
      where e.ord = any (p_new)
      window moving as (partition by a.id order by e.ord, e.position)
    ), trails as (
      select ord, string_agg(account_id || ':' || version || ':' || balance, E'\\n' order by position) as trail,
        jsonb_agg(body || jsonb_build_object('accountId', account_id, 'balanceMinor', balance) order by position) as entries
      from moves group by ord
    ), numbered as (
      select c.*, t.trail, t.entries, p_after + (row_number() over (order by c.ord))::integer as position
      from unnest(p_commands) c join trails t on t.ord = c.ord
      where c.ord = any (p_new)
    ), ends as (
      select distinct on (m.account_id) (m.account).*, m.balance as end_balance, m.version as end_version
      from moves m order by m.account_id, m.version desc
    ), moved as (
      insert into accounts (instance_id, id, owner_kind, owner_id, purpose, currency, normal_side, limit_minor, opened_at,
        identity_hash, balance_minor, reserved_minor, version)
      select instance_id, id, owner_kind, owner_id, purpose, currency, normal_side, limit_minor, opened_at,
        identity_hash, end_balance, reserved_minor, end_version
      from ends order by id
      on conflict (id, instance_id) do update set balance_minor = excluded.balance_minor, version = excluded.version
    ), written as (
      insert into entries (instance_id, account_id, version, transaction_id, position, amount_minor, balance_minor,
        line, share_id)
      select p_instance, account_id, version, transaction_id, position, amount, balance, line, share_id
      from moves
    ), recorded as (
      insert into transactions (instance_id, id, business_key, order_id, corrects, occurred_at, recorded_at, batch,
        position, content_hash, seal)
      select p_instance, c.id, c.business_key, c.order_id, c.corrects, c.occurred_at, p_now, p_batch, c.position,
        c.content_hash, sha256_of(concat_ws('|', c.id, c.business_key, milliseconds(p_now), p_batch, c.position,
          encode(c.content_hash, 'hex')) || E'\\n' || c.trail)
      from numbered c
    )
    select coalesce(jsonb_agg(jsonb_build_object('transactionId', c.id, 'key', c.key,
        'occurredAt', instant_text(c.occurred_at), 'recordedAt', instant_text(p_now), 'entries', c.entries)
      order by c.position), '[]')
    into v_written from numbered c;
    return v_written;
  end $$;
`;
