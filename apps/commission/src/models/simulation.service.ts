import {
  type CallContext,
  type commissionRpc,
  DomainError,
  requireInstance,
  type RpcInput,
  type RpcOutput,
} from '@foodshed/contracts';
import { Database, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import type { SaleKey, StoredSplit } from '../splits/advance.rules.js';
import { readSales, readSplits } from '../splits/split.store.js';
import { soundModel } from './model-text.service.js';
import { attributedFrom, type Simulation, simulationOf } from './simulation.rules.js';
import { lockSimulation, salesOfMonth } from './simulation.store.js';

/** What is read and split at a time: some milliseconds, between which paid sales are split. */
const AT_ONCE = 250;
/** More belongs into a file, on another machine than the one that splits paid sales. */
const MOST_SALES = 150_000;

const nameOf = ({ orderId, captureId }: SaleKey): string => `${orderId} ${captureId}`;

/** Splits the sales of a month by another model, and compares with what stands. */
@Injectable()
export class SimulationService {
  constructor(private readonly database: Database) {}

  /** @throws model-invalid; request-in-progress while another simulation runs; invalid-input for too large a month */
  async simulate(
    { source, month }: RpcInput<typeof commissionRpc.simulateModel>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.simulateModel>> {
    const { id: instanceId, currency, timeZone } = requireInstance(context);
    const { model } = soundModel(source, currency);
    return this.database.transaction(instanceId, async (tx) => {
      if (!(await lockSimulation(tx))) {
        throw new DomainError('request-in-progress', {
          detail: 'Another simulation is running; try again in a moment.',
          retryAfterSeconds: 5,
        });
      }
      const keys = await salesOfMonth(tx, { instanceId, month, timeZone, limit: MOST_SALES + 1 });
      if (keys.length > MOST_SALES) {
        const message = `has more than ${MOST_SALES} sales; simulate them from a file`;
        throw new DomainError('invalid-input', {
          detail: `The month ${message}.`,
          fields: [{ path: 'month', message }],
        });
      }
      const simulation = simulationOf({ model, against: null, instanceId });
      for (let index = 0; index < keys.length; index += AT_ONCE) {
        await addSales(tx, simulation, keys.slice(index, index + AT_ONCE));
      }
      return simulation.result(currency);
    });
  }
}

/** Adds these sales in their order, each with what stands of it. */
async function addSales(tx: Tx, simulation: Simulation, keys: readonly SaleKey[]): Promise<void> {
  const [sales, splits] = await Promise.all([readSales(tx, keys), readSplits(tx, keys)]);
  const saleOf = new Map(sales.map((stored) => [nameOf(stored), stored.sale]));
  const splitsOf = new Map<string, StoredSplit[]>();
  for (const split of splits) {
    const own = splitsOf.get(nameOf(split));
    if (own) own.push(split);
    else splitsOf.set(nameOf(split), [split]);
  }
  for (const key of keys) {
    const sale = saleOf.get(nameOf(key));
    if (!sale) continue;
    const own = splitsOf.get(nameOf(key)) ?? [];
    simulation.add(
      attributedFrom(sale, own),
      own.map((split) => split.standing),
    );
  }
}
