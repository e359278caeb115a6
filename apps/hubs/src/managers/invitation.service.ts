import { Injectable } from '@nestjs/common';
import {
  DomainError,
  requireInstance,
  requirePerson,
  type CallContext,
  type hubsRpc,
  type ManagerInvitation,
  type ManagersChangeKind,
  type RpcInput,
  type RpcOutput,
} from '@foodshed/contracts';
import { Clock, Database, newId, type Tx } from '@foodshed/platform';
import { BuyerService } from '../buyers/buyer.service.js';
import { namesOf } from '../buyers/buyer.store.js';
import { ContactService } from '../buyers/contact.service.js';
import { writeEvidence } from '../referrals/evidence.store.js';
import {
  answeredInvitation,
  INVITATION_LIFETIME_MS,
  MOST_MANAGERS,
  type InvitationAnswer,
} from './invitation.rules.js';
import {
  answerInvitation,
  invitationsTo,
  lockInvitationOf,
  lockInvitationTo,
  pendingInvitations,
  putInvitation,
  type Invitee,
  type StoredInvitation,
} from './invitation.store.js';
import { ManagerChanges } from './manager-changes.service.js';
import { isManagerAt, setAt, setsWith, type EnterprisePeople } from './manager.rules.js';
import { ManagerService } from './manager.service.js';
import { addShareSet, managedNow, peopleOf } from './manager.store.js';

type Invite = RpcInput<typeof hubsRpc.inviteManager>['invite'];

const CHANGE: Record<InvitationAnswer, ManagersChangeKind> = {
  accepted: 'invitation-accepted',
  declined: 'invitation-declined',
  withdrawn: 'invitation-withdrawn',
};

const noSuchInvitation = () => new DomainError('not-found', { detail: 'There is no such invitation.' });

/** How people become managers: a manager invites, and the invited person accepts or declines. */
@Injectable()
export class InvitationService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly managers: ManagerService,
    private readonly buyers: BuyerService,
    private readonly contacts: ContactService,
    private readonly changes: ManagerChanges,
  ) {}

  /**
   * Invites; what is answered does not depend on whether the address is anybody's.
   * @throws forbidden, not-found for a person with whom the caller manages nothing, invalid-state for too many
   */
  async invite(
    { enterpriseId, invite }: RpcInput<typeof hubsRpc.inviteManager>,
    context: CallContext,
  ): Promise<ManagerInvitation> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      const { personId, people } = await this.managers.require(tx, context, enterpriseId);
      const invitedAt = this.clock.now();
      const invitee = await this.#invitee(tx, invite, { invitedBy: personId, people, at: invitedAt });
      const stored = await putInvitation(tx, {
        ...{ ...invitee, instanceId, enterpriseId, invitedAt, invitationId: newId(), invitedBy: personId },
        expiresAt: new Date(invitedAt.getTime() + INVITATION_LIFETIME_MS),
      });
      const pending = await pendingInvitations(tx, { instanceId, enterpriseId, now: invitedAt });
      if (pending.length > MOST_MANAGERS) {
        throw new DomainError('invalid-state', { detail: 'Too many invitations wait; withdraw some first.' });
      }
      await this.#add(tx, instanceId, stored, { change: 'invited', actorId: personId, at: invitedAt });
      return this.#view(tx, instanceId, [stored]).then(([view]) => view as ManagerInvitation);
    });
  }

  /** What waits for an answer, for the enterprise's own managers. @throws forbidden, not-found */
  async list(
    { enterpriseId }: RpcInput<typeof hubsRpc.listManagerInvitations>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.listManagerInvitations>> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      await this.managers.require(tx, context, enterpriseId);
      const pending = await pendingInvitations(tx, { instanceId, enterpriseId, now: this.clock.now() });
      return { items: await this.#view(tx, instanceId, pending) };
    });
  }

  /** @throws forbidden, not-found, invalid-state when it was answered */
  async withdraw(
    { enterpriseId, invitationId }: RpcInput<typeof hubsRpc.withdrawManagerInvitation>,
    context: CallContext,
  ): Promise<Record<string, never>> {
    const { id: instanceId } = requireInstance(context);
    await this.database.transaction(instanceId, async (tx) => {
      const { personId } = await this.managers.require(tx, context, enterpriseId);
      const found = await lockInvitationOf(tx, { instanceId, invitationId, enterpriseId });
      if (!found) throw noSuchInvitation();
      await this.#answer(tx, { instanceId, found, answer: 'withdrawn', personId, at: this.clock.now() });
    });
    return {};
  }

  /** What waits for the caller's own answer. @throws dependency-unavailable when admin cannot be asked */
  async own(context: CallContext): Promise<RpcOutput<typeof hubsRpc.listOwnManagerInvitations>> {
    const { personId } = requirePerson(context);
    const { id: instanceId } = requireInstance(context);
    const contactHash = await this.buyers.verifiedContact({ instanceId, personId });
    return this.database.transaction(instanceId, async (tx) => {
      const now = this.clock.now();
      const managed = new Set(await managedNow(tx, personId, now));
      const found = await invitationsTo(tx, { instanceId, personId, contactHash, now });
      const rows = found.filter(({ enterpriseId }) => !managed.has(enterpriseId));
      const names = await namesOf(
        tx,
        instanceId,
        rows.map(({ invitedBy }) => invitedBy),
      );
      const items = rows.map(
        ({ name, slug, email: _email, personId: _person, state: _state, invitedBy, ...row }) => ({
          ...row,
          enterpriseName: name,
          enterpriseSlug: slug,
          invitedByName: names.get(invitedBy)?.name ?? null,
        }),
      );
      return { items };
    });
  }

  /**
   * The invited person's answer. Who accepts manages from now on, without a share until shares are set.
   * @throws not-found when it is not theirs, invalid-state when it was answered, is too old, or its inviter left
   */
  async answer(
    invitationId: string,
    answer: 'accepted' | 'declined',
    context: CallContext,
  ): Promise<{ enterpriseId: string }> {
    const { personId } = requirePerson(context);
    const { id: instanceId } = requireInstance(context);
    const contactHash = await this.buyers.verifiedContact({ instanceId, personId });
    if (answer === 'accepted') await this.buyers.ensure(instanceId, [personId]);
    const enterpriseId = await this.database.transaction(instanceId, async (tx) => {
      await writeEvidence(tx, instanceId);
      const found = await lockInvitationTo(tx, { instanceId, invitationId, personId, contactHash });
      if (!found) throw noSuchInvitation();
      const at = this.clock.now();
      await this.#answer(tx, { instanceId, found, answer, personId, at });
      if (answer === 'accepted') await this.#join(tx, { instanceId, found, personId, at });
      return found.enterpriseId;
    });
    if (answer === 'accepted') this.changes.tell([personId]);
    return { enterpriseId };
  }

  async #invitee(
    tx: Tx,
    { email, personId }: Invite,
    by: { invitedBy: string; people: EnterprisePeople; at: Date },
  ): Promise<Invitee> {
    if (email !== undefined) return { email, contactHash: this.contacts.hash(email), personId: null };
    if (personId === undefined) throw new Error('an invitation names nobody');
    if (isManagerAt(by.people, personId, by.at.toISOString())) {
      throw new DomainError('invalid-state', { detail: 'This person manages the enterprise already.' });
    }
    const own = new Set(await managedNow(tx, by.invitedBy, by.at));
    if ((await managedNow(tx, personId, by.at)).some((enterpriseId) => own.has(enterpriseId))) {
      return { email: null, contactHash: null, personId };
    }
    throw new DomainError('not-found', {
      detail: 'Invite by e-mail address whoever manages nothing with you.',
      fields: [{ path: 'personId', message: 'manages no enterprise with you' }],
    });
  }

  async #answer(
    tx: Tx,
    given: {
      instanceId: string;
      found: StoredInvitation;
      answer: InvitationAnswer;
      personId: string;
      at: Date;
    },
  ): Promise<void> {
    const { instanceId, found, answer, personId, at } = given;
    const state = answeredInvitation(found, answer, at.toISOString());
    const { invitationId } = found;
    await answerInvitation(tx, { invitationId, state, answeredAt: at, answeredBy: personId });
    await this.#add(tx, instanceId, found, { change: CHANGE[state], actorId: personId, at });
  }

  async #join(
    tx: Tx,
    {
      instanceId,
      found,
      personId,
      at,
    }: { instanceId: string; found: StoredInvitation; personId: string; at: Date },
  ): Promise<void> {
    const { enterpriseId, invitedBy } = found;
    const people = (await peopleOf(tx, [enterpriseId])).get(enterpriseId);
    const now = at.toISOString();
    if (!people || !isManagerAt(people, invitedBy, now)) {
      throw new DomainError('invalid-state', {
        detail: 'Whoever invited you does not manage this enterprise any more; ask for another invitation.',
      });
    }
    if ((setAt(people.sets, now)?.shares.length ?? 0) >= MOST_MANAGERS) {
      throw new DomainError('invalid-state', { detail: 'This enterprise has as many managers as it may.' });
    }
    for (const { validFrom, shares } of setsWith(people.sets, personId, now)) {
      const set = { instanceId, enterpriseId, recordedAt: at, recordedBy: personId, shares };
      await addShareSet(tx, { ...set, validFrom: new Date(validFrom) });
    }
  }

  #add(
    tx: Tx,
    instanceId: string,
    { invitationId, enterpriseId }: StoredInvitation,
    { change, actorId, at }: { change: ManagersChangeKind; actorId: string; at: Date },
  ): Promise<unknown> {
    const data = { enterpriseId, change, actorId, invitationId, changedAt: at.toISOString() };
    return this.changes.add(tx, instanceId, data);
  }

  async #view(tx: Tx, instanceId: string, rows: readonly StoredInvitation[]): Promise<ManagerInvitation[]> {
    const names = await namesOf(
      tx,
      instanceId,
      rows.flatMap(({ personId }) => personId ?? []),
    );
    return rows.map(({ invitationId, email, personId, invitedAt, expiresAt }) => ({
      ...{ invitationId, email, personId, invitedAt, expiresAt },
      displayName: personId ? (names.get(personId)?.name ?? null) : null,
    }));
  }
}
