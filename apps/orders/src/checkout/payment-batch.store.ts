import type { Order, OrderLine } from '@foodshed/contracts';
import { jsonLines, rowsOf, type Tx } from '@foodshed/platform';
import { CAPTURE_COLUMNS, type CaptureRow } from './captures.store.js';
import { LINE_COLUMNS, ORDER_COLUMNS, type OrderRow } from './orders.store.js';

/** What the database knows of an order that is to be paid. */
export interface PayableRow {
  /** Undefined when the instance has no such order. */
  readonly order?: OrderRow;
  /** By number. */
  readonly lines: OrderLine[];
  /** Oldest first. */
  readonly captures: CaptureRow[];
}

/** What the database knows of one payment that is asked for. */
export interface FoundPayment extends PayableRow {
  /** False while another transaction works on the same idempotency key. */
  readonly isLocked: boolean;
  readonly earlier?: { readonly bodyHash: string; readonly answer: Order };
}

interface Asked {
  readonly orderId: string;
  readonly caller: string;
  readonly key: string;
  readonly bodyHash: string;
}

const COMMAND = 'record-payment';

/**
 * Locks the orders in the order of their ids, then the idempotency keys, and reads what both lead to, in the order
 * of `asked`. All travel in one packet; each statement sees what was committed before the locks were had.
 */
export async function findPayments(
  tx: Tx,
  instanceId: string,
  asked: readonly Asked[],
): Promise<FoundPayment[]> {
  const orders = lockOrders(
    tx,
    instanceId,
    asked.map(({ orderId }) => orderId),
  );
  const [locks, answers, rows] = await Promise.all([
    rowsOf<{ locked: boolean[] }>(
      tx,
      {
        name: 'payments-keys-lock',
        text: `select array_agg(pg_try_advisory_xact_lock(hashtextextended(k.text, 7)) order by k.n) as locked
               from unnest($1::text[]) with ordinality as k(text, n)`,
      },
      [asked.map(({ caller, key }) => `${caller}\n${COMMAND}\n${key}`)],
    ),
    findAnswers(tx, asked),
    readPayables(tx, instanceId, orders, asked),
  ]);
  return rows.map((row, index) => ({
    ...row,
    isLocked: locks[0]?.locked[index] ?? false,
    earlier: answers.get(index),
  }));
}

/** Locks the orders in the order of their ids and reads them with lines and captures, in the order of `asked`. */
export function findPayables(
  tx: Tx,
  instanceId: string,
  asked: readonly { readonly orderId: string }[],
): Promise<PayableRow[]> {
  const orders = lockOrders(
    tx,
    instanceId,
    asked.map(({ orderId }) => orderId),
  );
  return readPayables(tx, instanceId, orders, asked);
}

function lockOrders(tx: Tx, instanceId: string, orderIds: readonly string[]): Promise<OrderRow[]> {
  return rowsOf<OrderRow>(
    tx,
    {
      name: 'payments-orders',
      text: `select ${ORDER_COLUMNS} from orders o
             where o.instance_id = $1 and o.id = any($2::uuid[]) order by o.id for update`,
    },
    [instanceId, orderIds],
  );
}

/** Sent after the statement that locks the orders, whose answer is awaited here. */
async function readPayables(
  tx: Tx,
  instanceId: string,
  locked: Promise<OrderRow[]>,
  asked: readonly { readonly orderId: string }[],
): Promise<PayableRow[]> {
  const orderIds = asked.map(({ orderId }) => orderId);
  const [orders, lines, captures] = await Promise.all([
    locked,
    rowsOf<OrderLine & { orderId: string }>(
      tx,
      {
        name: 'payments-lines',
        text: `select l.order_id as "orderId", ${LINE_COLUMNS} from order_lines l
               where l.instance_id = $1 and l.order_id = any($2::uuid[]) order by l.order_id, l.line_number`,
      },
      [instanceId, orderIds],
    ),
    rowsOf<CaptureRow & { orderId: string }>(
      tx,
      {
        name: 'payments-captures',
        text: `select c.order_id as "orderId", ${CAPTURE_COLUMNS} from captures c
               where c.instance_id = $1 and c.order_id = any($2::uuid[]) order by c.id`,
      },
      [instanceId, orderIds],
    ),
  ]);
  const orderById = new Map(orders.map((order) => [order.orderId, order]));
  const linesById = byOrder(lines);
  const capturesById = byOrder(captures);
  return asked.map(({ orderId }) => ({
    order: orderById.get(orderId),
    lines: linesById.get(orderId) ?? [],
    captures: capturesById.get(orderId) ?? [],
  }));
}

/** What was answered under these keys before, by position. */
async function findAnswers(tx: Tx, asked: readonly Asked[]) {
  const rows = await rowsOf<{ n: number; bodyHash: string; answer: Order }>(
    tx,
    {
      name: 'payments-answers',
      text: `select k.n, i.body_hash as "bodyHash", i.response -> 'result' as answer
             from unnest($1::text[], $2::text[]) with ordinality as k(caller, key, n)
             join idempotency_keys i on i.caller = k.caller and i.command = '${COMMAND}' and i.key = k.key`,
    },
    [asked.map(({ caller }) => caller), asked.map(({ key }) => key)],
  );
  return new Map(rows.map(({ n, ...answer }) => [n - 1, answer]));
}

/** Keeps what was answered under each key, for who asks again. */
export async function storeAnswers(
  tx: Tx,
  answers: readonly (Asked & { answer: Order })[],
  now: Date,
): Promise<void> {
  await rowsOf(
    tx,
    {
      name: 'payments-answers-store',
      text: `insert into idempotency_keys (caller, command, key, body_hash, response, created_at)
             select caller, '${COMMAND}', key, body_hash, response::json, $5
             from unnest($1::text[], $2::text[], $3::text[], string_to_array($4, E'\\n'))
               as a(caller, key, body_hash, response)`,
    },
    [
      answers.map(({ caller }) => caller),
      answers.map(({ key }) => key),
      answers.map(({ bodyHash }) => bodyHash),
      jsonLines(answers.map(({ answer }) => ({ result: answer }))),
      now,
    ],
  );
}

/** Rows without their `orderId`, by it, in their order. */
function byOrder<R extends { orderId: string }>(rows: readonly R[]): Map<string, Omit<R, 'orderId'>[]> {
  const groups = new Map<string, Omit<R, 'orderId'>[]>();
  for (const { orderId, ...row } of rows) {
    const group = groups.get(orderId);
    if (group) group.push(row);
    else groups.set(orderId, [row]);
  }
  return groups;
}
