import {
  newProduct,
  variantChanges,
  type CallContext,
  type Enterprise,
  type PersonCaller,
} from '@foodshed/contracts';
import { Clock, newId, type RpcClient } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import { CreateCatalogue1763690400000 } from '../migrations/1763690400000-create-catalogue.js';
import { EnterpriseService } from './enterprise.service.js';
import { ProductService } from './product.service.js';

const producerId = newId();
let answer: Partial<Enterprise> = {};
const hubs = { call: async () => answer as Enterprise } as never as RpcClient;
const unit = { kind: 'weight', amount: '1.50', scale: 'kg' } as const;

describe('a producer’s products in Postgres', () => {
  let test: TestDatabase;
  let products: ProductService;
  let context: CallContext;

  beforeAll(async () => {
    test = await testDatabase('orders', [CreateCatalogue1763690400000]);
    products = new ProductService(test.database, new Clock(), new EnterpriseService(hubs));
  }, 120_000);
  afterAll(() => test.close());
  beforeEach(() => {
    answer = { isProducer: true };
    const instance = { id: newId(), currency: 'GBP', timeZone: 'Europe/London' };
    const caller: PersonCaller = {
      kind: 'person',
      personId: newId(),
      instance,
      roles: [],
      enterpriseIds: [producerId],
    };
    context = { caller, requestId: newId(), token: '' };
  });

  const create = (name = 'Kale', variant: object = {}) =>
    products.create(
      producerId,
      newProduct.parse({ name, variants: [{ unit, priceMinor: 1_000, stock: 3, ...variant }] }),
      context,
    );

  it('are created with what people read, and the price that a buyer pays', async () => {
    const product = await create('Kale', { displayName: 'Nero', vatRateBps: 500, priceIncludesVat: false });
    expect(product).toMatchObject({ name: 'Kale', currency: 'GBP', version: 1, archived: false });
    expect(product.variants).toMatchObject([
      {
        unit: { kind: 'weight', amount: '1.5', scale: 'kg' },
        unitLabel: 'Nero, 1.5 kg',
        unitPriceMinor: 1_050,
      },
    ]);
    expect(await products.get(product.productId, context)).toEqual(product);
  });

  it('have one name each, and variants that people can tell apart', async () => {
    const { productId } = await create();
    await expect(create(' KALE')).rejects.toMatchObject({ code: 'already-exists' });
    const same = newProduct.shape.variants.parse([
      { unit: { ...unit, scale: 'g', amount: '1500' }, priceMinor: 1 },
    ]);
    await expect(products.edit({ productId }, { addVariants: same }, context)).rejects.toMatchObject({
      code: 'already-exists',
      options: { fields: [{ path: 'displayName' }] },
    });
  });

  it('are edited by who saw the present version, and by the producer’s managers', async () => {
    const { variants } = await create();
    const { variantId } = variants[0]!;
    const edited = await products.editVariant({ variantId, version: 1 }, { priceMinor: 1_200 }, context);
    expect(edited).toMatchObject({ priceMinor: 1_200, version: 2 });
    await expect(
      products.editVariant({ variantId, version: 1 }, { priceMinor: 1 }, context),
    ).rejects.toMatchObject({
      code: 'invalid-state',
      options: { version: 2 },
    });
    context = {
      ...context,
      caller: { ...context.caller, enterpriseIds: [newId()] } as CallContext['caller'],
    };
    await expect(products.editVariant({ variantId }, { priceMinor: 1 }, context)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(create('Leek')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('are counted on hand, as they are now or as more or less', async () => {
    const { variants } = await create();
    const { variantId } = variants[0]!;
    const edit = (changes: object) =>
      products.editVariant({ variantId }, variantChanges.parse(changes), context);
    expect(await edit({ stock: 10 })).toMatchObject({ stock: 10 });
    const both = await Promise.all([edit({ stockChange: 5 }), edit({ stockChange: -8 })]);
    expect(Math.min(...both.map(({ version }) => version))).toBe(3);
    expect(await edit({ stockChange: 0 })).toMatchObject({ stock: 7 });
    await expect(edit({ stockChange: -8 })).rejects.toMatchObject({ code: 'stock-insufficient' });
    expect(variantChanges.safeParse({ stock: 1, stockChange: 1 }).success).toBe(false);
  });

  it('that are archived free their name, and are seen by their managers only', async () => {
    const { productId } = await create();
    await products.edit({ productId }, { archived: true }, context);
    await create();
    const page = (archived: boolean) => products.list({ producerId, archived, limit: 10 }, context);
    expect((await page(true)).items.map((product) => product.productId)).toEqual([productId]);
    expect((await page(false)).items).toHaveLength(1);
    context = { ...context, caller: { ...context.caller, enterpriseIds: [] } as CallContext['caller'] };
    await expect(products.get(productId, context)).rejects.toMatchObject({ code: 'not-found' });
    await expect(page(true)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('are listed by name in pages, and found by part of it', async () => {
    for (const name of ['beet', 'Äpfel', 'Celery', 'Crème 100 %']) await create(name);
    const list = (query: object) =>
      products.list({ producerId, archived: false, limit: 2, ...query }, context);
    const first = await list({});
    const second = await list({ cursor: first.nextCursor });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual([
      'Äpfel',
      'beet',
      'Celery',
      'Crème 100 %',
    ]);
    expect(second.nextCursor).toBeNull();
    expect((await list({ search: 'CREME 100 %' })).items).toHaveLength(1);
    expect((await list({ search: '%' })).items).toHaveLength(1);
    await expect(list({ cursor: 'x' })).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('are for enterprises that produce', async () => {
    answer = { isProducer: false };
    await expect(create()).rejects.toMatchObject({ code: 'invalid-state' });
  });
});
