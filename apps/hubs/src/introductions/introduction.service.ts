import { Injectable } from '@nestjs/common';
import {
  DomainError,
  requireInstance,
  type BuyerRef,
  type CallContext,
  type hubsRpc,
  type Introduction,
  type RpcInput,
  type RpcOutput,
} from '@foodshed/contracts';
import { Clock, Database, newId, violatedConstraint, type Tx } from '@foodshed/platform';
import { namesOf, relatedBuyers } from '../buyers/buyer.store.js';
import { nameOrFormer } from '../buyers/contact.rules.js';
import { findEnterprise } from '../enterprises/enterprise.store.js';
import { peopleAt } from '../managers/manager.rules.js';
import { ManagerService } from '../managers/manager.service.js';
import { peopleOf } from '../managers/manager.store.js';
import { cursorAfter, idPositionOf, pageOfRows } from '../pages.rules.js';
import { listedAtOf, writeEvidence } from '../referrals/evidence.store.js';
import { pairKey } from '../referrals/pair.rules.js';
import { isSelfReferral } from '../referrals/referral.rules.js';
import { answered } from './introduction.rules.js';
import {
  answerIntroduction,
  insertIntroduction,
  listIntroductions,
  lockIntroduction,
  type StoredIntroduction,
} from './introduction.store.js';

type Parties = Pick<StoredIntroduction, 'hubId' | 'producerId' | 'buyer'>;

/** Hubs introduce buyers to producers; an accepted introduction is one way for a referral to arise. */
@Injectable()
export class IntroductionService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly managers: ManagerService,
  ) {}

  /** A hub proposes a buyer of its own, or an enterprise. @throws forbidden, not-found, self-referral, already-exists */
  async propose(
    { hubId, producerId, buyer }: RpcInput<typeof hubsRpc.proposeIntroduction>,
    context: CallContext,
  ): Promise<Introduction> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      const { personId } = await this.managers.require(tx, context, hubId);
      await requireRoles(tx, { instanceId, hubId, producerId });
      await requireBuyer(tx, { instanceId, hubId, buyer });
      const now = this.clock.now();
      await refuseSelfReferral(tx, { hubId, producerId, buyer }, now);
      const introduction: StoredIntroduction = {
        introductionId: newId(),
        hubId,
        producerId,
        buyer,
        state: 'proposed',
        proposedAt: now.toISOString(),
        answeredAt: null,
      };
      await orProposedBefore(insertIntroduction(tx, introduction, { instanceId, proposedBy: personId }));
      return this.#described(tx, instanceId, introduction);
    });
  }

  /** Introductions to a producer, newest first, for its managers. @throws forbidden, not-found */
  async list(
    { producerId, cursor, limit }: RpcInput<typeof hubsRpc.listIntroductions>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.listIntroductions>> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      await this.managers.require(tx, context, producerId);
      const before = idPositionOf(cursor);
      const rows = await listIntroductions(tx, { instanceId, producerId, before, limit: limit + 1 });
      const { page, nextCursor } = pageOfRows(rows, limit, (last) => cursorAfter(last.introductionId));
      const items: Introduction[] = [];
      for (const row of page) items.push(await this.#described(tx, instanceId, row));
      return { items, nextCursor };
    });
  }

  /**
   * The producer's answer, dated now. @throws forbidden, not-found, invalid-state when it was answered or the
   * producer had listed the buyer before, self-referral
   */
  async answer(
    introductionId: string,
    answer: 'accepted' | 'refused',
    context: CallContext,
  ): Promise<Introduction> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      await writeEvidence(tx, instanceId);
      const found = await lockIntroduction(tx, instanceId, introductionId);
      if (!found) throw new DomainError('not-found', { detail: 'There is no such introduction.' });
      const { personId } = await this.managers.require(tx, context, found.producerId);
      const state = answered(found.state, answer);
      const now = this.clock.now();
      if (state === 'accepted') {
        await refuseSelfReferral(tx, found, now);
        await refuseListed(tx, instanceId, found);
      }
      await answerIntroduction(tx, { introductionId, state, answeredAt: now, answeredBy: personId });
      return this.#described(tx, instanceId, { ...found, state, answeredAt: now.toISOString() });
    });
  }

  async #described(tx: Tx, instanceId: string, introduction: StoredIntroduction): Promise<Introduction> {
    const names = await namesOf(tx, instanceId, [introduction.hubId, introduction.buyer.id]);
    return {
      ...introduction,
      hubName: names.get(introduction.hubId)?.name ?? '',
      buyerName: nameOrFormer(names.get(introduction.buyer.id)?.name),
    };
  }
}

async function requireRoles(
  tx: Tx,
  { instanceId, hubId, producerId }: { instanceId: string; hubId: string; producerId: string },
): Promise<void> {
  const hub = await findEnterprise(tx, { instanceId, enterprise: hubId });
  if (!hub?.isHub) throw new DomainError('invalid-state', { detail: 'Only a hub introduces buyers.' });
  const producer = await findEnterprise(tx, { instanceId, enterprise: producerId });
  if (!producer?.isProducer) {
    const fields = [{ path: 'producerId', message: 'is not a producer' }];
    throw new DomainError('not-found', { detail: 'There is no such producer.', fields });
  }
}

/** A person must be somebody the hub serves: otherwise anybody's presence could be probed. */
async function requireBuyer(
  tx: Tx,
  { instanceId, hubId, buyer }: { instanceId: string; hubId: string; buyer: BuyerRef },
): Promise<void> {
  const isKnown =
    buyer.kind === 'enterprise'
      ? (await findEnterprise(tx, { instanceId, enterprise: buyer.id })) !== undefined
      : (await relatedBuyers(tx, { instanceId, buyerIds: [buyer.id], enterpriseIds: [hubId] })).has(buyer.id);
  if (isKnown) return;
  const fields = [{ path: 'buyer', message: 'is not a buyer of this hub' }];
  throw new DomainError('not-found', { detail: 'There is no such buyer of this hub.', fields });
}

async function refuseSelfReferral(tx: Tx, { hubId, producerId, buyer }: Parties, now: Date): Promise<void> {
  const people = await peopleOf(tx, [hubId, producerId, ...(buyer.kind === 'enterprise' ? [buyer.id] : [])]);
  if (!isSelfReferral({ hubId, producerId, buyer }, (id) => peopleAt(people.get(id), now.toISOString())))
    return;
  throw new DomainError('self-referral', { detail: 'Hub, buyer and producer must be different sides.' });
}

async function refuseListed(tx: Tx, instanceId: string, introduction: StoredIntroduction): Promise<void> {
  const { producerId, buyer, proposedAt } = introduction;
  const pair = { instanceId, producerId, buyer };
  const listed = await listedAtOf(tx, [{ ...pair, placedAt: proposedAt }]);
  const listedAt = listed.get(pairKey(pair));
  if (listedAt === undefined || listedAt >= proposedAt) return;
  throw new DomainError('invalid-state', { detail: 'This buyer is on the list of existing customers.' });
}

/** Turns the breach of the single proposal into a refusal. @throws already-exists */
async function orProposedBefore<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (violatedConstraint(error) !== 'introductions_once') throw error;
    throw new DomainError(
      'already-exists',
      { detail: 'This buyer was introduced to this producer already.' },
      error,
    );
  }
}
