import {
  adminEvents,
  DomainError,
  hasRole,
  noInstance,
  requireInstance,
  requirePerson,
  type CallContext,
  type adminRpc,
  type InstanceRole,
  type PersonCaller,
  type RpcInput,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Database, Outbox, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { record } from '../audit/audit.store.js';
import { idAfter, pageFrom } from '../pages.rules.js';
import { MailService } from '../mail/mail.service.js';
import { CallerChanges } from '../sessions/caller-changes.service.js';
import { forgetAttempts } from './attempt.store.js';
import { refusalToErase, refusalToSetRoles } from './person.rules.js';
import {
  countOperators,
  eraseRows,
  findMember,
  instancesOf,
  join,
  listMembers,
  lockPerson,
  namesOf,
  rolesOf,
  setSteward,
  updatePerson,
  type MemberRow,
} from './person.store.js';

const noSuchPerson = () => new DomainError('not-found', { detail: 'There is no such person here.' });

@Injectable()
export class PersonService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly callers: CallerChanges,
    private readonly mails: MailService,
  ) {}

  async list(page: { cursor?: string; limit: number }, context: CallContext) {
    const { id: instanceId } = requireInstance(context);
    const after = idAfter(page.cursor);
    const rows = await this.database.transaction(instanceId, (tx) =>
      listMembers(tx, { instanceId, after, limit: page.limit + 1 }),
    );
    const { items, nextCursor } = pageFrom(rows, page.limit, (row) => row.person_id);
    return { items: items.map(personView), nextCursor };
  }

  /** Names of people of the caller's instance, or of the one that a service names. @throws invalid-input without it */
  async names({ personIds, instanceId }: RpcInput<typeof adminRpc.getPeople>, context: CallContext) {
    const scope = context.caller.kind === 'service' ? instanceId : requireInstance(context).id;
    if (scope === undefined) {
      const fields = [{ path: 'instanceId', message: 'is required of services' }];
      throw new DomainError('invalid-input', { detail: 'Name the instance of the people.', fields });
    }
    const rows = await this.database.transaction(scope, (tx) => namesOf(tx, personIds));
    return { items: rows.map((row) => ({ personId: row.person_id, displayName: row.display_name })) };
  }

  /** Of the instance's people, and of operators, who act in every instance. @throws not-found for anybody else */
  async contact({ instanceId, personId }: RpcInput<typeof adminRpc.getContact>) {
    const row = await this.database.transaction(ALL_INSTANCES, (tx) =>
      findMember(tx, { instanceId, personId }),
    );
    const actsHere = row !== null && (row.is_steward !== null || row.is_operator);
    if (!actsHere || row.email === null || row.display_name === null) throw noSuchPerson();
    const emailVerifiedAt = row.email_verified_at?.toISOString() ?? null;
    return { personId, displayName: row.display_name, email: row.email, emailVerifiedAt };
  }

  async setRoles({ personId, roles }: { personId: string; roles: InstanceRole[] }, context: CallContext) {
    const caller = requirePerson(context);
    const instanceId = caller.instance.id;
    const at = this.clock.now();
    const set = await this.database.transaction(ALL_INSTANCES, async (tx) => {
      await lockPerson(tx, personId);
      const member = await findMember(tx, { instanceId, personId });
      if (!member || member.erased_at) throw noSuchPerson();
      const wanted = { isOperator: roles.includes('operator'), isSteward: roles.includes('steward') };
      const refusal = refusalToSetRoles({
        callerIsOperator: hasRole(caller, 'operator'),
        isMember: member.is_steward !== null,
        isOperator: member.is_operator,
        hasPassword: member.password_hash !== null,
        wanted,
        operators: member.is_operator ? await countOperators(tx) : 0,
      });
      if (refusal) throw refusal;
      await updatePerson(tx, personId, { isOperator: wanted.isOperator });
      if (wanted.isSteward && (await join(tx, { instanceId, personId, at }))) {
        await this.#announce(tx, { instanceId, personId, at });
      }
      await setSteward(tx, { instanceId, personId, isSteward: wanted.isSteward });
      const facts = { steward: wanted.isSteward, operator: wanted.isOperator };
      await this.#record(tx, { caller, personId, at, action: 'roles-set', facts });
      return { personId, roles: rolesOf({ is_operator: wanted.isOperator, is_steward: wanted.isSteward }) };
    });
    this.callers.tell(personId);
    return set;
  }

  /** Removes names, contact, sessions and tokens; what others recorded about the id stays true. */
  async erase(personId: string, context: CallContext) {
    const caller = requirePerson(context);
    const at = this.clock.now();
    const erased = await this.database.transaction(ALL_INSTANCES, async (tx) => {
      const person = await lockPerson(tx, personId);
      const instances = await instancesOf(tx, personId);
      if (!person) throw noSuchPerson();
      const refusal = refusalToErase({
        isSelf: caller.personId === personId,
        callerIsOperator: hasRole(caller, 'operator'),
        callerIsSteward: hasRole(caller, 'steward'),
        callerInstanceId: caller.instance.id,
        instances,
        isOperator: person.is_operator,
        operators: person.is_operator ? await countOperators(tx) : 0,
      });
      if (refusal) throw refusal;
      if (person.erased_at) return { personId, erasedAt: person.erased_at.toISOString() };
      if (person.email !== null) await forgetAttempts(tx, person.email);
      await this.mails.forget(tx, personId);
      await eraseRows(tx, personId, at);
      const data = { personId, erasedAt: at.toISOString() };
      const told = instances.length > 0 ? instances : [noInstance.id];
      await this.outbox.add(
        tx,
        told.map((instanceId) => ({ event: adminEvents.personErased, instanceId, data })),
      );
      await this.#record(tx, { caller, personId, at, action: 'person-erased' });
      return data;
    });
    this.callers.tell(personId);
    return erased;
  }

  async #announce(tx: Tx, { instanceId, personId, at }: { instanceId: string; personId: string; at: Date }) {
    const data = { personId, registeredAt: at.toISOString() };
    await this.outbox.add(tx, [{ event: adminEvents.personRegistered, instanceId, data }]);
  }

  #record(
    tx: Tx,
    entry: {
      caller: PersonCaller;
      personId: string;
      at: Date;
      action: string;
      facts?: Record<string, boolean>;
    },
  ): Promise<void> {
    return record(tx, {
      instanceId: entry.caller.instance.id,
      at: entry.at,
      actorId: entry.caller.personId,
      action: entry.action,
      objectKind: 'person',
      objectId: entry.personId,
      facts: entry.facts,
    });
  }
}

function personView(row: MemberRow) {
  return {
    personId: row.person_id,
    displayName: row.display_name ?? '',
    email: row.email ?? '',
    roles: rolesOf(row),
    hasPassword: row.password_hash !== null,
    registeredAt: row.registered_at.toISOString(),
  };
}
