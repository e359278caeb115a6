import { Controller } from '@nestjs/common';
import { catalogueRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { ImportService } from './import.service.js';
import { ProductService } from './product.service.js';

type Input<K extends keyof typeof catalogueRpc> = RpcInput<(typeof catalogueRpc)[K]>;
type Output<K extends keyof typeof catalogueRpc> = Promise<RpcOutput<(typeof catalogueRpc)[K]>>;

@Controller()
export class CatalogueController {
  constructor(
    private readonly products: ProductService,
    private readonly imports: ImportService,
  ) {}

  @Rpc(catalogueRpc.listProducts)
  listProducts(input: Input<'listProducts'>, context: CallContext): Output<'listProducts'> {
    return this.products.list(input, context);
  }

  @Rpc(catalogueRpc.createProduct)
  createProduct(
    { producerId, product }: Input<'createProduct'>,
    context: CallContext,
  ): Output<'createProduct'> {
    return this.products.create(producerId, product, context);
  }

  @Rpc(catalogueRpc.getProduct)
  getProduct({ productId }: Input<'getProduct'>, context: CallContext): Output<'getProduct'> {
    return this.products.get(productId, context);
  }

  @Rpc(catalogueRpc.editProduct)
  editProduct({ changes, ...which }: Input<'editProduct'>, context: CallContext): Output<'editProduct'> {
    return this.products.edit(which, changes, context);
  }

  @Rpc(catalogueRpc.editVariant)
  editVariant({ changes, ...which }: Input<'editVariant'>, context: CallContext): Output<'editVariant'> {
    return this.products.editVariant(which, changes, context);
  }

  @Rpc(catalogueRpc.importProducts)
  importProducts(
    { producerId, file }: Input<'importProducts'>,
    context: CallContext,
  ): Output<'importProducts'> {
    return this.imports.importProducts(producerId, file, context);
  }
}
