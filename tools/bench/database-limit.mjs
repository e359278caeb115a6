import { cpuMeter } from './cpu.mjs';
import { runPgbench } from './pgbench.mjs';

export const LIMIT_CLIENTS = 8;
const VARIANTS = 10_000;

/** Tables of the least that one order must write; nothing of the system's own. */
export const limitTables = `
  create table variants (id int primary key, stock bigint not null check (stock >= 0), price_minor bigint not null)
    with (fillfactor = 70);
  insert into variants select id, 1000000000, 100 + id % 900 from generate_series(1, ${VARIANTS}) id;
  create table orders (id bigint generated always as identity primary key, instance_id uuid not null,
    buyer_id bigint not null, cycle_id uuid not null, state text not null, total_minor bigint not null,
    placed_at timestamptz not null);
  create index on orders (buyer_id);
  create table order_lines (order_id bigint not null, line_number int not null, variant_id int not null,
    product_name text not null, quantity int not null, unit_price_minor bigint not null, gross_minor bigint not null,
    primary key (order_id, line_number));
  create table postings (order_id bigint not null, position int not null, account_id bigint not null,
    amount_minor bigint not null, line text not null, primary key (order_id, position));
  create table outbox (id bigint generated always as identity primary key, subject text not null,
    payload jsonb not null, occurred_at timestamptz not null, published_at timestamptz);
  create index on outbox (id) where published_at is null;
  analyze;
`;

/** One order: five variants of two producers, in the order of their ids so that nothing waits in a circle. */
export const limitTransaction = `
\\set v random(1, ${VARIANTS - 4})
\\set buyer random(1, 100000)
begin;
select stock from variants where id between :v and :v + 4 order by id for update;
update variants set stock = stock - 1 where id between :v and :v + 4;
insert into orders (instance_id, buyer_id, cycle_id, state, total_minor, placed_at)
  values ('0190c0de-0000-7000-8000-000000000001', :buyer, '0190c0de-0000-7000-8000-000000000002', 'placed', 2345, now())
  returning id as order_id \\gset
insert into order_lines select :order_id::bigint, n, :v::int + n - 1, 'Something good to eat', 1, 469, 469 from generate_series(1, 5) n;
insert into postings select :order_id::bigint, n, :buyer::bigint + n, 100 * n, 'share' from generate_series(1, 6) n;
insert into outbox (subject, payload, occurred_at) values ('orders.events.placed.v1', jsonb_build_object(
  'orderId', :order_id::bigint, 'hubId', '0190c0de-0000-7000-8000-000000000003', 'totalMinor', 2345, 'currency', 'EUR'), now());
commit;
`;

/** Measures what the database itself can do for one order; CPU is that of pgbench and Postgres, per order. */
export async function measureLimit(pgbench, { url, postgresPid, seconds }) {
  const meter = cpuMeter({ postgres: postgresPid });
  const result = await runPgbench(pgbench, {
    url,
    script: limitTransaction,
    clients: LIMIT_CLIENTS,
    seconds,
  });
  const { postgres } = meter();
  return { ...result, cpu: { pgbench: result.cpuMs / result.count, postgres: postgres / result.count } };
}
