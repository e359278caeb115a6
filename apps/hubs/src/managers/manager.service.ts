import { Injectable } from '@nestjs/common';
import {
  DomainError,
  requireInstance,
  requirePerson,
  type CallContext,
  type hubsRpc,
  type RpcInput,
  type RpcOutput,
} from '@foodshed/contracts';
import { Clock, Database, type Tx } from '@foodshed/platform';
import { namesOf } from '../buyers/buyer.store.js';
import { BuyerService } from '../buyers/buyer.service.js';
import { writeEvidence } from '../referrals/evidence.store.js';
import { isManagerAt, managersByTime, type EnterprisePeople } from './manager.rules.js';
import { addShareSet, managedNow, peopleOf } from './manager.store.js';

/** Who manages an enterprise, and what each holds of a hub's commission, by date. */
@Injectable()
export class ManagerService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly buyers: BuyerService,
  ) {}

  /**
   * The caller's person id and the enterprise's people, when the caller manages it now; what the token says of
   * enterprises may be ten minutes old and does not count here.
   * @throws not-found, forbidden, unauthenticated
   */
  async require(
    tx: Tx,
    context: CallContext,
    enterpriseId: string,
  ): Promise<{ personId: string; people: EnterprisePeople }> {
    const { personId } = requirePerson(context);
    const people = (await peopleOf(tx, [enterpriseId])).get(enterpriseId);
    if (!people) throw new DomainError('not-found', { detail: 'There is no such enterprise.' });
    if (!isManagerAt(people, personId, this.clock.now().toISOString())) {
      throw new DomainError('forbidden', { detail: 'Only the managers of this enterprise may do this.' });
    }
    return { personId, people };
  }

  /**
   * Sets who manages from now, or from a time to come, with what shares. What counted before stays.
   * @throws forbidden, not-found, invalid-input for a time that is past or a person who is unknown
   */
  async set(
    { enterpriseId, change }: RpcInput<typeof hubsRpc.setManagers>,
    context: CallContext,
  ): Promise<Record<string, never>> {
    const { id: instanceId } = requireInstance(context);
    await this.database.transaction(instanceId, (tx) => this.require(tx, context, enterpriseId));
    await this.#requireKnown(
      instanceId,
      change.managers.map(({ personId }) => personId),
    );
    await this.database.transaction(instanceId, async (tx) => {
      await writeEvidence(tx, instanceId);
      const { personId } = await this.require(tx, context, enterpriseId);
      const recordedAt = this.clock.now();
      const validFrom = change.validFrom ? new Date(change.validFrom) : recordedAt;
      if (validFrom < recordedAt) {
        throw new DomainError('invalid-input', {
          detail: 'Shares cannot be changed for a time that is past.',
          fields: [{ path: 'validFrom', message: 'must not be in the past' }],
        });
      }
      const set = { instanceId, enterpriseId, validFrom, recordedAt, recordedBy: personId };
      await addShareSet(tx, { ...set, shares: change.managers });
    });
    return {};
  }

  /** Present, coming and past managers, for the enterprise's own managers. @throws forbidden, not-found */
  async list(
    { enterpriseId }: RpcInput<typeof hubsRpc.listManagers>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.listManagers>> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      const { people } = await this.require(tx, context, enterpriseId);
      const ids = people.sets.flatMap(({ shares }) => shares.map(({ personId }) => personId));
      const names = await namesOf(tx, instanceId, ids);
      return managersByTime(people.sets, this.clock.now().toISOString(), (id) => names.get(id)?.name ?? null);
    });
  }

  /** What a person manages now in an instance, by enterprise id; for the token that admin issues. */
  async managed({
    instanceId,
    personId,
  }: RpcInput<typeof hubsRpc.listManagedEnterprises>): Promise<{ enterpriseIds: string[] }> {
    return this.database.transaction(instanceId, async (tx) => ({
      enterpriseIds: await managedNow(tx, personId, this.clock.now()),
    }));
  }

  async #requireKnown(instanceId: string, personIds: readonly string[]): Promise<void> {
    try {
      await this.buyers.ensure(instanceId, personIds);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'not-found') throw error;
      const fields = [{ path: 'managers', message: 'names somebody who is not known' }];
      throw new DomainError('invalid-input', { detail: error.message, fields }, error);
    }
  }
}
