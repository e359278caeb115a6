import {
  DomainError,
  newCycle,
  newProduct,
  newSupplyAgreement,
  type CallContext,
  type Cycle,
  type Enterprise,
  type SupplyAgreement,
  type SupplySide,
} from '@foodshed/contracts';
import { Clock, newId, Outbox, type RpcClient } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import { EnterpriseService } from '../catalogue/enterprise.service.js';
import { ProductService } from '../catalogue/product.service.js';
import { CycleService } from '../cycles/cycle.service.js';
import { ShopService } from '../cycles/shop.service.js';
import { CreateCatalogue1763690400000 } from '../migrations/1763690400000-create-catalogue.js';
import { SupplyService } from './supply.service.js';

const HOUR_MS = 3_600_000;
const nobody = newId();
let roles: Record<string, Partial<Enterprise>>;
const hubs = {
  call: async (_rpc: unknown, { enterprise }: { enterprise: string }) => {
    if (enterprise === nobody) throw new DomainError('not-found', { detail: 'There is no such enterprise.' });
    return { isProducer: true, isHub: true, ...roles[enterprise] } as Enterprise;
  },
} as never as RpcClient;

describe('supply agreements in Postgres', () => {
  let test: TestDatabase;
  let clock: Clock;
  let supply: SupplyService;
  let cycles: CycleService;
  let shops: ShopService;
  let products: ProductService;
  let instance: { id: string; currency: string; timeZone: string };
  let producerId: string;
  let hubId: string;
  let producer: CallContext;
  let hub: CallContext;

  beforeAll(async () => {
    test = await testDatabase('orders', [CreateCatalogue1763690400000]);
  }, 120_000);
  afterAll(() => test.close());

  const personOf = (...enterpriseIds: string[]): CallContext => ({
    caller: { kind: 'person', personId: newId(), instance, roles: [], enterpriseIds },
    requestId: newId(),
    token: '',
  });
  beforeEach(() => {
    instance = { id: newId(), currency: 'EUR', timeZone: 'Europe/Berlin' };
    [producerId, hubId] = [newId(), newId()];
    [producer, hub] = [personOf(producerId), personOf(hubId)];
    roles = {};
    clock = new Clock();
    const enterprises = new EnterpriseService(hubs);
    supply = new SupplyService(test.database, clock, enterprises);
    cycles = new CycleService(test.database, clock, new Outbox(clock), enterprises);
    shops = new ShopService(test.database, clock);
    products = new ProductService(test.database, clock, enterprises);
  });

  const propose = (proposedBy: SupplySide, fields: object = {}, as?: CallContext): Promise<SupplyAgreement> =>
    supply.propose(
      newSupplyAgreement.parse({ producerId, hubId, proposedBy, ...fields }),
      as ?? (proposedBy === 'hub' ? hub : producer),
    );
  const agree = async (pricesSetBy: SupplySide = 'producer', of = producerId): Promise<SupplyAgreement> => {
    const { agreementId } = await propose('hub', { producerId: of, pricesSetBy });
    return supply.setState({ agreementId, state: 'accepted' }, personOf(of));
  };
  const make = async (name: string, of = producerId): Promise<string> => {
    const variants = [{ unit: { kind: 'items', amount: '1', name: 'bunch' }, priceMinor: 200, stock: 5 }];
    const product = await products.create(of, newProduct.parse({ name, variants }), personOf(of));
    return product.variants[0]!.variantId;
  };
  const openCycle = (selection: object | undefined, [from, to] = [-1, 1]): Promise<Cycle> => {
    const at = (hours: number) => new Date(clock.now().getTime() + hours * HOUR_MS).toISOString();
    const handover = { kind: 'pickup', place: 'The mill' };
    const wanted = { name: 'Week 19', opensAt: at(from), closesAt: at(to), handover, selection };
    return cycles.open(hubId, newCycle.parse(wanted), hub);
  };
  const sold = async ({ cycleId }: Cycle) => {
    const { items } = await shops.cycleProducts({ cycleId, limit: 50 }, hub);
    return items.map(({ name }) => name);
  };
  const notAgreedAt = (path: string) => ({
    code: 'supply-not-agreed',
    options: { fields: [expect.objectContaining({ path }) as unknown] },
  });

  it('let a hub sell a producer’s goods only from the moment the producer accepts', async () => {
    const kale = await make('Kale');
    const all = { producerIds: [producerId] };
    const { agreementId, version } = await propose('hub');
    for (const selection of [all, { variants: [{ variantId: kale }] }]) {
      const path = `selection.${'variants' in selection ? 'variants.0.variantId' : 'producerIds.0'}`;
      await expect(openCycle(selection)).rejects.toMatchObject(notAgreedAt(path));
    }
    expect((await cycles.list({ hubId, limit: 10 }, hub)).items).toEqual([]);
    const accepted = await supply.setState({ agreementId, state: 'accepted', version }, producer);
    expect(accepted).toMatchObject({ state: 'accepted', pricesSetBy: 'producer', version: 2 });
    expect(await sold(await openCycle(all))).toEqual(['Kale']);
  });

  it('are needed for each of the goods of a cycle, wherever in the list they are', async () => {
    const [mill, strangers] = [newId(), newId()];
    const [kale, flour] = [await make('Kale'), await make('Flour', mill)];
    await make('Honey', strangers);
    await agree();
    const cycle = await openCycle({ producerIds: [producerId] });
    const pick = (selection: object) =>
      cycles.setVariants(cycle.cycleId, { producerIds: [], variants: [], ...selection }, hub);
    const variants = [kale, flour].map((variantId) => ({ variantId, priceMinor: null }));
    await expect(pick({ variants })).rejects.toMatchObject(notAgreedAt('variants.1.variantId'));
    await expect(pick({ producerIds: [producerId, strangers] })).rejects.toMatchObject(
      notAgreedAt('producerIds.1'),
    );
    expect(await sold(cycle)).toEqual(['Kale']);
    await agree('producer', mill);
    await pick({ variants });
    expect(await sold(cycle)).toEqual(['Flour', 'Kale']);
  });

  it('say whether the hub may set prices', async () => {
    const variantId = await make('Kale');
    const variants = [{ variantId, priceMinor: 250 }];
    const { agreementId } = await agree('producer');
    await expect(openCycle({ variants })).rejects.toMatchObject(
      notAgreedAt('selection.variants.0.priceMinor'),
    );
    await supply.setState({ agreementId, state: 'ended' }, hub);
    expect(await agree('hub')).toMatchObject({ agreementId, pricesSetBy: 'hub' });
    const { cycleId } = await openCycle({ variants });
    const { items } = await shops.cycleProducts({ cycleId, limit: 5 }, hub);
    expect(items).toMatchObject([{ name: 'Kale', unitPriceMinor: 250 }]);
  });

  it('are not needed for a hub’s own goods', async () => {
    const variantId = await make('Jam', hubId);
    const cycle = await openCycle({ producerIds: [hubId], variants: [{ variantId, priceMinor: 300 }] });
    expect(await sold(cycle)).toEqual(['Jam']);
    await expect(propose('hub', { producerId: hubId })).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('that end take the goods out of cycles that are open or to come, and leave closed ones alone', async () => {
    const mill = newId();
    await make('Kale');
    await make('Flour', mill);
    const { agreementId } = await agree();
    await agree('producer', mill);
    const selection = { producerIds: [producerId, mill] };
    const [ending, open, later] = [
      await openCycle(selection, [-1, 1]),
      await openCycle(selection, [-1, 9]),
      await openCycle(selection, [8, 9]),
    ];
    clock.setOffset(2 * HOUR_MS);
    const ended = await supply.setState({ agreementId, state: 'ended' }, producer);
    expect(ended).toMatchObject({
      state: 'ended',
      endedBy: 'producer',
      endedAt: expect.any(String) as string,
    });
    expect([await sold(open), await sold(later)]).toEqual([['Flour'], ['Flour']]);
    expect(await cycles.get(open.cycleId, hub)).toMatchObject({ variantCount: 1 });
    expect(await sold(ending)).toEqual(['Flour', 'Kale']);
    const selling = await test.database.queryIn(
      instance.id,
      `select producer_id as id from hub_producers where hub_id = $1 and ended_at is null`,
      [hubId],
    );
    expect(selling).toEqual([{ id: mill }]);
  });

  it('that end while goods are picked leave nothing in the cycle', async () => {
    await make('Kale');
    const cycle = await openCycle(undefined);
    const selection = { producerIds: [producerId], variants: [] };
    for (let round = 0; round < 10; round++) {
      const { agreementId } = await agree();
      const [opened, picked, ended] = await Promise.allSettled([
        openCycle(selection),
        cycles.setVariants(cycle.cycleId, selection, hub),
        supply.setState({ agreementId, state: 'ended' }, producer),
      ]);
      expect(ended.status).toBe('fulfilled');
      for (const written of [opened, picked]) {
        if (written.status === 'fulfilled') expect(await sold(written.value)).toEqual([]);
        else expect(written.reason).toMatchObject({ code: 'supply-not-agreed' });
      }
    }
  });

  it('are proposed and answered once, however often that is said', async () => {
    const [first, again] = await Promise.all([propose('producer'), propose('producer')]);
    expect(again).toEqual(first);
    const answer = { agreementId: first.agreementId, state: 'accepted', version: 1 } as const;
    const accepted = await supply.setState(answer, hub);
    expect(await supply.setState(answer, hub)).toEqual(accepted);
    expect((await supply.list({ as: 'hub', enterpriseId: hubId, limit: 5 }, hub)).items).toEqual([accepted]);
  });

  it('are not accepted on terms that were not seen', async () => {
    const { agreementId, version } = await propose('hub');
    await supply.setState({ agreementId, state: 'ended' }, hub);
    await propose('hub', { pricesSetBy: 'hub' });
    await expect(
      supply.setState({ agreementId, state: 'accepted', version }, producer),
    ).rejects.toMatchObject({ code: 'invalid-state', options: { version: 3 } });
  });

  it('are the business of the managers of the two sides, each of whom speaks for their own', async () => {
    const { agreementId } = await propose('hub');
    const stranger = personOf(newId());
    await expect(propose('hub', {}, producer)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(supply.setState({ agreementId, state: 'accepted' }, hub)).rejects.toMatchObject({
      code: 'forbidden',
    });
    const list = { as: 'producer', enterpriseId: producerId, limit: 5 } as const;
    await expect(supply.list(list, stranger)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(supply.get(agreementId, stranger)).rejects.toMatchObject({ code: 'not-found' });
    await expect(supply.setState({ agreementId, state: 'ended' }, stranger)).rejects.toMatchObject({
      code: 'not-found',
    });
    instance = { ...instance, id: newId() };
    await expect(supply.get(agreementId, personOf(producerId))).rejects.toMatchObject({ code: 'not-found' });
    expect(await supply.get(agreementId, producer)).toMatchObject({ agreementId, state: 'requested' });
  });

  it.each<[string, object, object, string]>([
    ['nobody', { producerId: nobody }, {}, 'not-found'],
    ['who does not produce', {}, { isProducer: false }, 'invalid-state'],
  ])('are not made with %s, and say which field is meant', async (_who, fields, role, code) => {
    roles[producerId] = role;
    await expect(propose('hub', fields)).rejects.toMatchObject({
      code,
      options: { fields: [{ path: 'producerId' }] },
    });
  });

  it('are listed for each side, newest first, in pages and by state', async () => {
    const others = [newId(), newId()];
    const first = await propose('hub');
    const accepted = await agree('producer', others[0]);
    const last = await propose('hub', { producerId: others[1] });
    const query = { as: 'hub', enterpriseId: hubId, limit: 2 } as const;
    const page = await supply.list(query, hub);
    expect(page.items).toEqual([last, accepted]);
    const rest = await supply.list({ ...query, cursor: page.nextCursor! }, hub);
    expect(rest).toEqual({ items: [first], nextCursor: null });
    expect((await supply.list({ ...query, state: 'accepted' }, hub)).items).toEqual([accepted]);
    const ofProducer = await supply.list({ as: 'producer', enterpriseId: producerId, limit: 2 }, producer);
    expect(ofProducer.items).toEqual([first]);
  });
});
