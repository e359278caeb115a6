import { newCycle, newProduct, type CallContext, type Cycle, type Enterprise } from '@foodshed/contracts';
import { Clock, newId, Outbox, type RpcClient } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import { EnterpriseService } from '../catalogue/enterprise.service.js';
import { ProductService } from '../catalogue/product.service.js';
import { CreateCatalogue1763690400000 } from '../migrations/1763690400000-create-catalogue.js';
import { SupplyService } from '../supply/supply.service.js';
import { CycleService } from './cycle.service.js';
import { ShopService } from './shop.service.js';

const HOUR_MS = 3_600_000;
const hubs = { call: async () => ({ isProducer: true, isHub: true }) as Enterprise } as never as RpcClient;

describe('order cycles and shops in Postgres', () => {
  let test: TestDatabase;
  let clock: Clock;
  let cycles: CycleService;
  let shops: ShopService;
  let products: ProductService;
  let context: CallContext;
  let producerId: string;
  let hubId: string;

  beforeAll(async () => {
    test = await testDatabase('orders', [CreateCatalogue1763690400000]);
  }, 120_000);
  afterAll(() => test.close());

  const signIn = () => {
    [producerId, hubId] = [newId(), newId()];
    const instance = { id: newId(), currency: 'EUR', timeZone: 'Europe/Berlin' };
    context = {
      caller: { kind: 'person', personId: newId(), instance, roles: [], enterpriseIds: [producerId, hubId] },
      requestId: newId(),
      token: '',
    };
  };
  beforeEach(async () => {
    clock = new Clock();
    const enterprises = new EnterpriseService(hubs);
    cycles = new CycleService(test.database, clock, new Outbox(clock), enterprises);
    shops = new ShopService(test.database, clock);
    products = new ProductService(test.database, clock, enterprises);
    signIn();
    const supply = new SupplyService(test.database, clock, enterprises);
    const terms = { producerId, hubId, proposedBy: 'hub', pricesSetBy: 'hub' } as const;
    const { agreementId } = await supply.propose(terms, context);
    await supply.setState({ agreementId, state: 'accepted' }, context);
  });

  const after = (hours: number) => new Date(clock.now().getTime() + hours * HOUR_MS).toISOString();
  const make = async (name: string, fields: object = {}, product: object = {}) => {
    const unit = { kind: 'weight', amount: '1', scale: 'kg' };
    const wanted = newProduct.parse({
      name,
      variants: [{ unit, priceMinor: 200, stock: 5, ...fields }],
      ...product,
    });
    const { variants } = await products.create(producerId, wanted, context);
    return variants[0]!;
  };
  const open = (selection: object | undefined, [from, to]: [number, number] = [-1, 1]): Promise<Cycle> => {
    const handover = { kind: 'pickup', place: 'The mill' };
    return cycles.open(
      hubId,
      newCycle.parse({ name: 'Week 19', opensAt: after(from), closesAt: after(to), handover, selection }),
      context,
    );
  };
  const shop = (query: object = {}) => shops.shop({ hubId, limit: 50, ...query }, context);
  const names = async (query?: object) => (await shop(query)).items.map(({ name }) => name);
  const events = () =>
    test.owner.queryIn<{ state: string }>(
      '*',
      `select payload->>'state' as state from outbox where instance_id = $1 order by id`,
      [(context.caller as { instance: { id: string } }).instance.id],
    );

  it('sell what was picked while they are open, at their own price where they have one', async () => {
    const kale = await make('Kale', { priceIncludesVat: false, vatRateBps: 700 });
    const leek = await make('leek', { onDemand: true, depositMinor: 20 });
    await make('Äpfel');
    const cycle = await open({
      variants: [{ variantId: kale.variantId, priceMinor: 300 }, { variantId: leek.variantId }],
    });
    expect(cycle).toMatchObject({ state: 'open', variantCount: 2, currency: 'EUR', version: 1 });
    const { items, cycle: current, nextCycle } = await shop();
    expect([current?.cycleId, nextCycle]).toEqual([cycle.cycleId, null]);
    expect(items).toMatchObject([
      { name: 'Kale', unitLabel: '1 kg', unitPriceMinor: 321, vatRateBps: 700, availableQuantity: 5 },
      { name: 'leek', unitPriceMinor: 200, depositMinor: 20, availableQuantity: null },
    ]);
    await cycles.setVariants(cycle.cycleId, { producerIds: [producerId], variants: [] }, context);
    expect(await names()).toEqual(['Äpfel', 'Kale', 'leek']);
    expect((await shop()).items[1]?.unitPriceMinor).toBe(214);
  });

  it('open and close at their times, whatever was announced, and are announced once each', async () => {
    await make('Kale');
    const cycle = await open({ producerIds: [producerId] }, [1, 3]);
    expect(await shop()).toMatchObject({
      cycle: null,
      items: [],
      nextCycle: { cycleId: cycle.cycleId, state: 'scheduled' },
    });
    clock.setOffset(2 * HOUR_MS);
    expect(await names()).toEqual(['Kale']);
    await cycles.announceDue();
    await cycles.announceDue();
    clock.setOffset(3 * HOUR_MS);
    expect(await shop()).toMatchObject({ cycle: null, nextCycle: null, items: [] });
    expect(await cycles.get(cycle.cycleId, context)).toMatchObject({ state: 'closed' });
    await Promise.all([cycles.announceDue(), cycles.announceDue()]);
    expect(await events()).toEqual([{ state: 'scheduled' }, { state: 'open' }, { state: 'closed' }]);
  });

  it('that are open at the same time are shown one by one, the one that closes first in the shop', async () => {
    const late = await open(undefined, [-1, 5]);
    const first = await open(undefined, [-1, 2]);
    const future = await open(undefined, [3, 4]);
    expect((await shop()).cycle?.cycleId).toBe(first.cycleId);
    const listed = await cycles.list({ hubId, limit: 1, cursor: future.cycleId }, context);
    expect(listed).toMatchObject({ items: [{ cycleId: first.cycleId }], nextCursor: first.cycleId });
    const scheduled = await cycles.list({ hubId, state: 'scheduled', limit: 10 }, context);
    expect(scheduled.items.map(({ cycleId }) => cycleId)).toEqual([future.cycleId]);
    await cycles.edit({ cycleId: first.cycleId }, { closeNow: true }, context);
    expect((await shop()).cycle?.cycleId).toBe(late.cycleId);
  });

  it('are found by producer, category and part of a name, in pages', async () => {
    for (const [name, category] of [
      ['Crème', 'Dairy'],
      ['Kale', 'Greens'],
      ['Red kale', 'Greens'],
    ] as const) {
      await make(name, {}, { category });
    }
    const { cycleId } = await open({ producerIds: [producerId] });
    expect(await names({ search: 'KALE' })).toEqual(['Kale', 'Red kale']);
    expect(await names({ search: 'creme' })).toEqual(['Crème']);
    expect(await names({ category: 'Dairy' })).toEqual(['Crème']);
    expect(await names({ producerId: newId() })).toEqual([]);
    expect(await shops.filters(cycleId, context)).toEqual({
      producers: [{ producerId, variantCount: 3 }],
      categories: [
        { category: 'Dairy', variantCount: 1 },
        { category: 'Greens', variantCount: 2 },
      ],
    });
    const first = await shop({ limit: 2 });
    const second = await shops.cycleProducts({ cycleId, limit: 2, cursor: first.nextCursor! }, context);
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['Crème', 'Kale', 'Red kale']);
    expect(second.nextCursor).toBeNull();
  });

  it('follow a renamed product, and lose an archived variant and what is not available yet', async () => {
    const kale = await make('Kale');
    const leek = await make('Leek');
    await make('Plums', { availableOn: '2999-01-01' });
    await open({ producerIds: [producerId] });
    expect(await names()).toEqual(['Kale', 'Leek']);
    const renamed = await products.edit(
      { productId: kale.productId, version: 1 },
      { name: 'Winter kale' },
      context,
    );
    expect(renamed).toMatchObject({ version: 2, variants: [{ version: 2 }] });
    expect(await names({ search: 'winter' })).toEqual(['Winter kale']);
    const archived = await products.editVariant({ variantId: leek.variantId }, { archived: true }, context);
    expect(archived.archived).toBe(true);
    expect(await names()).toEqual(['Winter kale']);
    expect((await shop()).cycle?.variantCount).toBe(2);
  });

  it('are written by the hub’s managers only, and never seen from another instance', async () => {
    const kale = await make('Kale');
    const { cycleId } = await open(undefined);
    const own = context;
    signIn();
    await expect(cycles.get(cycleId, context)).rejects.toMatchObject({ code: 'not-found' });
    await expect(open({ variants: [{ variantId: kale.variantId }] })).rejects.toMatchObject({
      code: 'invalid-input',
      options: { fields: [{ path: 'selection.variants.0.variantId', message: 'is not for sale' }] },
    });
    context = { ...own, caller: { ...own.caller, enterpriseIds: [] } as CallContext['caller'] };
    await expect(cycles.edit({ cycleId }, { name: 'Mine' }, context)).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await cycles.get(cycleId, context)).toMatchObject({ name: 'Week 19' });
  });

  it('sell 10,000 variants, picked in seconds and shown at once', async () => {
    const timed = async <T>(title: string, work: () => Promise<T>): Promise<T> => {
      const started = performance.now();
      const result = await work();
      process.stderr.write(`${title}: ${(performance.now() - started).toFixed(1)} ms\n`);
      return result;
    };
    const { instance } = context.caller as { instance: { id: string } };
    await test.owner.queryIn(
      '*',
      `with p as (
      insert into products (instance_id, id, producer_id, name, name_key, search_name, category, created_at, changed_at)
      select $1, gen_random_uuid(), $2, 'Product ' || n, 'product ' || n, 'product ' || n, 'c' || n % 20, now(), now()
      from generate_series(1, 10000) n returning id, search_name)
      insert into variants (instance_id, id, product_id, producer_id, variant_key, search_name, unit_kind, unit_amount,
        unit_scale, unit_label, price_minor, stock, created_at, changed_at)
      select $1, gen_random_uuid(), id, $2, 'k', search_name, 'weight', 1, 'kg', '1 kg', 100, 9, now(), now() from p`,
      [instance.id, producerId],
    );
    const cycle = await timed('opening a cycle with 10,000 variants', () =>
      open({ producerIds: [producerId] }),
    );
    expect(cycle.variantCount).toBe(10_000);
    const first = await timed('first page of its shop', () => shop());
    await timed('second page', () => shop({ cursor: first.nextCursor }));
    await timed('a page of a category', () => shop({ category: 'c7' }));
    await timed('a page of a search', () => shop({ search: '999' }));
    expect(first.items).toHaveLength(50);
    const again = await timed('picking them again', () =>
      cycles.setVariants(cycle.cycleId, { producerIds: [producerId], variants: [] }, context),
    );
    expect(again.variantCount).toBe(10_000);
  }, 60_000);
});
