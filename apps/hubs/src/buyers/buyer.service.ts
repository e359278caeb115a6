import { Injectable } from '@nestjs/common';
import {
  adminRpc,
  DomainError,
  hasRole,
  requireInstance,
  requirePerson,
  type CallContext,
} from '@foodshed/contracts';
import type { BuyerRef, RpcOutput, hubsRpc } from '@foodshed/contracts';
import { Clock, Database, RpcClient, type Tx } from '@foodshed/platform';
import { managedNow } from '../managers/manager.store.js';
import {
  keepCustomers,
  keepPersons,
  knownPersons,
  lockPersons,
  namesOf,
  relatedBuyers,
  type KnownPerson,
} from './buyer.store.js';
import { nameOrFormer } from './contact.rules.js';
import { ContactService } from './contact.service.js';

/** How many contacts are asked for at the same time. */
const ASKED_AT_ONCE = 20;

interface PersonInInstance {
  readonly instanceId: string;
  readonly personId: string;
}

/** Names and hashed contacts of buyers, and who may see the names. */
@Injectable()
export class BuyerService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rpc: RpcClient,
    private readonly contacts: ContactService,
  ) {}

  /**
   * Asks admin for persons' names and contacts and keeps the name and the hash; somebody whom admin does not
   * know (any more) is kept as an id.
   * @throws dependency-unavailable, timed-out when admin does not answer
   */
  async ask(tx: Tx, persons: readonly PersonInInstance[]): Promise<void> {
    const known: KnownPerson[] = [];
    for (let start = 0; start < persons.length; start += ASKED_AT_ONCE) {
      known.push(
        ...(await Promise.all(persons.slice(start, start + ASKED_AT_ONCE).map((one) => this.#contact(one)))),
      );
    }
    if (known.length === 0) return;
    await lockPersons(
      tx,
      known.map(({ personId }) => personId),
    );
    await keepPersons(tx, known);
  }

  /** Makes sure that hubs can name the persons. @throws not-found for one whom admin does not know */
  async ensure(instanceId: string, personIds: readonly string[]): Promise<void> {
    const known = await this.database.transaction(instanceId, (tx) =>
      knownPersons(tx, instanceId, personIds),
    );
    const missing = personIds.filter((personId) => !known.has(personId));
    if (missing.length === 0) return;
    const named = await this.database.transaction(instanceId, async (tx) => {
      await this.ask(
        tx,
        missing.map((personId) => ({ instanceId, personId })),
      );
      return knownPersons(tx, instanceId, missing);
    });
    const unknown = missing.find((personId) => !named.has(personId));
    if (unknown) throw new DomainError('not-found', { detail: `There is no person ${unknown}.` });
  }

  /** Remembers whom hubs and producers serve, so that they may see the names. */
  async served(
    tx: Tx,
    orders: readonly { instanceId: string; buyer: BuyerRef; enterpriseIds: readonly string[] }[],
  ): Promise<void> {
    const customers = orders.flatMap(({ instanceId, buyer, enterpriseIds }) =>
      enterpriseIds.map((enterpriseId) => ({ instanceId, enterpriseId, buyer })),
    );
    if (customers.length > 0) await keepCustomers(tx, customers);
  }

  /** Names of the buyers whom the caller may see: one's own, those one's enterprises serve, all for stewards. */
  async names(
    { ids }: { ids: readonly string[] },
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.getBuyers>> {
    const { personId } = requirePerson(context);
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      const names = await namesOf(tx, instanceId, ids);
      const enterprises = await managedNow(tx, personId, this.clock.now());
      const related = await relatedBuyers(tx, { instanceId, buyerIds: ids, enterpriseIds: enterprises });
      const seesAll = hasRole(context.caller, 'steward');
      const items = [...new Set(ids)].flatMap((id) => {
        const known = names.get(id);
        if (!known) return [];
        const isVisible = known.kind === 'enterprise' || seesAll || id === personId || related.has(id);
        return isVisible ? [{ buyer: { kind: known.kind, id }, displayName: nameOrFormer(known.name) }] : [];
      });
      return { items };
    });
  }

  /** Keeps persons who registered, or whose address was verified; each is asked for once. */
  async registered(tx: Tx, persons: readonly PersonInInstance[]): Promise<void> {
    const distinct = [...new Map(persons.map((one) => [`${one.instanceId} ${one.personId}`, one])).values()];
    await this.ask(tx, distinct);
  }

  /**
   * The keyed hash of the person's e-mail address as it is now, or null unless it is verified.
   * @throws dependency-unavailable, timed-out when admin does not answer
   */
  async verifiedContact(person: PersonInInstance): Promise<Buffer | null> {
    const { contactHash, contactKnownFrom } = await this.#contact(person);
    return contactKnownFrom ? contactHash : null;
  }

  async #contact({ instanceId, personId }: PersonInInstance): Promise<KnownPerson> {
    try {
      const contact = await this.rpc.call(adminRpc.getContact, { instanceId, personId }, 'service');
      const { displayName, email, emailVerifiedAt: contactKnownFrom } = contact;
      return { instanceId, personId, displayName, contactHash: this.contacts.hash(email), contactKnownFrom };
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'not-found') throw error;
      return { instanceId, personId, displayName: null, contactHash: null, contactKnownFrom: null };
    }
  }
}
