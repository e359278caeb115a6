import {
  DomainError,
  hubsRpc,
  pageFrom,
  requireInstance,
  type CallContext,
  type MapEntry,
  type MapQuery,
  type RpcInput,
  type ValueMap,
  type valueMapRpc,
} from '@foodshed/contracts';
import { Clock, Database, Recent, RpcClient } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { keyOf } from '../key.rules.js';
import type { Span } from './block.rules.js';
import { FlowSumService } from './flow-sum.service.js';
import {
  findMoved,
  findSpan,
  withAccounts,
  type Flow,
  type MovedRow,
  type Period,
  type Place,
} from './flow.store.js';
import {
  arrowsOf,
  isArrow,
  monthsOf,
  publicArrows,
  publicMonths,
  reachOf,
  together,
  type DrawnArrow,
  type HubOf,
} from './value-map.rules.js';

/** The same periods are looked at again and again, on all levels. */
const REMEMBERED_SPANS = 50;
/** Some thousand transactions: no statement of a list of entries is a long one. */
const BATCHES_AT_ONCE = 100;
/** The greatest arrows; the rest of a map with more enterprises than this is in the table of each of them. */
const LONGEST_MAP = 5_000;

interface Added {
  readonly flows: readonly Flow[];
  readonly hubOf: HubOf;
}

interface Drawn {
  readonly unit: string;
  readonly units: string[];
  readonly period: Period;
  readonly span: Span;
  readonly arrows: DrawnArrow<Flow>[];
  readonly isWithheld: boolean;
}

/** Who brings value to whom, added up from the entries of a period. */
@Injectable()
export class ValueMapService {
  readonly #added = new Recent<string, Promise<Added>>(REMEMBERED_SPANS);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rpc: RpcClient,
    private readonly sums: FlowSumService,
  ) {}

  async map(input: MapQuery, context: CallContext): Promise<ValueMap> {
    const { unit, units, period, span, arrows, isWithheld } = await this.#draw(input, context);
    return {
      level: input.level,
      unit,
      units,
      from: period.from,
      to: period.to,
      arrows: arrows.slice(0, LONGEST_MAP).map(({ flows: _flows, ...arrow }) => arrow),
      isWithheld,
      untilBatch: span?.last ?? 0,
    };
  }

  /** @throws forbidden for who may see sums only */
  async entries(
    input: RpcInput<typeof valueMapRpc.listArrowEntries>,
    context: CallContext,
  ): Promise<{ items: MapEntry[]; nextCursor: string | null }> {
    const { id: instanceId } = requireInstance(context);
    if (reachOf(context.caller, input) === 'public') {
      throw new DomainError('forbidden', { detail: 'Only stewards may see the entries of all enterprises.' });
    }
    const before = placeOf(input.cursor);
    const { span, arrows } = await this.#draw(input, context);
    const flows = arrows.find((arrow) => isArrow(arrow, input))?.flows ?? [];
    if (span === null || flows.length === 0) return { items: [], nextCursor: null };
    const rows = await this.#newestOf(instanceId, { span, flows, before, limit: input.limit + 1 });
    const page = pageFrom(rows, input.limit, ({ batch, place, position }) => `${batch}.${place}.${position}`);
    const items = page.items.map((row) => ({
      transactionId: row.id,
      key: keyOf(row.business_key),
      amountMinor: row.amount_minor,
      occurredAt: row.occurred_at.toISOString(),
      recordedAt: row.recorded_at.toISOString(),
      batch: row.batch,
    }));
    return { items, nextCursor: page.nextCursor };
  }

  /** Reads the chain backwards, twice as far each time that it found too little. */
  async #newestOf(
    instanceId: string,
    page: { span: NonNullable<Span>; flows: readonly Flow[]; before: Place | null; limit: number },
  ): Promise<MovedRow[]> {
    const rows: MovedRow[] = [];
    let last = page.before?.batch ?? page.span.last;
    for (let batches = BATCHES_AT_ONCE; last >= page.span.first && rows.length < page.limit; batches *= 2) {
      const span = { first: Math.max(page.span.first, last - batches + 1), last };
      const limit = page.limit - rows.length;
      rows.push(
        ...(await this.database.transaction(
          instanceId,
          (tx) => findMoved(tx, { ...page, instanceId, span, limit }),
          { isSmallBatch: true },
        )),
      );
      last = span.first - 1;
    }
    return rows;
  }

  async #draw(input: MapQuery, context: CallContext): Promise<Drawn> {
    const { id: instanceId, currency, timeZone } = requireInstance(context);
    const reach = reachOf(context.caller, input);
    const today = new Intl.DateTimeFormat('en-CA', { timeZone }).format(this.clock.now());
    const months = reach === 'public' ? publicMonths(input, today) : null;
    const { from, to } = months ?? input;
    const period = { instanceId, timeZone, from: from ?? null, to: to ?? null };
    requireOrder(period);
    const unit = input.unit ?? currency;
    const view = { level: input.level, enterpriseId: input.enterpriseId, unit };
    const drawn = [];
    for (const part of months ? monthsOf(months) : [period]) {
      const span = await this.database.transaction(instanceId, (tx) => findSpan(tx, { ...period, ...part }));
      const { flows, hubOf } = await this.#add(instanceId, span);
      const arrows = arrowsOf(flows, view, hubOf);
      const shown = months ? publicArrows(arrows, hubOf) : { arrows, isWithheld: false };
      drawn.push({ span, ...shown, units: flows.map((flow) => flow.currency) });
    }
    return {
      unit,
      units: [...new Set([currency, ...drawn.flatMap(({ units }) => units)])].sort(),
      period,
      span: drawn.findLast(({ span }) => span !== null)?.span ?? null,
      arrows: together(drawn.flatMap(({ arrows }) => arrows)),
      isWithheld: drawn.some(({ isWithheld }) => isWithheld),
    };
  }

  /** What a span adds up to. It never changes, so whoever asks while it is being added up waits for the same answer. */
  #add(instanceId: string, span: Span): Promise<Added> {
    if (span === null) return Promise.resolve({ flows: [], hubOf: new Map() });
    const key = `${instanceId} ${span.first} ${span.last}`;
    const known = this.#added.get(key);
    if (known) return known;
    const adding = this.#addUp(instanceId, span);
    this.#added.set(key, adding);
    adding.catch(() => this.#added.delete(key));
    return adding;
  }

  async #addUp(instanceId: string, span: NonNullable<Span>): Promise<Added> {
    const sums = await this.sums.sum(instanceId, span);
    const flows = await this.database.transaction(instanceId, (tx) => withAccounts(tx, sums));
    return { flows, hubOf: await this.#hubsOf(instanceId, flows) };
  }

  /** The one hub of each manager who earned by a share; hubs knows who runs which. */
  async #hubsOf(instanceId: string, flows: readonly Flow[]): Promise<HubOf> {
    const people = flows.flatMap(({ payee, shareId }) =>
      payee.kind === 'person' && shareId !== null ? [payee.id] : [],
    );
    const personIds = [...new Set(people)];
    if (personIds.length === 0) return new Map();
    const { items } = await this.rpc.call(
      hubsRpc.listHubsOfManagers,
      { instanceId, personIds: personIds.slice(0, 10_000) },
      'service',
    );
    return new Map(
      items.flatMap(({ personId, hubIds }) => (hubIds.length === 1 ? [[personId, hubIds[0]!]] : [])),
    );
  }
}

function requireOrder({ from, to }: Period): void {
  if (from === null || to === null || from <= to) return;
  throw new DomainError('invalid-input', {
    detail: 'The period ends before it begins.',
    fields: [{ path: 'to', message: 'must not be before from' }],
  });
}

/** The place after which a page begins, null on the first one. @throws invalid-input for a cursor of another list */
function placeOf(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null;
  const match = /^(\d{1,15})\.(\d{1,9})\.(\d{1,5})$/.exec(cursor);
  if (match) return { batch: Number(match[1]), place: Number(match[2]), position: Number(match[3]) };
  throw new DomainError('invalid-input', {
    detail: 'The cursor is not one of this list.',
    fields: [{ path: 'cursor', message: 'must be a nextCursor of this list' }],
  });
}
