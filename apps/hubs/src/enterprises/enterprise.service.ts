import { Injectable } from '@nestjs/common';
import {
  DomainError,
  hubsEvents,
  requireInstance,
  requirePerson,
  type CallContext,
  type EnterpriseContact,
  type hubsRpc,
  type RpcInput,
  type RpcOutput,
} from '@foodshed/contracts';
import { Clock, Database, newId, Outbox, violatedConstraint, type Tx } from '@foodshed/platform';
import { keepEnterpriseContacts } from '../buyers/buyer.store.js';
import { BuyerService } from '../buyers/buyer.service.js';
import { ContactService } from '../buyers/contact.service.js';
import { addShareSet, managedNow } from '../managers/manager.store.js';
import { ManagerService } from '../managers/manager.service.js';
import { cursorAfter, namePositionOf, pageOfRows } from '../pages.rules.js';
import { writeEvidence } from '../referrals/evidence.store.js';
import {
  changedEnterprise,
  freeSlug,
  slugOf,
  visibleEnterprise,
  type StoredEnterprise,
} from './enterprise.rules.js';
import {
  findEnterprise,
  findEnterprises,
  insertEnterprise,
  listEnterprises,
  takenSlugs,
  updateEnterprise,
} from './enterprise.store.js';

type Register = typeof hubsRpc.registerEnterprise;
type Edit = typeof hubsRpc.editEnterprise;
type List = typeof hubsRpc.listEnterprises;

/** Hubs and producers: registering, editing, and the public lists. */
@Injectable()
export class EnterpriseService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly managers: ManagerService,
    private readonly buyers: BuyerService,
    private readonly contacts: ContactService,
  ) {}

  /**
   * Registers an enterprise; the caller becomes its owner and first manager, of a hub with all of its commission.
   * @throws already-exists when the slug is taken
   */
  async register(input: RpcInput<Register>, context: CallContext): Promise<RpcOutput<Register>> {
    const { personId } = requirePerson(context);
    const { id: instanceId } = requireInstance(context);
    await this.buyers.ensure(instanceId, [personId]);
    return this.database.transaction(instanceId, async (tx) => {
      await writeEvidence(tx, instanceId);
      const now = this.clock.now();
      const slug =
        input.slug ?? freeSlug(slugOf(input.name), await takenSlugs(tx, instanceId, slugOf(input.name)));
      const instant = now.toISOString();
      const enterprise = { ...input, enterpriseId: newId(), slug, registeredAt: instant, changedAt: instant };
      await orSlugTaken(insertEnterprise(tx, enterprise, { instanceId, ownerPersonId: personId }));
      await addShareSet(tx, {
        instanceId,
        enterpriseId: enterprise.enterpriseId,
        validFrom: now,
        recordedAt: now,
        recordedBy: personId,
        shares: [{ personId, shareBps: input.isHub ? 10_000 : 0 }],
      });
      await this.#keepContact(tx, instanceId, enterprise, now);
      await this.#changed(tx, instanceId, enterprise);
      return { enterpriseId: enterprise.enterpriseId, slug };
    });
  }

  /** Changes the fields given. @throws forbidden, not-found, already-exists when the slug is taken */
  async edit({ enterpriseId, changes }: RpcInput<Edit>, context: CallContext): Promise<RpcOutput<Edit>> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      await this.managers.require(tx, context, enterpriseId);
      if (changes.contact) await writeEvidence(tx, instanceId);
      const stored = await findEnterprise(tx, { instanceId, enterprise: enterpriseId, forUpdate: true });
      if (!stored) throw noSuchEnterprise();
      const now = this.clock.now();
      const changed = {
        ...changedEnterprise<StoredEnterprise>(stored, changes),
        changedAt: now.toISOString(),
      };
      await orSlugTaken(updateEnterprise(tx, changed));
      if (changes.contact)
        await this.#keepContact(tx, instanceId, { enterpriseId, contact: changes.contact }, now);
      await this.#changed(tx, instanceId, changed);
      return { enterpriseId, slug: changed.slug };
    });
  }

  /** One enterprise by id or slug. @throws not-found */
  async get(
    { enterprise }: RpcInput<typeof hubsRpc.getEnterprise>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.getEnterprise>> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      const stored = await findEnterprise(tx, { instanceId, enterprise });
      if (!stored) throw noSuchEnterprise();
      const managed = await this.#managedBy(tx, context);
      return visibleEnterprise(stored, managed.includes(stored.enterpriseId));
    });
  }

  /** Enterprises by name: hubs, producers, those named by id, or those the caller manages. */
  async list(
    { cursor, limit, role, managed, ids }: RpcInput<List>,
    context: CallContext,
  ): Promise<RpcOutput<List>> {
    const { id: instanceId } = requireInstance(context);
    if (managed) requirePerson(context);
    return this.database.transaction(instanceId, async (tx) => {
      const own = await this.#managedBy(tx, context);
      const wanted = managed ? own.filter((id) => !ids || ids.includes(id)) : (ids ?? null);
      const after = namePositionOf(cursor);
      const rows = await listEnterprises(tx, { instanceId, role, ids: wanted, after, limit: limit + 1 });
      const { page, nextCursor } = pageOfRows(rows, limit, (last) =>
        cursorAfter(last.name, last.enterpriseId),
      );
      const items = page.map((stored) => visibleEnterprise(stored, own.includes(stored.enterpriseId)));
      return { items, nextCursor };
    });
  }

  /** Enterprises by id for other services, without what is private. */
  async byIds({
    instanceId,
    enterpriseIds,
  }: RpcInput<typeof hubsRpc.getEnterprises>): Promise<RpcOutput<typeof hubsRpc.getEnterprises>> {
    const items = await this.database.transaction(instanceId, (tx) =>
      findEnterprises(tx, instanceId, enterpriseIds),
    );
    return { items };
  }

  async #managedBy(tx: Tx, { caller }: CallContext): Promise<string[]> {
    return caller.kind === 'person' ? managedNow(tx, caller.personId, this.clock.now()) : [];
  }

  /** An enterprise that buys may be on a producer's list under its contact, from when it had it. */
  async #keepContact(
    tx: Tx,
    instanceId: string,
    { enterpriseId, contact }: { enterpriseId: string; contact: EnterpriseContact },
    knownFrom: Date,
  ): Promise<void> {
    const hashes = [contact.email, ...(contact.phone ? [contact.phone] : [])].map((one) =>
      this.contacts.hash(one),
    );
    await keepEnterpriseContacts(tx, { instanceId, enterpriseId, hashes, knownFrom });
  }

  async #changed(
    tx: Tx,
    instanceId: string,
    { enterpriseId, slug, name, isProducer, isHub, changedAt }: Omit<StoredEnterprise, 'contact'>,
  ): Promise<void> {
    const data = { enterpriseId, slug, name, isProducer, isHub, changedAt };
    await this.outbox.add(tx, [{ event: hubsEvents.enterpriseChanged, instanceId, data }]);
  }
}

function noSuchEnterprise(): DomainError {
  return new DomainError('not-found', { detail: 'There is no such enterprise.' });
}

/** Turns the breach of the single slug into a refusal. @throws already-exists */
async function orSlugTaken<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (violatedConstraint(error) !== 'enterprises_slug_is_single') throw error;
    const fields = [{ path: 'slug', message: 'is taken' }];
    throw new DomainError(
      'already-exists',
      { detail: 'Another enterprise has this short name.', fields },
      error,
    );
  }
}
