import {
  adminRpc,
  DomainError,
  requireInstance,
  type CallContext,
  type DashboardView,
  type RpcInput,
} from '@foodshed/contracts';
import { Database, Recent, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { pageFrom } from '../pages.rules.js';
import { figures, figuresBy, greatestFirst, type Groups } from './dashboard.rules.js';
import {
  countOrders,
  countOrdersByProducer,
  countReferrals,
  enterprisesOf,
  sumHubFees,
  sumSales,
  type Filter,
  progressOf,
  type ProgressRow,
  unsplitOf,
  type UnsplitRow,
} from './dashboard.store.js';
import { concentrationOf, takeBySize } from './fairness.rules.js';
import { availableAfter, takePerOrder, waitingOrders } from './fairness.store.js';
import { sumGifts, sumPledges } from './funding.store.js';
import { cursorOf, positionOf } from './statement.rules.js';
import { balancesAround, listEntries, sumOwnAccounts, type OwnSums } from './statement.store.js';

const LONGEST_LIST = 100;
/** Many browsers ask for the same figures after each change; they are added up once per sequence. */
const REMEMBERED_VIEWS = 200;

@Injectable()
export class DashboardService {
  readonly #views = new Recent<string, DashboardView>(REMEMBERED_VIEWS);

  constructor(private readonly database: Database) {}

  async dashboard(
    input: RpcInput<typeof adminRpc.getDashboard>,
    context: CallContext,
  ): Promise<DashboardView> {
    requireOrderedPeriod(input);
    const { id: instanceId, currency, timeZone } = requireInstance(context);
    const filter: Filter = {
      instanceId,
      from: input.from ?? null,
      to: input.to ?? null,
      hubId: input.hubId ?? null,
      producerId: input.producerId ?? null,
    };
    return this.database.transaction(instanceId, async (tx) => {
      const progress = await progressOf(tx, instanceId);
      const key = JSON.stringify([filter, timeZone, progress.sequence]);
      const known = this.#views.get(key);
      if (known) return known;
      const orders = [...(await countOrders(tx, filter)), ...(await countOrdersByProducer(tx, filter))];
      const groups: Groups = {
        sales: await sumSales(tx, filter),
        orders,
        fees: await sumHubFees(tx, filter),
      };
      const own = await sumOwnAccounts(tx, { ...filter, timeZone });
      const view = {
        sequence: progress.sequence,
        currency,
        timeZone,
        totals: figuresBy(groups, 'all').get('all') ?? figures(),
        weeks: weeksOf(groups),
        ...(await this.#enterprises(tx, instanceId, groups)),
        ...ownAccounts(own),
        funding: { pledges: await sumPledges(tx, filter), gifts: await sumGifts(tx, filter) },
        fairness: await fairnessOf(tx, filter, groups),
        lag: lagView(progress, await unsplitOf(tx, instanceId)),
      };
      this.#views.set(key, view);
      return view;
    });
  }

  async statement(input: RpcInput<typeof adminRpc.getStatement>, context: CallContext) {
    requireOrderedPeriod(input);
    const { id: instanceId, currency, timeZone } = requireInstance(context);
    const after = positionOf(input.cursor);
    const { account, limit } = input;
    const period = { instanceId, timeZone, account, from: input.from ?? null, to: input.to ?? null };
    return this.database.transaction(instanceId, async (tx) => {
      const { opening, closing } = await balancesAround(tx, period);
      const rows = await listEntries(tx, { ...period, after, limit: limit + 1 });
      const page = pageFrom(rows, limit, cursorOf);
      const items = page.items.map((row) => ({
        transactionId: row.transaction_id,
        occurredAt: row.occurred_at.toISOString(),
        recordedAt: row.recorded_at.toISOString(),
        kind: row.kind,
        line: row.line,
        shareId: row.share_id,
        orderId: row.order_id,
        producerId: row.producer_id,
        amountMinor: row.amount_minor,
        balanceMinor: row.balance_minor,
      }));
      const { nextCursor } = page;
      return { account, currency, openingMinor: opening, closingMinor: closing, items, nextCursor };
    });
  }

  async #enterprises(tx: Tx, instanceId: string, groups: Groups) {
    const byHub = figuresBy(groups, 'hub_id');
    const byProducer = figuresBy(groups, 'producer_id');
    const ids = [...byHub.keys(), ...byProducer.keys()];
    const known = new Map(
      (await enterprisesOf(tx, { instanceId, ids })).map((row) => [row.enterprise_id, row] as const),
    );
    const referrals = new Map(
      (await countReferrals(tx, instanceId)).map((row) => [row.hub_id, row.standing] as const),
    );
    const named = (by: ReturnType<typeof figuresBy>) =>
      greatestFirst(
        [...by].map(([enterpriseId, values]) => {
          const { name = '', slug = null } = known.get(enterpriseId) ?? {};
          return { ...values, enterpriseId, name, slug };
        }),
        LONGEST_LIST,
      );
    return {
      hubs: named(byHub).map((hub) => ({ ...hub, standingReferrals: referrals.get(hub.enterpriseId) ?? 0 })),
      producers: named(byProducer),
    };
  }
}

async function fairnessOf(tx: Tx, filter: Filter, groups: Groups): Promise<DashboardView['fairness']> {
  const producers = groups.sales
    .filter((sale) => sale.producer_id !== null)
    .map((sale) => ({
      grossMinor: sale.gross,
      splitGrossMinor: sale.split_gross,
      platformMinor: sale.platform,
      producerMinor: sale.producers,
    }));
  return {
    takePerOrder: await takePerOrder(tx, filter),
    bySize: takeBySize(producers),
    concentration: concentrationOf(producers),
    availability: { hours: await availableAfter(tx, filter), waiting: await waitingOrders(tx, filter) },
  };
}

function lagView(progress: ProgressRow, waiting: UnsplitRow): DashboardView['lag'] {
  return {
    salesWithoutSplit: waiting.unsplit,
    oldestWithoutSplitAt: waiting.oldest_unsplit_at?.toISOString() ?? null,
    lastEventAt: progress.last_event_at?.toISOString() ?? null,
    lastEventLagMs: progress.last_lag_ms,
  };
}

function weeksOf(groups: Groups): DashboardView['weeks'] {
  return [...figuresBy(groups, 'week')]
    .map(([weekStartsOn, values]) => ({ weekStartsOn, ...values }))
    .sort((a, b) => (a.weekStartsOn < b.weekStartsOn ? -1 : 1));
}

function ownAccounts(sums: readonly OwnSums[]): Pick<DashboardView, 'administration' | 'paymentCosts'> {
  const of = (account: OwnSums['account']) => sums.find((each) => each.account === account);
  const administration = of('administration');
  const costs = of('payment-costs');
  return {
    administration: {
      incomeMinor: administration?.period_net ?? 0,
      vatMinor: administration?.period_vat ?? 0,
      balanceMinor: administration?.balance ?? 0,
    },
    paymentCosts: {
      setAsideMinor: (costs?.period_net ?? 0) + (costs?.period_vat ?? 0),
      balanceMinor: costs?.balance ?? 0,
    },
  };
}

function requireOrderedPeriod({ from, to }: { from?: string; to?: string }): void {
  if (from === undefined || to === undefined || from <= to) return;
  throw new DomainError('invalid-input', {
    detail: 'The period ends before it begins.',
    fields: [{ path: 'to', message: 'must not be before from' }],
  });
}
