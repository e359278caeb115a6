import { Injectable } from '@nestjs/common';
import {
  DomainError,
  managesEnterprise,
  requireEnterprise,
  requireInstance,
  type CallContext,
  type NewProduct,
  type Product,
  type ProductChanges,
  type RpcInput,
  type Variant,
  type VariantChanges,
  type catalogueRpc,
} from '@foodshed/contracts';
import { Clock, Database, newId, violatedConstraint, type Tx } from '@foodshed/platform';
import { unitPriceMinor } from '../checkout/pricing.rules.js';
import { pageOfRows, readCursor } from './cursor.rules.js';
import { EnterpriseService } from './enterprise.service.js';
import { searchPattern } from './key.rules.js';
import { refreshListings } from './listing.store.js';
import {
  changedProduct,
  changedVariant,
  productOf,
  requireVersion,
  variantOf,
  type ProductWithVariants,
  type VariantRow,
} from './product.rules.js';
import {
  findProduct,
  findProducts,
  lockVariant,
  writeProducts,
  writeVariants,
  type WriteScope,
} from './product.store.js';

type ListInput = RpcInput<typeof catalogueRpc.listProducts>;

/** A producer's products: read by everybody signed in, written by the producer's managers. */
@Injectable()
export class ProductService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly enterprises: EnterpriseService,
  ) {}

  async list(
    input: ListInput,
    context: CallContext,
  ): Promise<{ items: Product[]; nextCursor: string | null }> {
    const instance = requireInstance(context);
    if (input.archived) requireEnterprise(context, input.producerId);
    const rows = await this.database.transaction(instance.id, (tx) =>
      findProducts(tx, {
        instanceId: instance.id,
        producerId: input.producerId,
        archived: input.archived,
        pattern: input.search ? searchPattern(input.search) : null,
        category: input.category ?? null,
        afterProductId: readCursor(input.cursor),
        limit: input.limit + 1,
      }),
    );
    const { page, nextCursor } = pageOfRows(rows, input.limit, (row) => row.productId);
    return { items: page.map((row) => shownProduct(row, instance.currency)), nextCursor };
  }

  async get(productId: string, context: CallContext): Promise<Product> {
    const instance = requireInstance(context);
    const row = await this.database.transaction(instance.id, (tx) =>
      findProduct(tx, { instanceId: instance.id, productId }),
    );
    if (!row || (row.archived && !managesEnterprise(context.caller, row.producerId))) throw noProduct();
    return shownProduct(row, instance.currency);
  }

  async create(producerId: string, product: NewProduct, context: CallContext): Promise<Product> {
    await this.enterprises.requireProducer(context, producerId);
    return this.#write(context, async (tx, scope) => {
      const row = productOf(product, { productId: newId(), producerId });
      await writeProducts(tx, scope, [row]);
      await writeVariants(tx, scope, newVariants(row, product.variants));
      return row.productId;
    });
  }

  async edit(
    { productId, version }: { productId: string; version?: number },
    changes: ProductChanges,
    context: CallContext,
  ): Promise<Product> {
    return this.#write(context, async (tx, scope) => {
      const known = await findProduct(tx, { instanceId: scope.instanceId, productId, lock: true });
      if (!known) throw noProduct();
      requireEnterprise(context, known.producerId);
      requireVersion(known.version, version);
      const { product, renamed } = changedProduct(known, changes);
      await writeProducts(tx, scope, [product]);
      await writeVariants(tx, scope, renamed);
      await writeVariants(tx, scope, newVariants(product, changes.addVariants ?? []));
      await refreshListings(tx, { ...scope, variantIds: known.variants.map((row) => row.variantId) });
      return productId;
    });
  }

  async editVariant(
    { variantId, version }: { variantId: string; version?: number },
    changes: VariantChanges,
    context: CallContext,
  ): Promise<Variant> {
    const product = await this.#write(context, async (tx, scope) => {
      const known = await lockVariant(tx, { instanceId: scope.instanceId, variantId });
      if (!known) throw noVariant();
      requireEnterprise(context, known.product.producerId);
      requireVersion(known.variant.version, version);
      const changed = changedVariant(known.variant, changes, known.product.name);
      await writeVariants(tx, scope, [changed]);
      await refreshListings(tx, { ...scope, variantIds: [variantId] });
      return changed.productId;
    });
    const variant = product.variants.find((row) => row.variantId === variantId);
    if (!variant) throw noVariant();
    return variant;
  }

  /** Runs `work` in one transaction and answers the product it names, as it is then, archived variants included. */
  async #write(context: CallContext, work: (tx: Tx, scope: WriteScope) => Promise<string>): Promise<Product> {
    const instance = requireInstance(context);
    const scope = { instanceId: instance.id, timeZone: instance.timeZone, now: this.clock.now() };
    try {
      return await this.database.transaction(instance.id, async (tx) => {
        const productId = await work(tx, scope);
        const row = await findProduct(tx, { instanceId: instance.id, productId, archivedVariants: true });
        if (!row) throw noProduct();
        return shownProduct(row, instance.currency);
      });
    } catch (error) {
      throw takenName(error);
    }
  }
}

function newVariants(
  product: { productId: string; producerId: string; name: string },
  variants: NewProduct['variants'],
): VariantRow[] {
  const { productId, producerId, name } = product;
  return variants.map((variant) => variantOf(variant, { productId, producerId, name, variantId: newId() }));
}

function shownProduct(row: ProductWithVariants, currency: string): Product {
  const { nameKey: _nameKey, searchName: _searchName, variants, ...product } = row;
  return { ...product, currency, variants: variants.map(shownVariant) };
}

function shownVariant({ variantKey: _variantKey, searchName: _searchName, ...variant }: VariantRow): Variant {
  return { ...variant, unitPriceMinor: unitPriceMinor(variant) };
}

function noProduct(): DomainError {
  return new DomainError('not-found', { detail: 'There is no such product.' });
}

function noVariant(): DomainError {
  return new DomainError('not-found', { detail: 'There is no such variant.' });
}

/** The refusal that a broken unique index means; any other error is returned as it is. */
function takenName(error: unknown): unknown {
  const constraint = violatedConstraint(error);
  if (constraint === 'products_name') {
    return new DomainError('already-exists', {
      detail: 'The producer has a product of this name; add a variant to it.',
      fields: [{ path: 'name', message: 'is taken' }],
    });
  }
  if (constraint === 'variants_key') {
    return new DomainError('already-exists', {
      detail: 'The product has a variant with this display name, unit and SKU.',
      fields: [{ path: 'displayName', message: 'does not tell the variants apart' }],
    });
  }
  return error;
}
