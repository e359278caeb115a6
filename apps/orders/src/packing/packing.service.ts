import { Injectable } from '@nestjs/common';
import {
  DomainError,
  requireEnterprise,
  requireInstance,
  type CallContext,
  type packingRpc,
  type RpcInput,
  type RpcOutput,
  type WantedTick,
} from '@foodshed/contracts';
import { Clock, Database, idempotent } from '@foodshed/platform';
import { pageOfRows, readCursor } from '../catalogue/cursor.rules.js';
import { orderReference } from '../checkout/placing.rules.js';
import { callerKey, requireKey } from '../checkout/placing.service.js';
import { decideTick, type TickedLine } from './packing.rules.js';
import { listToPack, lockTicks, saveTicks, totalsToPack, type LineKey } from './packing.store.js';

type Rpc = typeof packingRpc;

/** What a producer harvests and packs, and what is in its box already; ticks come late and twice from a market stall. */
@Injectable()
export class PackingService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Oldest first. @throws forbidden for a producer the caller does not manage. */
  async listOrdersToPack(
    { producerId, cycleId, cursor, limit }: RpcInput<Rpc['listOrdersToPack']>,
    context: CallContext,
  ): Promise<RpcOutput<Rpc['listOrdersToPack']>> {
    const { id: instanceId } = requireInstance(context);
    requireEnterprise(context, producerId);
    const filter = { instanceId, producerId, cycleId, after: readCursor(cursor), limit: limit + 1 };
    return this.database.transaction(instanceId, async (tx) => {
      const { page, nextCursor } = pageOfRows(await listToPack(tx, filter), limit, ({ orderId }) => orderId);
      return {
        items: page.map((row) => ({
          orderId: row.orderId,
          reference: orderReference(row.orderId),
          hubId: row.hubId,
          cycleId: row.cycleId,
          buyer: row.buyer,
          currency: row.currency,
          paymentState: row.paymentState,
          placedAt: row.placedAt.toISOString(),
          lines: row.lines,
        })),
        nextCursor,
        totals: await totalsToPack(tx, filter),
      };
    });
  }

  /**
   * What becomes of each tick is in the answer.
   * @throws forbidden, idempotency-key-missing; not-found, naming them, when lines are not the producer's.
   */
  async recordPacking(
    input: RpcInput<Rpc['recordPacking']>,
    context: CallContext,
  ): Promise<RpcOutput<Rpc['recordPacking']>> {
    const { id: instanceId } = requireInstance(context);
    const { producerId, ticks } = input;
    const { personId } = requireEnterprise(context, producerId);
    const now = this.clock.now();
    const command = {
      callerKey: callerKey(context),
      command: 'record-packing',
      key: requireKey(context),
      body: input,
      now,
    };
    return this.database.transaction(instanceId, (tx) =>
      idempotent(tx, command, async () => {
        const rows = await lockTicks(tx, { instanceId, producerId }, ticks);
        const decided = withTheirLines(ticks, rows).map(({ wanted, line }) => {
          const { orderId, lineNumber } = wanted;
          return { orderId, lineNumber, line, ...decideTick(line, wanted, { personId, now }) };
        });
        const changed = decided.flatMap(({ orderId, lineNumber, line, tick }) =>
          tick && tick.version !== line.tick?.version ? [{ orderId, lineNumber, tick }] : [],
        );
        if (changed.length > 0) await saveTicks(tx, instanceId, changed);
        return {
          outcomes: decided.map(({ orderId, lineNumber, outcome, tick }) => ({
            orderId,
            lineNumber,
            outcome,
            tick,
          })),
        };
      }),
    );
  }
}

/** @throws not-found naming each tick whose line is unknown or another producer's: such a list is somebody else's */
function withTheirLines(
  ticks: readonly WantedTick[],
  rows: readonly (LineKey & TickedLine)[],
): { wanted: WantedTick; line: TickedLine }[] {
  const lines = new Map(rows.map((row) => [`${row.orderId} ${row.lineNumber}`, row]));
  const found = ticks.flatMap((wanted) => {
    const line = lines.get(`${wanted.orderId} ${wanted.lineNumber}`);
    return line ? [{ wanted, line }] : [];
  });
  if (found.length === ticks.length) return found;
  throw new DomainError('not-found', {
    detail: 'Some of the lines are not this producer’s; nothing was recorded.',
    fields: ticks.flatMap(({ orderId, lineNumber }, index) =>
      lines.has(`${orderId} ${lineNumber}`)
        ? []
        : [
            {
              path: `ticks.${index}.orderId`,
              message: `has no line ${lineNumber} of this producer; take the tick out of the list`,
            },
          ],
    ),
  });
}
