import {
  adminEvents,
  DomainError,
  hasRole,
  noInstance,
  requireInstance,
  requirePerson,
  type CallContext,
  type InstanceRole,
  type PersonCaller,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Database, Outbox, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { record } from '../audit/audit.store.js';
import { idAfter, pageFrom } from '../pages.rules.js';
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

  /** Names of people the caller's instance sees; a service sees those of all instances. */
  async names(personIds: readonly string[], context: CallContext) {
    const scope = context.caller.kind === 'service' ? ALL_INSTANCES : requireInstance(context).id;
    const rows = await this.database.transaction(scope, (tx) => namesOf(tx, personIds));
    return { items: rows.map((row) => ({ personId: row.person_id, displayName: row.display_name })) };
  }

  async contact(personId: string) {
    const row = await this.database.transaction(ALL_INSTANCES, (tx) =>
      findMember(tx, { instanceId: noInstance.id, personId }),
    );
    if (!row || row.email === null || row.display_name === null) throw noSuchPerson();
    return { personId, displayName: row.display_name, email: row.email };
  }

  async setRoles({ personId, roles }: { personId: string; roles: InstanceRole[] }, context: CallContext) {
    const caller = requirePerson(context);
    const instanceId = caller.instance.id;
    const at = this.clock.now();
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
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
  }

  /** Removes names, contact, sessions and tokens; what others recorded about the id stays true. */
  async erase(personId: string, context: CallContext) {
    const caller = requirePerson(context);
    const at = this.clock.now();
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
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
