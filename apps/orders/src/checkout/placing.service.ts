import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  DomainError,
  requirePerson,
  type CallContext,
  type PlacedOrder,
  type PlaceOrderRequest,
} from '@foodshed/contracts';
import { currentRequest, Database, newId } from '@foodshed/platform';
import { OffersService, type CycleOffers } from './offers.service.js';
import { PlacingBatchService } from './placing-batch.service.js';
import {
  buyerOf,
  changedPrices,
  cycleClosed,
  cycleNotFound,
  notInCycle,
  priceChanged,
  refusalOf,
} from './placing.rules.js';
import { findAnswer, type OrderToPlace, type Placing } from './placing.store.js';
import { priceOrder, type Offer } from './pricing.rules.js';

type Request = Pick<OrderToPlace, 'buyer' | 'placedBy' | 'caller' | 'key' | 'bodyHash'> & {
  readonly instanceId: string;
  readonly input: PlaceOrderRequest;
};

/** The one hot command. It is decided here and in the database's place_orders, which takes orders by the batch. */
@Injectable()
export class PlacingService {
  /** Keys whose first request this process is working on. */
  readonly #inProgress = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly offers: OffersService,
    private readonly batch: PlacingBatchService,
  ) {}

  async placeOrder(input: PlaceOrderRequest, context: CallContext): Promise<PlacedOrder> {
    const person = requirePerson(context);
    const key = requireKey(context);
    const caller = callerKey(context);
    const request: Request = {
      input,
      instanceId: person.instance.id,
      buyer: buyerOf(input.buyer, person),
      placedBy: person.personId,
      caller,
      key,
      bodyHash: hash('sha256', JSON.stringify(input), 'base64url'),
    };
    const id = `${caller} ${key}`;
    if (this.#inProgress.has(id)) throw inProgress();
    this.#inProgress.add(id);
    try {
      return await this.#place(request);
    } finally {
      this.#inProgress.delete(id);
    }
  }

  /** First with what is remembered of the cycle; where that does not hold, once more with what is in the database. */
  async #place(request: Request): Promise<PlacedOrder> {
    const { input, instanceId } = request;
    const cycle = { instanceId, cycleId: input.cycleId };
    const variantIds = input.lines.map(({ variantId }) => variantId);
    for (const fresh of [false, true]) {
      const known = await this.offers.read(cycle, variantIds, { fresh });
      const refusal = known ? refusalBefore(input, known) : cycleNotFound();
      if (refusal && fresh) return this.#answered(request, refusal);
      if (refusal || !known) continue;
      const placing = await this.batch.place(toPlace(request, known));
      if (placing.verdict === 'placed' || placing.verdict === 'repeated') return placing.answer;
      if (fresh || !isStale(placing)) throw problemOf(placing);
    }
    return this.#answered(request, cycleNotFound());
  }

  /** The answer of an earlier request with this key, which stands whatever has changed since. @throws `refusal` else */
  async #answered(request: Request, refusal: DomainError): Promise<PlacedOrder> {
    const earlier = await findAnswer(this.database, request);
    if (!earlier) throw refusal;
    if (earlier.bodyHash !== request.bodyHash) throw keyReused();
    return earlier.answer;
  }
}

/** What refuses the order before the database is asked, as far as `known` says; undefined when nothing does. */
function refusalBefore({ lines }: PlaceOrderRequest, { offers }: CycleOffers): DomainError | undefined {
  const missing = lines.flatMap(({ variantId }, index) => (offers.has(variantId) ? [] : [index]));
  if (missing.length > 0) return notInCycle(missing);
  const changed = changedPrices(lines, offers);
  return changed.length > 0 ? priceChanged(changed) : undefined;
}

function toPlace(request: Request, { terms, offers }: CycleOffers): OrderToPlace {
  const { input, buyer, placedBy, caller, key, bodyHash } = request;
  const wanted = input.lines.map(({ variantId, quantity }) => ({
    offer: offers.get(variantId) as Offer,
    quantity,
  }));
  return {
    orderId: newId(),
    eventId: newId(),
    terms,
    offers: wanted.map(({ offer }) => offer),
    priced: priceOrder(wanted, terms),
    buyer,
    placedBy,
    paymentMethod: input.paymentMethod,
    caller,
    key,
    bodyHash,
    headers: currentRequest() ?? {},
  };
}

/** True when what was remembered of the cycle may have been out of date. */
function isStale(placing: Placing): boolean {
  if (placing.verdict === 'stale' || placing.verdict === 'cycle-missing') return true;
  return placing.verdict === 'refused' && placing.problems.some(({ problem }) => problem !== 'stock');
}

function problemOf(placing: Placing): DomainError {
  switch (placing.verdict) {
    case 'key-reused':
      return keyReused();
    case 'in-progress':
      return inProgress();
    case 'cycle-missing':
      return cycleNotFound();
    case 'cycle-closed':
      return cycleClosed();
    case 'refused':
      if (!placing.problems.some(({ problem }) => problem === 'stale')) return refusalOf(placing.problems);
      return priceChanged([]);
    default:
      return priceChanged([]);
  }
}

/** Who asks, for idempotency: a person within an instance. */
export function callerKey(context: CallContext): string {
  const { personId, instance } = requirePerson(context);
  return `${instance.id}/${personId}`;
}

/** @throws idempotency-key-missing when the call came without one. */
export function requireKey({ idempotencyKey }: CallContext): string {
  if (idempotencyKey) return idempotencyKey;
  throw new DomainError('idempotency-key-missing', {
    detail: 'Send an Idempotency-Key header, a new one for each new request.',
  });
}

/** The refusal of a key that came with another body before. */
export function keyReused(): DomainError {
  return new DomainError('idempotency-key-reused', {
    detail: 'This Idempotency-Key was used with another body; use a new key for a new request.',
  });
}

/** The refusal of a key whose first request is still running. */
export function inProgress(): DomainError {
  return new DomainError('request-in-progress', {
    detail: 'The first request with this key is still running; ask again shortly.',
    retryAfterSeconds: 1,
  });
}
