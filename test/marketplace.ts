import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type {
  AccountRef,
  Cycle,
  OwnManagerInvitation,
  PlacedOrder,
  ShopItem,
  SupplyAgreement,
  SupplySide,
} from '@foodshed/contracts';
import { eventually, type RunningSystem } from '@foodshed/testing';
import { Client } from './client.js';

export const modelSource = readFileSync('tools/demo/network-model.yaml', 'utf8');
const password = 'a long enough password';
let people = 0;

export interface Person {
  client: Client;
  personId: string;
  email: string;
  password: string;
  name: string;
}

export interface Item {
  name: string;
  priceMinor: number;
  stock?: number;
}

interface OrderEntries {
  items: { entries: { account: AccountRef; amountMinor: number; line: string }[] }[];
}

const csvHeader =
  'producer,sku,name,display_name,category,description,units,unit_type,variant_unit_name,' +
  'price,on_hand,available_on,on_demand,shipping_category,tax_category';

/** A cycle that is open now and sells this, as a hub writes it. */
export const newCycleOf = (selection: object) => ({
  name: 'This week',
  opensAt: new Date(Date.now() - 60_000).toISOString(),
  closesAt: new Date(Date.now() + 86_400_000).toISOString(),
  handover: { kind: 'pickup', place: 'The old barn', times: 'Friday 16:00 to 18:30' },
  selection,
});

/** One instance of a running system, made and used through the API alone, as browsers do; every spec makes its own. */
export class Marketplace {
  /** Who registered an enterprise, and which pairs of producer and hub have agreed. */
  readonly #owners = new Map<string, Person>();
  readonly #agreed = new Set<string>();

  private constructor(
    readonly system: RunningSystem,
    readonly slug: string,
    readonly instanceId: string,
    readonly operator: Client,
  ) {}

  static async make(system: RunningSystem, options: { model?: string } = {}): Promise<Marketplace> {
    const operator = new Client(system.baseUrl());
    await operator.signIn(system.facts.operator.email, system.facts.operator.password);
    const slug = `net-${randomUUID().slice(0, 8)}`;
    const instance = await operator.post<{ id: string }>('/instances', {
      slug,
      name: `Network ${slug}`,
      currency: 'EUR',
      timeZone: 'Europe/Vienna',
      locales: ['en'],
    });
    await operator.put('/session/instance', { slug });
    await operator.post('/network-models', { source: options.model ?? modelSource });
    return new Marketplace(system, slug, instance.id, operator);
  }

  /** A visitor of the instance. */
  visitor(replica = 0): Client {
    return new Client(this.system.baseUrl(replica), undefined, this.slug);
  }

  /** Somebody registered and signed in, whose address an operator vouches for. */
  async person(name: string): Promise<Person> {
    const email = `${name.toLowerCase().replace(/\W+/g, '-')}-${(people += 1)}-${this.slug}@example.org`;
    const client = this.visitor();
    const registration = { displayName: name, email, password, emailIsVerified: true };
    const { personId } = await this.operator.post<{ personId: string }>('/people', registration);
    await client.signIn(email, password);
    return { client, personId, email, password, name };
  }

  /** An enterprise of a person's. */
  async enterprise(owner: Person, name: string, kind: 'hub' | 'producer'): Promise<string> {
    const { enterpriseId } = await owner.client.post<{ enterpriseId: string }>('/enterprises', {
      name,
      isHub: kind === 'hub',
      isProducer: kind === 'producer',
      contact: { name: owner.name, email: owner.email, phone: null },
    });
    this.#owners.set(enterpriseId, owner);
    return enterpriseId;
  }

  /** Lets somebody become a manager of an enterprise: they are invited by address, and accept. */
  async join(enterpriseId: string, by: Person, newcomer: Person): Promise<void> {
    await by.client.post(`/enterprises/${enterpriseId}/manager-invitations`, { email: newcomer.email });
    const { items } = await newcomer.client.get<{ items: OwnManagerInvitation[] }>('/manager-invitations');
    const invitation = items.find((item) => item.enterpriseId === enterpriseId);
    await newcomer.client.post(`/manager-invitations/${invitation?.invitationId}/acceptance`);
  }

  /** Lets a hub sell the goods of these producers: it asks, they accept. What they agreed before stands. */
  async agree(hubId: string, producerIds: string[], pricesSetBy: SupplySide = 'producer'): Promise<void> {
    for (const producerId of producerIds) {
      if (this.#agreed.has(`${producerId} ${hubId}`)) continue;
      const request = { producerId, hubId, proposedBy: 'hub', pricesSetBy };
      const hub = this.#ownerOf(hubId).client;
      const { agreementId } = await hub.post<SupplyAgreement>('/supply-agreements', request);
      const answer = { state: 'accepted' };
      await this.#ownerOf(producerId).client.put(`/supply-agreements/${agreementId}/state`, answer);
      this.#agreed.add(`${producerId} ${hubId}`);
    }
  }

  #ownerOf(enterpriseId: string): Person {
    const owner = this.#owners.get(enterpriseId);
    if (!owner) throw new Error(`nobody registered the enterprise ${enterpriseId} here`);
    return owner;
  }

  /** Products of a producer by the CSV import; prices include no VAT. */
  async products(owner: Person, producerId: string, items: readonly Item[]): Promise<void> {
    const rows = items.map(({ name, priceMinor, stock = 1000 }) =>
      [
        '',
        '',
        name,
        '',
        'Food',
        '',
        '1',
        'kg',
        '',
        (priceMinor / 100).toFixed(2),
        stock,
        '',
        '0',
        '',
        '',
      ].join(','),
    );
    await owner.client.post(`/producers/${producerId}/product-imports`, {
      csv: [csvHeader, ...rows].join('\n'),
    });
  }

  /** A cycle of a hub, open now, with everything of these producers, who agree to it first. */
  async openCycle(
    manager: Person,
    hubId: string,
    producerIds: string[],
    hubFeeFlatMinor = 0,
  ): Promise<Cycle> {
    await this.agree(hubId, producerIds);
    const body = { ...newCycleOf({ producerIds }), hubFeeFlatMinor };
    return manager.client.post<Cycle>(`/hubs/${hubId}/cycles`, body);
  }

  /** What a hub sells now, by product name. */
  async shop(hubId: string): Promise<Map<string, ShopItem>> {
    const { items } = await this.visitor().get<{ items: ShopItem[] }>(`/hubs/${hubId}/shop?limit=200`);
    return new Map(items.map((item) => [item.name, item]));
  }

  /** Places an order by names and quantities at the shop's prices. */
  async order(
    buyer: Client,
    cycle: Pick<Cycle, 'cycleId' | 'hubId'>,
    quantities: Record<string, number>,
    more: {
      buyer?: { kind: 'person' | 'enterprise'; id: string };
      paymentMethod?: 'bank-transfer' | 'cash';
    } = {},
  ): Promise<PlacedOrder> {
    const shop = await this.shop(cycle.hubId);
    const lines = Object.entries(quantities).map(([name, quantity]) => {
      const item = shop.get(name)!;
      return { variantId: item.variantId, quantity, unitPriceMinor: item.unitPriceMinor };
    });
    return buyer.post<PlacedOrder>('/orders', { cycleId: cycle.cycleId, lines, ...more });
  }

  async pay(
    manager: Client,
    placed: Pick<PlacedOrder, 'orderId' | 'totalMinor'>,
    method: 'bank-transfer' | 'cash' = 'bank-transfer',
  ): Promise<void> {
    await manager.post(`/orders/${placed.orderId}/payments`, { method, amountMinor: placed.totalMinor });
  }

  async refund(manager: Client, orderId: string, refund: object): Promise<void> {
    await manager.post(`/orders/${orderId}/refunds`, { refund, returnToStock: false });
  }

  /** What an order's entries add up to, by owner, purpose and line; debit positive, without what is at zero. */
  async orderBalances(orderId: string): Promise<Record<string, number>> {
    const { items } = await this.operator.get<OrderEntries>(`/orders/${orderId}/entries`);
    const sums: Record<string, number> = {};
    for (const { account, amountMinor, line } of items.flatMap((item) => item.entries)) {
      const key = `${account.owner.id} ${account.purpose} ${line}`;
      sums[key] = (sums[key] ?? 0) + amountMinor;
    }
    return Object.fromEntries(Object.entries(sums).filter(([, minor]) => minor !== 0));
  }

  /** Waits until the ledger shows these sums for an order. */
  async expectBalances(orderId: string, expected: Record<string, number>): Promise<void> {
    await eventually(async () => expect(await this.orderBalances(orderId)).toEqual(expected), {
      timeoutMs: 30_000,
    });
  }
}
