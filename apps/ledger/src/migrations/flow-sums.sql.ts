/**
 * What moved, read from entries, and its sums over blocks of batches. Batches never change, so neither does the sum of a
 * block that is full: sums are kept apart from the books, after posting, and may be emptied at any time.
 */
export const flowSums = `
  -- The entries that bring value to somebody, one each: what buyers paid for goods at the holder's side, all else at the
  -- receiver's. The producer's own entry is what the others leave, and money that came for its own owner (a surplus, the
  -- receipt of a pledge) went from nobody to another.
  create view moved with (security_invoker = true) as
  select t.instance_id, t.batch, t.position as place, e.position, t.id, t.business_key, t.occurred_at, t.recorded_at,
    case when t.order_id is not null then nullif(split_part(t.business_key, ':', 4), '-')::uuid end as producer_id,
    case when t.order_id is null then (select p.account_id from entries p
      where p.transaction_id = t.id and p.amount_minor > 0 order by p.position limit 1) end as payer_id,
    e.account_id, e.line, e.share_id, case when e.line = 'money' then e.amount_minor else -e.amount_minor end as amount_minor
  from transactions t
  join entries e on e.transaction_id = t.id and e.instance_id = t.instance_id
  where case when t.order_id is null then e.amount_minor < 0 and t.business_key not like '%-receipt:%'
      and not starts_with(t.business_key, 'payout:')
    when e.line = 'money' then t.business_key like 'sale:%' or t.business_key like 'correction:%'
    else e.line in ('share', 'vat', 'hub-fee') end;

  create table flow_blocks (
    instance_id uuid not null,
    batches bigint not null check (batches > 0),
    first_batch bigint not null check (first_batch % batches = 1 % batches),
    primary key (instance_id, batches, first_batch)
  );

  create table flow_sums (
    instance_id uuid not null,
    batches bigint not null,
    first_batch bigint not null,
    producer_id uuid,
    payer_id uuid,
    account_id uuid not null,
    line text not null,
    share_id text,
    amount_minor bigint not null,
    entries bigint not null check (entries > 0),
    foreign key (instance_id, batches, first_batch) references flow_blocks on delete cascade
  );
  create index flow_sums_by_block on flow_sums (first_batch, batches, instance_id);

  -- Adds up the next block of so many batches: from entries, or from the blocks of p_part batches in it. Says whether there
  -- was one to add up. Whoever comes second waits for the first and adds nothing.
  create function add_up_flows(p_instance uuid, p_batches bigint, p_part bigint) returns boolean
  language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
  declare
    v_first bigint := coalesce((select max(first_batch) + p_batches from flow_blocks
      where instance_id = p_instance and batches = p_batches), 1);
    v_last bigint := v_first + p_batches - 1;
  begin
    if not exists (select from batches where number = v_last and instance_id = p_instance)
      or p_part is not null and p_batches <> p_part * (select count(*) from flow_blocks
        where instance_id = p_instance and batches = p_part and first_batch between v_first and v_last) then
      return false;
    end if;
    insert into flow_blocks (instance_id, batches, first_batch) values (p_instance, p_batches, v_first) on conflict do nothing;
    if not found then return true; end if;
    if p_part is null then
      insert into flow_sums
      select p_instance, p_batches, v_first, producer_id, payer_id, account_id, line, share_id, sum(amount_minor), count(*)
      from moved where instance_id = p_instance and batch between v_first and v_last
      group by producer_id, payer_id, account_id, line, share_id;
    else
      insert into flow_sums
      select p_instance, p_batches, v_first, producer_id, payer_id, account_id, line, share_id, sum(amount_minor), sum(entries)
      from flow_sums where first_batch between v_first and v_last and batches = p_part and instance_id = p_instance
      group by producer_id, payer_id, account_id, line, share_id;
    end if;
    return true;
  end $$;
`;
