import {
  DomainError,
  hubsEvents,
  newEnterprise,
  type AttributedSale,
  type BuyerRef,
  type CallContext,
  type FirstSale,
  type PaidSale,
  type PersonCaller,
} from '@foodshed/contracts';
import {
  ALL_INSTANCES,
  Clock,
  newId,
  Outbox,
  rowsOf,
  type Bus,
  type Database,
  type ReceivedEvent,
  type RpcClient,
} from '@foodshed/platform';
import { BuyerService } from './buyers/buyer.service.js';
import { ContactService } from './buyers/contact.service.js';
import { ErasureService } from './buyers/erasure.service.js';
import { ExistingCustomerService } from './buyers/existing-customer.service.js';
import { EnterpriseService } from './enterprises/enterprise.service.js';
import { HubsKeys } from './hubs.config.js';
import { IntroductionService } from './introductions/introduction.service.js';
import { InvitationService } from './managers/invitation.service.js';
import { ManagerChanges } from './managers/manager-changes.service.js';
import { ManagerService } from './managers/manager.service.js';
import { AttributionService } from './referrals/attribution.service.js';
import { FirstSaleService } from './referrals/first-sale.service.js';
import { ReferralLinkService } from './referrals/referral-link.service.js';
import { ReferralService } from './referrals/referral.service.js';

interface Person {
  readonly displayName: string;
  readonly email: string;
  readonly emailVerifiedAt: string | null;
}

/** When the people of a world had verified their addresses, unless a spec says otherwise. */
const LONG_VERIFIED = '2020-01-01T00:00:00.000Z';

/** A paid event, and the parts of it that a spec states. */
export interface SaleOf {
  readonly hubId: string;
  readonly buyer: BuyerRef;
  readonly producerIds: readonly string[];
  readonly placedAt: string;
  readonly orderId?: string;
  readonly captureId?: string;
  readonly version?: number;
  readonly grossMinor?: number;
  /** By producer; the order itself, as the first, where left out. */
  readonly firstSales?: Readonly<Record<string, FirstSale>>;
}

/**
 * The services of hubs on a real database, with people whom admin would know, and time that specs set. Each
 * world is an instance of its own.
 */
export class HubsWorld {
  readonly instance = { id: newId(), currency: 'EUR', timeZone: 'Europe/Berlin' };
  readonly clock = new Clock();
  /** What admin would answer; a spec that removes somebody makes them unknown. */
  readonly admin = new Map<string, Person>();
  readonly outbox = new Outbox(this.clock);
  readonly keys = HubsKeys.from('a secret of at least thirty-two letters');
  readonly contacts = new ContactService(this.keys);
  readonly buyers: BuyerService;
  readonly managers: ManagerService;
  readonly invitations: InvitationService;
  /** What gateways were told, in its order. */
  readonly told: string[] = [];
  readonly enterprises: EnterpriseService;
  readonly links: ReferralLinkService;
  readonly introductions: IntroductionService;
  readonly existingCustomers: ExistingCustomerService;
  readonly attributions: AttributionService;
  readonly referrals: ReferralService;
  readonly erasures: ErasureService;

  constructor(readonly database: Database) {
    const { clock, outbox, contacts } = this;
    const rpc = { call: async (_rpc: unknown, input: { personId: string }) => this.#contact(input.personId) };
    this.buyers = new BuyerService(database, clock, rpc as unknown as RpcClient, contacts);
    const bus = { connection: { publish: (_subject: string, data: string) => this.told.push(data) } };
    const changes = new ManagerChanges(outbox, bus as unknown as Bus);
    this.managers = new ManagerService(database, clock, changes);
    this.invitations = new InvitationService(database, clock, this.managers, this.buyers, contacts, changes);
    this.enterprises = new EnterpriseService(database, clock, outbox, this.managers, this.buyers, contacts);
    this.links = new ReferralLinkService(database, clock, this.managers, this.keys);
    this.introductions = new IntroductionService(database, clock, this.managers);
    this.existingCustomers = new ExistingCustomerService(database, clock, contacts, this.managers);
    this.attributions = new AttributionService(outbox, clock, this.buyers, new FirstSaleService());
    this.referrals = new ReferralService(database, this.managers, this.attributions);
    this.erasures = new ErasureService(clock);
  }

  #contact(personId: string): { personId: string } & Person {
    const person = this.admin.get(personId);
    if (!person) throw new DomainError('not-found', { detail: 'There is no such person.' });
    return { personId, ...person };
  }

  /** Sets the time; it then runs on. */
  at(instant: string): string {
    this.clock.setOffset(Date.parse(instant) - Date.now());
    return instant;
  }

  now(): string {
    return this.clock.now().toISOString();
  }

  /** Somebody whom admin knows, as a caller. */
  person(displayName: string, roles: PersonCaller['roles'] = []): CallContext & { caller: PersonCaller } {
    const personId = newId();
    const email = `${displayName.toLowerCase().replaceAll(' ', '.')}.${personId.slice(-6)}@example.org`;
    this.admin.set(personId, { displayName, email, emailVerifiedAt: LONG_VERIFIED });
    const caller = { kind: 'person' as const, personId, instance: this.instance, roles, enterpriseIds: [] };
    return { caller, requestId: newId(), token: '' };
  }

  /** Lets somebody become a manager: they are invited by address, and accept. */
  async joined(
    enterpriseId: string,
    by: CallContext,
    newcomer: CallContext & { caller: PersonCaller },
  ): Promise<void> {
    const { email } = this.admin.get(newcomer.caller.personId) ?? { email: '' };
    const { invitationId } = await this.invitations.invite({ enterpriseId, invite: { email } }, by);
    await this.invitations.answer(invitationId, 'accepted', newcomer);
  }

  /** A new enterprise of the manager's; returns its id. */
  async enterprise(
    manager: CallContext,
    name: string,
    roles: { isHub?: boolean; isProducer?: boolean; phone?: string; email?: string },
  ): Promise<string> {
    const { isHub = false, isProducer = false, phone = null } = roles;
    const email = roles.email ?? `office@${newId()}.example.org`;
    const contact = { name: `Office of ${name}`, email, phone };
    const input = newEnterprise.parse({ name, isHub, isProducer, contact });
    const { enterpriseId } = await this.enterprises.register(input, manager);
    return enterpriseId;
  }

  /** The event that orders publishes for a paid sale; goods of 10.00 per producer unless said otherwise. */
  paid(sale: SaleOf): ReceivedEvent<PaidSale> {
    const { hubId, buyer, producerIds, placedAt, grossMinor = 1_000, version = 1 } = sale;
    const { orderId = newId(), captureId = newId() } = sale;
    const first = { sequence: 1, orderId, hubId, placedAt, paidAt: placedAt };
    const data: PaidSale = {
      ...{
        orderId,
        version,
        hubId,
        cycleId: newId(),
        buyer,
        placedAt,
        paidAt: placedAt,
        changedAt: placedAt,
      },
      currency: this.instance.currency,
      timeZone: this.instance.timeZone,
      capture: {
        captureId,
        method: 'cash',
        holder: { kind: 'hub-till', hubId },
        amountMinor: grossMinor * producerIds.length,
        surplusMinor: 0,
      },
      producers: producerIds.map((producerId) => ({
        producerId,
        goods: [{ vatRateBps: 0, grossMinor, netMinor: grossMinor, units: 1 }],
        firstSale: sale.firstSales?.[producerId] ?? first,
      })),
      hubFeeMinor: 0,
    };
    return {
      id: newId(),
      instanceId: this.instance.id,
      occurredAt: placedAt,
      subject: 'orders.events.paid.v1',
      data,
    };
  }

  /** Handles paid events as the consumer does; returns the attributed sales they led to, in their order. */
  async attribute(...events: ReceivedEvent<PaidSale>[]): Promise<AttributedSale[]> {
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
      const [last] = await rowsOf<{ id: string | null }>(tx, 'select max(id::text) as id from outbox');
      await this.attributions.attribute(tx, events);
      const rows = await rowsOf<{ payload: AttributedSale }>(
        tx,
        `select payload from outbox where subject = $1 and id::text > $2 and xmin = pg_current_xact_id()::xid order by id`,
        [hubsEvents.attributed.subject, last?.id ?? ''],
      );
      return rows.map(({ payload }) => payload);
    });
  }
}

/** A buyer who is a person. */
export function asBuyer({ caller }: { caller: PersonCaller }): BuyerRef {
  return { kind: 'person', id: caller.personId };
}
