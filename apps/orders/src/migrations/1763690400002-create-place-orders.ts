import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePlaceOrders1763690400002 implements MigrationInterface {
  readonly name = 'CreatePlaceOrders1763690400002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PLACE_ORDERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function place_orders`);
  }
}

/**
 * Places the orders of one batch in one transaction, each by itself: what refuses one leaves the others alone.
 * Arrays of one prefix belong together; numbers in `offer_cycles`, `order_cycles`, `offer_variants`,
 * `line_orders` and `line_offers` are positions (from 1) in the arrays of that name. `variant_…` is distinct and
 * in the order of instance and id, which is the order in which stock is locked everywhere; lines are in the
 * order of their orders; headers, payloads and answers are JSON, one order a line. Answers one {verdict, detail} per order: placed; repeated (detail: the first answer);
 * key-reused; in-progress; cycle-missing; cycle-closed; stale (the cycle's fees changed since they were read); or
 * refused (detail: [{line, problem: not-in-cycle | stale | stock, available}]).
 *
 * Stock is taken without locking first. Where that fails because others took some in between, the whole call
 * fails with 40001, and is made again with `lock_first`.
 */
const PLACE_ORDERS = `
create function place_orders(
  at timestamptz, lock_first boolean,
  cycle_instances uuid[], cycle_ids uuid[], cycle_hubs uuid[], cycle_currencies text[], cycle_zones text[],
  cycle_fees_bps int[], cycle_flat_fees bigint[],
  variant_instances uuid[], variant_ids uuid[],
  offer_cycles int[], offer_variants int[], offer_producers uuid[], offer_names text[], offer_units text[],
  offer_prices bigint[], offer_vat_rates int[], offer_with_vat boolean[], offer_unit_prices bigint[],
  order_ids uuid[], order_cycles int[], order_callers text[], order_keys text[], order_hashes text[],
  order_buyer_kinds text[], order_buyers uuid[], order_people uuid[], order_methods text[],
  order_goods bigint[], order_fees bigint[], order_expiries timestamptz[],
  order_events uuid[], order_headers text, order_payloads text, order_answers text,
  line_orders int[], line_numbers int[], line_offers int[], line_quantities int[],
  line_gross bigint[], line_fees bigint[]
) returns jsonb language plpgsql
  -- Batches are small and tables large: every join is by primary key, in the order of its array.
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_memoize = off
as $$
declare
  unlocked boolean[];
  verdicts text[];
  details jsonb[];
  cycle_problems text[];
  offer_problems text[];
  offer_stocks bigint[];
  taken bigint[] := array_fill(0::bigint, array[cardinality(variant_ids)]);
  problems jsonb;
  first_line int := 1;
  last_line int;
  slot int;
  placed int := 0;
  touched bigint;
begin
  perform set_config('app.instance_id', '*', true);

  -- A key that another transaction is using is not waited for. What that one committed is read in a later
  -- statement than the lock, which therefore sees it.
  select array_agg(pg_try_advisory_xact_lock(hashtextextended(k.caller || E'\\nplace-order\\n' || k.key, 7)))
  into unlocked
  from unnest(order_callers, order_keys) as k(caller, key);

  select array_agg(
    case
      when not unlocked[k.n] then 'in-progress'
      when i.key is null then 'new'
      when i.body_hash = order_hashes[k.n] then 'repeated'
      else 'key-reused'
    end order by k.n), array_agg((i.response -> 'result')::jsonb order by k.n)
  into verdicts, details
  from unnest(order_callers, order_keys) with ordinality as k(caller, key, n)
  left join idempotency_keys i on i.caller = k.caller and i.command = 'place-order' and i.key = k.key;

  select array_agg(
    case
      when c.id is null then 'cycle-missing'
      when c.state = 'closed' or at < c.opens_at or at >= c.closes_at then 'cycle-closed'
      when c.hub_fee_bps <> w.fee_bps or c.hub_fee_flat_minor <> w.fee_flat then 'stale'
    end order by w.n)
  into cycle_problems
  from unnest(cycle_instances, cycle_ids, cycle_fees_bps, cycle_flat_fees) with ordinality
    as w(instance_id, id, fee_bps, fee_flat, n)
  left join order_cycles c on c.instance_id = w.instance_id and c.id = w.id;

  if lock_first then
    perform 1 from unnest(variant_instances, variant_ids) as w(instance_id, id)
      join variants v on v.instance_id = w.instance_id and v.id = w.id
      where not v.on_demand
      order by v.instance_id, v.id for no key update of v;
  end if;

  select array_agg(
    case
      when cv.variant_id is null or v.archived_at is not null or v.available_from > at then 'not-in-cycle'
      when coalesce(cv.price_minor, v.price_minor) <> f.price or v.vat_rate_bps <> f.vat_rate
        or v.price_includes_vat <> f.with_vat then 'stale'
    end order by f.n), array_agg(case when not v.on_demand then v.stock end order by f.n)
  into offer_problems, offer_stocks
  from unnest(offer_cycles, offer_variants, offer_prices, offer_vat_rates, offer_with_vat) with ordinality
    as f(cycle, variant, price, vat_rate, with_vat, n)
  left join cycle_variants cv on cv.instance_id = cycle_instances[f.cycle]
    and cv.cycle_id = cycle_ids[f.cycle] and cv.variant_id = variant_ids[f.variant]
  left join variants v on v.instance_id = variant_instances[f.variant] and v.id = variant_ids[f.variant];

  for n in 1 .. cardinality(order_ids) loop
    last_line := first_line - 1;
    while line_orders[last_line + 1] = n loop last_line := last_line + 1; end loop;
    if verdicts[n] = 'new' then
      if cycle_problems[order_cycles[n]] is not null then
        verdicts[n] := cycle_problems[order_cycles[n]];
      else
        problems := null;
        for line in first_line .. last_line loop
          slot := line_offers[line];
          if offer_problems[slot] is not null then
            problems := coalesce(problems, '[]')
              || jsonb_build_object('line', line_numbers[line], 'problem', offer_problems[slot]);
          elsif offer_stocks[slot] - taken[offer_variants[slot]] < line_quantities[line] then
            problems := coalesce(problems, '[]') || jsonb_build_object('line', line_numbers[line],
              'problem', 'stock', 'available', offer_stocks[slot] - taken[offer_variants[slot]]);
          end if;
        end loop;
        if problems is null then
          for line in first_line .. last_line loop
            slot := offer_variants[line_offers[line]];
            if offer_stocks[line_offers[line]] is not null then
              taken[slot] := taken[slot] + line_quantities[line];
            end if;
          end loop;
          verdicts[n] := 'placed';
          placed := placed + 1;
        else
          verdicts[n] := 'refused';
          details[n] := problems;
        end if;
      end if;
    end if;
    first_line := last_line + 1;
  end loop;

  if placed > 0 then
    update variants v set stock = v.stock - w.quantity
    from unnest(variant_instances, variant_ids, taken) as w(instance_id, id, quantity)
    where v.instance_id = w.instance_id and v.id = w.id and w.quantity > 0
      and not v.on_demand and v.stock >= w.quantity;
    get diagnostics touched = row_count;
    if touched < (select count(*) from unnest(taken) as t(quantity) where t.quantity > 0) then
      raise exception 'stock moved' using errcode = '40001';
    end if;

    insert into orders (instance_id, id, hub_id, cycle_id, buyer_kind, buyer_id, placed_by, currency, time_zone,
      payment_method, payment_state, goods_minor, hub_fee_minor, placed_at, expires_at)
    select cycle_instances[o.cycle], o.id, cycle_hubs[o.cycle], cycle_ids[o.cycle], o.kind, o.buyer, o.person,
      cycle_currencies[o.cycle], cycle_zones[o.cycle], o.method,
      case when o.goods + o.fee = 0 then 'paid' else 'unpaid' end, o.goods, o.fee, at, o.expires
    from unnest(order_ids, order_cycles, order_buyer_kinds, order_buyers, order_people, order_methods,
        order_goods, order_fees, order_expiries, verdicts)
      as o(id, cycle, kind, buyer, person, method, goods, fee, expires, verdict)
    where o.verdict = 'placed';

    insert into order_lines (instance_id, order_id, line_number, variant_id, producer_id, product_name, unit_label,
      quantity, unit_price_minor, vat_rate_bps, gross_minor, hub_fee_minor)
    select cycle_instances[offer_cycles[l.offer]], order_ids[l.n], l.number, variant_ids[offer_variants[l.offer]],
      offer_producers[l.offer], offer_names[l.offer], offer_units[l.offer],
      l.quantity, offer_unit_prices[l.offer], offer_vat_rates[l.offer], l.gross, l.fee
    from unnest(line_orders, line_numbers, line_offers, line_quantities, line_gross, line_fees)
      as l(n, number, offer, quantity, gross, fee)
    where verdicts[l.n] = 'placed';

    with added as (
      insert into outbox (id, instance_id, subject, payload, headers, occurred_at)
      select o.event, cycle_instances[o.cycle], 'orders.events.placed.v1', o.payload::json, o.headers::json, at
      from unnest(order_events, order_cycles, verdicts, string_to_array(order_payloads, E'\\n'),
          string_to_array(order_headers, E'\\n'))
        as o(event, cycle, verdict, payload, headers)
      where o.verdict = 'placed'
      returning id)
    insert into outbox_pending select id from added;

    insert into idempotency_keys (caller, command, key, body_hash, response, created_at)
    select o.caller, 'place-order', o.key, o.hash, o.answer::json, at
    from unnest(order_callers, order_keys, order_hashes, verdicts, string_to_array(order_answers, E'\\n'))
      as o(caller, key, hash, verdict, answer)
    where o.verdict = 'placed';
  end if;

  return (select jsonb_agg(jsonb_build_object('verdict', v.verdict, 'detail', v.detail) order by v.n)
    from unnest(verdicts, details) with ordinality as v(verdict, detail, n));
end $$`;
