import {
  catalogueRpc,
  cycleChanges,
  cycleSelection,
  cycleState,
  id,
  importLimits,
  listProductsRequest,
  newCycle,
  newProduct,
  pageInput,
  productChanges,
  productImportBody,
  productImportQuery,
  shopQuery,
  variantChanges,
  type CallContext,
  type CycleSelection,
  type NewCycle,
  type NewProduct,
  type ProductImportQuery,
  type ProductImportRequest,
  type RpcInput,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Body, Controller, Get, Headers, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers, BodyLimit, CallerContext } from './http.decorators.js';
import { productImportOf } from './product-import.rules.js';

type In<K extends keyof typeof catalogueRpc> = RpcInput<(typeof catalogueRpc)[K]>;

const version = { version: z.int().min(1).optional() };
const productsQuery = listProductsRequest.omit({ producerId: true });
const productPatch = productChanges.extend(version);
const variantPatch = variantChanges.safeExtend(version);
const cyclesQuery = z.strictObject({ state: cycleState.optional(), ...pageInput });
const cyclePatch = cycleChanges.extend(version);
const pageOfShop = z.strictObject(shopQuery);
type ShopPage = z.output<typeof pageOfShop>;
/** JSON escapes make the largest file longer. */
const IMPORT_BYTES = 1.4 * importLimits.bytes;
/** Ten thousand variants with their prices. */
const SELECTION_BYTES = 2 * 1024 * 1024;

@ApiTags('products')
@Controller('api')
export class ProductController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('producers/:producerId/products')
  @Answers(catalogueRpc.listProducts)
  list(
    @Param('producerId', { schema: id }) producerId: string,
    @Query({ schema: productsQuery }) query: Omit<In<'listProducts'>, 'producerId'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(catalogueRpc.listProducts, { producerId, ...query }, context);
  }

  @Post('producers/:producerId/products')
  @Answers(catalogueRpc.createProduct, { status: 201 })
  create(
    @Param('producerId', { schema: id }) producerId: string,
    @Body({ schema: newProduct }) product: NewProduct,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(catalogueRpc.createProduct, { producerId, product }, context);
  }

  /** The answer of a preview says what the file would do. */
  @Post('producers/:producerId/product-imports')
  @HttpCode(200)
  @BodyLimit(IMPORT_BYTES)
  @ApiConsumes('text/csv', 'application/json')
  @Answers(catalogueRpc.importProducts)
  import(
    @Param('producerId', { schema: id }) producerId: string,
    @Headers('content-type') contentType: string | undefined,
    @Query({ schema: productImportQuery }) query: ProductImportQuery,
    @Body({ schema: productImportBody }) body: ProductImportRequest,
    @CallerContext() context: CallContext,
  ) {
    const file = productImportOf(contentType, query, body);
    return this.rpc.call(catalogueRpc.importProducts, { producerId, file }, context);
  }

  @Get('products/:productId')
  @Answers(catalogueRpc.getProduct)
  get(@Param('productId', { schema: id }) productId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(catalogueRpc.getProduct, { productId }, context);
  }

  /** With the `version` that was seen, a change in between is not overwritten. */
  @Patch('products/:productId')
  @Answers(catalogueRpc.editProduct)
  edit(
    @Param('productId', { schema: id }) productId: string,
    @Body({ schema: productPatch }) { version, ...changes }: z.output<typeof productPatch>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(catalogueRpc.editProduct, { productId, version, changes }, context);
  }

  /** With the `version` that was seen, a change in between is not overwritten; sales are no change. */
  @Patch('variants/:variantId')
  @Answers(catalogueRpc.editVariant)
  editVariant(
    @Param('variantId', { schema: id }) variantId: string,
    @Body({ schema: variantPatch }) { version, ...changes }: z.output<typeof variantPatch>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(catalogueRpc.editVariant, { variantId, version, changes }, context);
  }
}

@ApiTags('order cycles')
@Controller('api')
export class CycleController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('hubs/:hubId/cycles')
  @Answers(catalogueRpc.listCycles)
  list(
    @Param('hubId', { schema: id }) hubId: string,
    @Query({ schema: cyclesQuery }) query: z.output<typeof cyclesQuery>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(catalogueRpc.listCycles, { hubId, ...query }, context);
  }

  @Post('hubs/:hubId/cycles')
  @BodyLimit(SELECTION_BYTES)
  @Answers(catalogueRpc.openCycle, { status: 201 })
  open(
    @Param('hubId', { schema: id }) hubId: string,
    @Body({ schema: newCycle }) cycle: NewCycle,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(catalogueRpc.openCycle, { hubId, cycle }, context);
  }

  @Get('cycles/:cycleId')
  @Answers(catalogueRpc.getCycle)
  get(@Param('cycleId', { schema: id }) cycleId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(catalogueRpc.getCycle, { cycleId }, context);
  }

  @Patch('cycles/:cycleId')
  @Answers(catalogueRpc.editCycle)
  edit(
    @Param('cycleId', { schema: id }) cycleId: string,
    @Body({ schema: cyclePatch }) { version, ...changes }: z.output<typeof cyclePatch>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(catalogueRpc.editCycle, { cycleId, version, changes }, context);
  }

  @Put('cycles/:cycleId/variants')
  @BodyLimit(SELECTION_BYTES)
  @Answers(catalogueRpc.setCycleVariants)
  setVariants(
    @Param('cycleId', { schema: id }) cycleId: string,
    @Body({ schema: cycleSelection }) selection: CycleSelection,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(catalogueRpc.setCycleVariants, { cycleId, selection }, context);
  }

  @Get('cycles/:cycleId/products')
  @Answers(catalogueRpc.listCycleProducts)
  products(
    @Param('cycleId', { schema: id }) cycleId: string,
    @Query({ schema: pageOfShop }) query: ShopPage,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(catalogueRpc.listCycleProducts, { cycleId, ...query }, context);
  }

  @Get('cycles/:cycleId/filters')
  @Answers(catalogueRpc.getCycleFilters)
  filters(@Param('cycleId', { schema: id }) cycleId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(catalogueRpc.getCycleFilters, { cycleId }, context);
  }

  @Get('hubs/:hubId/shop')
  @Answers(catalogueRpc.getShop)
  shop(
    @Param('hubId', { schema: id }) hubId: string,
    @Query({ schema: pageOfShop }) query: ShopPage,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(catalogueRpc.getShop, { hubId, ...query }, context);
  }
}
