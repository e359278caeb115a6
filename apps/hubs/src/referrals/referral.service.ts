import { Injectable } from '@nestjs/common';
import {
  DomainError,
  hasRole,
  managesEnterprise,
  requireInstance,
  type CallContext,
  type hubsRpc,
  type Referral,
  type RpcInput,
  type RpcOutput,
} from '@foodshed/contracts';
import { Database, type Tx } from '@foodshed/platform';
import { namesOf } from '../buyers/buyer.store.js';
import { nameOrFormer } from '../buyers/contact.rules.js';
import { ManagerService } from '../managers/manager.service.js';
import { cursorAfter, idPositionOf, pageOfRows } from '../pages.rules.js';
import { AttributionService } from './attribution.service.js';
import { listReferrals, type ListedReferral } from './first-sale.store.js';

type Page = RpcOutput<typeof hubsRpc.listHubReferrals>;
type Preview = typeof hubsRpc.previewAttribution;

/** What people see of referrals: a hub those it made, a producer those of its customers, a buyer a preview. */
@Injectable()
export class ReferralService {
  constructor(
    private readonly database: Database,
    private readonly managers: ManagerService,
    private readonly attributions: AttributionService,
  ) {}

  /** Whom the hub brought to whom, newest first. @throws forbidden, not-found */
  ofHub({ hubId, ...page }: RpcInput<typeof hubsRpc.listHubReferrals>, context: CallContext): Promise<Page> {
    return this.#list({ side: 'hub_id', enterpriseId: hubId, ...page }, context);
  }

  /** Who brought customers to the producer, newest first. @throws forbidden, not-found */
  ofProducer(
    { producerId, ...page }: RpcInput<typeof hubsRpc.listProducerReferrals>,
    context: CallContext,
  ): Promise<Page> {
    return this.#list({ side: 'producer_id', enterpriseId: producerId, ...page }, context);
  }

  /**
   * Who would be the referrer now. Who brought a buyer is their own business: they, those who buy for the
   * enterprise, the hub's managers and stewards may ask. @throws forbidden, not-found
   */
  async preview(input: RpcInput<Preview>, context: CallContext): Promise<RpcOutput<Preview>> {
    const { id: instanceId } = requireInstance(context);
    const { caller } = context;
    const { buyer, hubId } = input;
    const isOwn =
      !buyer ||
      managesEnterprise(caller, hubId) ||
      hasRole(caller, 'steward') ||
      (buyer.kind === 'enterprise'
        ? managesEnterprise(caller, buyer.id)
        : caller.kind === 'person' && caller.personId === buyer.id);
    if (!isOwn) throw new DomainError('forbidden', { detail: 'Another buyer’s referrals are not shown.' });
    return this.database.transaction(instanceId, (tx) => this.attributions.preview(tx, instanceId, input));
  }

  async #list(
    options: { side: 'hub_id' | 'producer_id'; enterpriseId: string; cursor?: string; limit: number },
    context: CallContext,
  ): Promise<Page> {
    const { id: instanceId } = requireInstance(context);
    const { cursor, limit, side, enterpriseId } = options;
    return this.database.transaction(instanceId, async (tx) => {
      if (!hasRole(context.caller, 'steward')) await this.managers.require(tx, context, enterpriseId);
      const before = idPositionOf(cursor);
      const rows = await listReferrals(tx, { instanceId, side, enterpriseId, before, limit: limit + 1 });
      const { page, nextCursor } = pageOfRows(rows, limit, (last) => cursorAfter(last.referralId ?? ''));
      return { items: await this.#named(tx, instanceId, page), nextCursor };
    });
  }

  async #named(tx: Tx, instanceId: string, rows: readonly ListedReferral[]): Promise<Referral[]> {
    const ids = rows.flatMap(({ producerId, hubId, buyer }) => [
      producerId,
      buyer.id,
      ...(hubId ? [hubId] : []),
    ]);
    const names = await namesOf(tx, instanceId, ids);
    return rows.flatMap(({ producerId, buyer, referralId, hubId, via, boundAt, state, evidence }) => {
      if (!referralId || !hubId || !via || !boundAt) return [];
      return [
        {
          ...{ referralId, producerId, hubId, buyer, via, boundAt, state, evidence },
          producerName: names.get(producerId)?.name ?? '',
          hubName: names.get(hubId)?.name ?? '',
          buyerName: nameOrFormer(names.get(buyer.id)?.name),
        },
      ];
    });
  }
}
