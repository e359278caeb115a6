import { Injectable } from '@nestjs/common';
import {
  cycleLimits,
  DomainError,
  ordersEvents,
  requireEnterprise,
  requireInstance,
  type CallContext,
  type Cycle,
  type CycleChanges,
  type CycleSelection,
  type CycleState,
  type NewCycle,
} from '@foodshed/contracts';
import {
  ALL_INSTANCES,
  Clock,
  Database,
  newId,
  Outbox,
  type OutgoingEvent,
  type Tx,
} from '@foodshed/platform';
import { pageOfRows, readCursor } from '../catalogue/cursor.rules.js';
import { EnterpriseService } from '../catalogue/enterprise.service.js';
import { requireVersion } from '../catalogue/product.rules.js';
import { lockSupply, variantWithoutSupply, type Supply } from '../supply/supplied-goods.store.js';
import { notAgreed, priceNotAgreed } from '../supply/supply.rules.js';
import { changedCycle, cycleOf, cycleStateAt, shownCycle, type CycleRow } from './cycle.rules.js';
import {
  announceDueCycles,
  countCycleVariants,
  findCycle,
  findCycles,
  insertCycle,
  missingVariants,
  producersWithoutProducts,
  replaceCycleVariants,
  updateCycle,
} from './cycle.store.js';

const ANNOUNCED_AT_ONCE = 500;

/** A hub's order cycles: seen by everybody, written by the hub's managers. */
@Injectable()
export class CycleService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly enterprises: EnterpriseService,
  ) {}

  async open(hubId: string, { selection, ...wanted }: NewCycle, context: CallContext): Promise<Cycle> {
    const { id: instanceId, currency, timeZone } = requireInstance(context);
    await this.enterprises.requireHub(context, hubId);
    const now = this.clock.now();
    const cycle = cycleOf(wanted, { cycleId: newId(), hubId, currency, timeZone }, now);
    return this.database.transaction(instanceId, async (tx) => {
      const supply = await lockSupply(tx, { instanceId, hubId });
      await insertCycle(tx, instanceId, cycle, now);
      if (selection) await select(tx, { instanceId, cycle, supply, selection, path: 'selection.', now });
      await this.outbox.add(tx, [announcement(instanceId, cycle, cycle.announced, now)]);
      return this.#shown(tx, instanceId, cycle.cycleId, now);
    });
  }

  async list(
    input: { hubId: string; state?: CycleState; cursor?: string; limit: number },
    context: CallContext,
  ): Promise<{ items: Cycle[]; nextCursor: string | null }> {
    const { id: instanceId } = requireInstance(context);
    const now = this.clock.now();
    const rows = await this.database.transaction(instanceId, (tx) =>
      findCycles(tx, {
        instanceId,
        hubId: input.hubId,
        state: input.state ?? null,
        now,
        afterCycleId: readCursor(input.cursor),
        limit: input.limit + 1,
      }),
    );
    const { page, nextCursor } = pageOfRows(rows, input.limit, (row) => row.cycleId);
    return { items: page.map((row) => shownCycle(row, now)), nextCursor };
  }

  async get(cycleId: string, context: CallContext): Promise<Cycle> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, (tx) =>
      this.#shown(tx, instanceId, cycleId, this.clock.now()),
    );
  }

  async edit(
    { cycleId, version }: { cycleId: string; version?: number },
    changes: CycleChanges,
    context: CallContext,
  ): Promise<Cycle> {
    return this.#write(cycleId, context, async (tx, { row, instanceId, now }) => {
      requireVersion(row.version, version);
      const changed = changedCycle(row, changes, now);
      const announced = cycleStateAt(changed, now);
      await updateCycle(tx, instanceId, { ...changed, announced }, now);
      if (announced !== row.announced) {
        await this.outbox.add(tx, [announcement(instanceId, row, announced, now)]);
      }
    });
  }

  async setVariants(cycleId: string, selection: CycleSelection, context: CallContext): Promise<Cycle> {
    return this.#write(cycleId, context, async (tx, { row, supply, instanceId, now }) => {
      if (cycleStateAt(row, now) === 'closed') {
        throw new DomainError('cycle-closed', { detail: 'A closed order cycle sells nothing any more.' });
      }
      await select(tx, { instanceId, cycle: row, supply, selection, path: '', now });
    });
  }

  /** Tells others of cycles that opened or closed since the last time; returns how many there were. */
  async announceDue(): Promise<number> {
    const now = this.clock.now();
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
      const due = await announceDueCycles(tx, { now, limit: ANNOUNCED_AT_ONCE });
      await this.outbox.add(
        tx,
        due.map((cycle) => announcement(cycle.instanceId, cycle, cycle.state, now)),
      );
      return due.length;
    });
  }

  async #write(
    cycleId: string,
    context: CallContext,
    work: (tx: Tx, found: { row: CycleRow; supply: Supply; instanceId: string; now: Date }) => Promise<void>,
  ): Promise<Cycle> {
    const { id: instanceId } = requireInstance(context);
    const now = this.clock.now();
    return this.database.transaction(instanceId, async (tx) => {
      const known = await findCycle(tx, { instanceId, cycleId });
      if (!known) throw noCycle();
      const { hubId } = known;
      requireEnterprise(context, hubId);
      const supply = await lockSupply(tx, { instanceId, hubId });
      const row = await findCycle(tx, { instanceId, cycleId }, { lock: true });
      if (!row) throw noCycle();
      await work(tx, { row, supply, instanceId, now });
      return this.#shown(tx, instanceId, cycleId, now);
    });
  }

  async #shown(tx: Tx, instanceId: string, cycleId: string, now: Date): Promise<Cycle> {
    const row = await findCycle(tx, { instanceId, cycleId });
    if (!row) throw noCycle();
    return shownCycle(row, now);
  }
}

/** `path` is where the selection is in the request. */
interface Selecting {
  readonly instanceId: string;
  readonly cycle: CycleRow;
  readonly supply: Supply;
  readonly selection: CycleSelection;
  readonly path: '' | 'selection.';
  readonly now: Date;
}

/**
 * @throws invalid-input for variants that are not there, are listed twice or too many, and producers without goods;
 * supply-not-agreed for what the hub may not sell, or not at that price.
 */
async function select(tx: Tx, selecting: Selecting): Promise<void> {
  const { instanceId, cycle, selection, path, now } = selecting;
  const { producerIds } = selection;
  const variantIds = selection.variants.map(({ variantId }) => variantId);
  const refuse = (field: string, what: string, message: string): never => {
    throw new DomainError('invalid-input', {
      detail: `A ${what} of the selection ${message}.`,
      fields: [{ path: `${path}${field}`, message }],
    });
  };
  const places = new Map(variantIds.map((id, index) => [id, index]));
  const twice = variantIds.findIndex((id, index) => places.get(id) !== index);
  if (twice >= 0) refuse(`variants.${twice}.variantId`, 'variant', 'is listed twice');
  const [missing] = await missingVariants(tx, { instanceId, variantIds });
  if (missing) refuse(`variants.${places.get(missing) ?? 0}.variantId`, 'variant', 'is not for sale');
  const [idle] = await producersWithoutProducts(tx, { instanceId, producerIds });
  if (idle) refuse(`producerIds.${producerIds.indexOf(idle)}`, 'producer', 'has no products');
  await requireSupply(tx, selecting);
  const offeredAt = new Date(Math.max(now.getTime(), Date.parse(cycle.opensAt)));
  const { cycleId, hubId } = cycle;
  await replaceCycleVariants(tx, { instanceId, cycleId }, selection);
  const count = await countCycleVariants(tx, { instanceId, cycleId, hubId, offeredAt });
  if (count <= cycleLimits.variants) return;
  throw new DomainError('invalid-input', {
    detail: `An order cycle sells at most ${cycleLimits.variants} variants; this selection has ${count}.`,
    fields: [{ path: `${path}variants`, message: `has more than ${cycleLimits.variants} variants` }],
  });
}

/** @throws supply-not-agreed for goods whose producers have not agreed with the hub, or not to prices of its own. */
async function requireSupply(tx: Tx, { instanceId, supply, selection, path }: Selecting): Promise<void> {
  const { producerIds, variants } = selection;
  const strange = producerIds.findIndex((producerId) => !supply.producerIds.includes(producerId));
  if (strange >= 0) throw notAgreed(`${path}producerIds.${strange}`);
  const found = await variantWithoutSupply(tx, { instanceId, variants, supply });
  if (!found) return;
  const variant = `${path}variants.${found.position}`;
  throw found.isAgreed ? priceNotAgreed(`${variant}.priceMinor`) : notAgreed(`${variant}.variantId`);
}

function announcement(
  instanceId: string,
  { cycleId, hubId }: { cycleId: string; hubId: string },
  state: CycleState,
  now: Date,
): OutgoingEvent {
  const data = { cycleId, hubId, state, changedAt: now.toISOString() };
  return { event: ordersEvents.cycleChanged, instanceId, data };
}

function noCycle(): DomainError {
  return new DomainError('not-found', { detail: 'There is no such order cycle.' });
}
