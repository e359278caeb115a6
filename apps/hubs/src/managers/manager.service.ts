import { Injectable } from '@nestjs/common';
import {
  DomainError,
  requireInstance,
  requirePerson,
  type CallContext,
  type EventData,
  type hubsEvents,
  type hubsRpc,
  type RpcInput,
  type RpcOutput,
} from '@foodshed/contracts';
import { Clock, Database, type Tx } from '@foodshed/platform';
import { namesOf } from '../buyers/buyer.store.js';
import { writeEvidence } from '../referrals/evidence.store.js';
import { ManagerChanges } from './manager-changes.service.js';
import {
  isManagerAt,
  managersByTime,
  peopleAt,
  refusalToLeave,
  requireManagers,
  setsWithout,
  type EnterprisePeople,
} from './manager.rules.js';
import { addShareSet, hubsEverOf, managedNow, peopleOf } from './manager.store.js';

/** Who manages an enterprise, and what each holds of a hub's commission, by date. */
@Injectable()
export class ManagerService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly changes: ManagerChanges,
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
   * Sets, among those who manage, who does so from now or from a time to come, with what shares. What counted before
   * stays. @throws forbidden, not-found, invalid-input for a time that is past or a person who does not manage
   */
  async set(
    { enterpriseId, change }: RpcInput<typeof hubsRpc.setManagers>,
    context: CallContext,
  ): Promise<Record<string, never>> {
    const { id: instanceId } = requireInstance(context);
    const concerned = await this.database.transaction(instanceId, async (tx) => {
      await writeEvidence(tx, instanceId);
      const { personId, people } = await this.require(tx, context, enterpriseId);
      const recordedAt = this.clock.now();
      const validFrom = change.validFrom ? new Date(change.validFrom) : recordedAt;
      if (validFrom < recordedAt) {
        throw new DomainError('invalid-input', {
          detail: 'Shares cannot be changed for a time that is past.',
          fields: [{ path: 'validFrom', message: 'must not be in the past' }],
        });
      }
      const now = recordedAt.toISOString();
      requireManagers(
        people,
        change.managers.map((each) => each.personId),
        now,
      );
      const set = { instanceId, enterpriseId, validFrom, recordedAt, recordedBy: personId };
      await addShareSet(tx, { ...set, shares: change.managers });
      await this.#add(tx, instanceId, {
        enterpriseId,
        change: 'shares-set',
        actorId: personId,
        changedAt: now,
      });
      return peopleAt(people, now);
    });
    this.changes.tell(concerned);
    return {};
  }

  /**
   * The caller manages no more, from now on; what they held of the commission is the hub's own until shares are
   * set. @throws forbidden, not-found, invalid-state for the last manager
   */
  async leave(
    { enterpriseId }: RpcInput<typeof hubsRpc.leaveManagement>,
    context: CallContext,
  ): Promise<Record<string, never>> {
    const { id: instanceId } = requireInstance(context);
    const personId = await this.database.transaction(instanceId, async (tx) => {
      await writeEvidence(tx, instanceId);
      const { personId: leaving, people } = await this.require(tx, context, enterpriseId);
      const recordedAt = this.clock.now();
      const now = recordedAt.toISOString();
      const refusal = refusalToLeave(people.sets, leaving, now);
      if (refusal) throw refusal;
      for (const { validFrom, shares } of setsWithout(people.sets, leaving, now)) {
        const set = { instanceId, enterpriseId, recordedAt, recordedBy: leaving, shares };
        await addShareSet(tx, { ...set, validFrom: new Date(validFrom) });
      }
      await this.#add(tx, instanceId, { enterpriseId, change: 'left', actorId: leaving, changedAt: now });
      return leaving;
    });
    this.changes.tell([personId]);
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

  /** The hubs of these people, past ones too: what they earned then stays that hub's. */
  async hubsOf({
    instanceId,
    personIds,
  }: RpcInput<typeof hubsRpc.listHubsOfManagers>): Promise<RpcOutput<typeof hubsRpc.listHubsOfManagers>> {
    return this.database.transaction(instanceId, async (tx) => ({
      items: await hubsEverOf(tx, { instanceId, personIds }),
    }));
  }

  #add(
    tx: Tx,
    instanceId: string,
    data: Omit<EventData<typeof hubsEvents.managersChanged>, 'invitationId'>,
  ): Promise<unknown> {
    return this.changes.add(tx, instanceId, { ...data, invitationId: null });
  }
}
