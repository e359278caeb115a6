import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  DomainError,
  requireInstance,
  requirePerson,
  type BuyerRef,
  type CallContext,
  type hubsRpc,
  type ReferralLink,
  type RpcInput,
  type RpcOutput,
} from '@foodshed/contracts';
import { Clock, Database, newId, type Tx } from '@foodshed/platform';
import { findEnterprise } from '../enterprises/enterprise.store.js';
import { HubsKeys } from '../hubs.config.js';
import { peopleAt } from '../managers/manager.rules.js';
import { ManagerService } from '../managers/manager.service.js';
import { peopleOf } from '../managers/manager.store.js';
import { cursorAfter, idPositionOf, pageOfRows } from '../pages.rules.js';
import { writeEvidence } from './evidence.store.js';
import { CODE_RANDOM_BYTES, codeOf, randomOf } from './referral-code.rules.js';
import { findLink, insertLink, keepUse, listLinks, type LinkWithHub } from './referral-link.store.js';
import { isOfHub, linkCountsUntil } from './referral.rules.js';

/** Hubs' signed links and codes, and who used them when. */
@Injectable()
export class ReferralLinkService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly managers: ManagerService,
    private readonly keys: HubsKeys,
  ) {}

  /** A new link of a hub. @throws forbidden, not-found, invalid-state when the enterprise is no hub */
  async create(
    { hubId, label }: RpcInput<typeof hubsRpc.createReferralLink>,
    context: CallContext,
  ): Promise<ReferralLink> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      const { personId } = await this.managers.require(tx, context, hubId);
      const hub = await findEnterprise(tx, { instanceId, enterprise: hubId });
      if (!hub?.isHub) throw new DomainError('invalid-state', { detail: 'Only a hub refers buyers.' });
      const random = randomBytes(CODE_RANDOM_BYTES);
      const code = codeOf(random, this.#signature(instanceId, random));
      const createdAt = this.clock.now().toISOString();
      const link = { linkId: newId(), hubId, code, label, createdAt, uses: 0 };
      await insertLink(tx, { ...link, instanceId, createdBy: personId });
      return link;
    });
  }

  /** A hub's links, newest first, for its managers. @throws forbidden, not-found */
  async list(
    { hubId, cursor, limit }: RpcInput<typeof hubsRpc.listReferralLinks>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.listReferralLinks>> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      await this.managers.require(tx, context, hubId);
      const rows = await listLinks(tx, { instanceId, hubId, before: idPositionOf(cursor), limit: limit + 1 });
      const { page, nextCursor } = pageOfRows(rows, limit, (last) => cursorAfter(last.linkId));
      return { items: page, nextCursor };
    });
  }

  /** Whose link a code is. @throws not-found */
  async get(
    { code }: RpcInput<typeof hubsRpc.getReferralLink>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.getReferralLink>> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      const { hubId, hubName, hubSlug } = await this.#find(tx, instanceId, code);
      return { code, hubId, hubName, hubSlug };
    });
  }

  /**
   * Records that the caller, or an enterprise they manage, came by a link, now; a second use answers with the
   * first. @throws not-found, forbidden, self-referral for the hub's own people
   */
  async use(
    { code, enterpriseId }: RpcInput<typeof hubsRpc.useReferralLink>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.useReferralLink>> {
    const { personId } = requirePerson(context);
    const { id: instanceId } = requireInstance(context);
    const buyer: BuyerRef = enterpriseId
      ? { kind: 'enterprise', id: enterpriseId }
      : { kind: 'person', id: personId };
    return this.database.transaction(instanceId, async (tx) => {
      const { linkId, hubId, hubName, hubSlug } = await this.#find(tx, instanceId, code);
      if (enterpriseId) await this.managers.require(tx, context, enterpriseId);
      await writeEvidence(tx, instanceId);
      const now = this.clock.now();
      const people = await peopleOf(tx, enterpriseId ? [hubId, enterpriseId] : [hubId]);
      if (isOfHub(hubId, buyer, (id) => peopleAt(people.get(id), now.toISOString()))) {
        throw new DomainError('self-referral', { detail: 'A hub cannot refer itself or its own people.' });
      }
      const usedAt = await keepUse(tx, { instanceId, linkId, buyer, usedAt: now, usedBy: personId });
      return { hubId, hubName, hubSlug, usedAt, countsUntil: linkCountsUntil(usedAt) };
    });
  }

  async #find(tx: Tx, instanceId: string, code: string): Promise<LinkWithHub> {
    const random = randomOf(code);
    const signed = codeOf(random, this.#signature(instanceId, random));
    const isOurs = timingSafeEqual(Buffer.from(signed), Buffer.from(code));
    const link = isOurs ? await findLink(tx, instanceId, code) : undefined;
    if (!link) throw new DomainError('not-found', { detail: 'There is no such referral link.' });
    return link;
  }

  #signature(instanceId: string, random: Uint8Array): Buffer {
    return createHmac('sha256', this.keys.codes).update(instanceId).update(random).digest();
  }
}
