import { Controller } from '@nestjs/common';
import { catalogueRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { CycleService } from './cycle.service.js';
import { ShopService } from './shop.service.js';

type Input<K extends keyof typeof catalogueRpc> = RpcInput<(typeof catalogueRpc)[K]>;
type Output<K extends keyof typeof catalogueRpc> = Promise<RpcOutput<(typeof catalogueRpc)[K]>>;

@Controller()
export class CycleController {
  constructor(
    private readonly cycles: CycleService,
    private readonly shops: ShopService,
  ) {}

  @Rpc(catalogueRpc.openCycle)
  openCycle({ hubId, cycle }: Input<'openCycle'>, context: CallContext): Output<'openCycle'> {
    return this.cycles.open(hubId, cycle, context);
  }

  @Rpc(catalogueRpc.listCycles)
  listCycles(input: Input<'listCycles'>, context: CallContext): Output<'listCycles'> {
    return this.cycles.list(input, context);
  }

  @Rpc(catalogueRpc.getCycle)
  getCycle({ cycleId }: Input<'getCycle'>, context: CallContext): Output<'getCycle'> {
    return this.cycles.get(cycleId, context);
  }

  @Rpc(catalogueRpc.editCycle)
  editCycle({ changes, ...which }: Input<'editCycle'>, context: CallContext): Output<'editCycle'> {
    return this.cycles.edit(which, changes, context);
  }

  @Rpc(catalogueRpc.setCycleVariants)
  setCycleVariants(
    { cycleId, selection }: Input<'setCycleVariants'>,
    context: CallContext,
  ): Output<'setCycleVariants'> {
    return this.cycles.setVariants(cycleId, selection, context);
  }

  @Rpc(catalogueRpc.getShop)
  getShop(input: Input<'getShop'>, context: CallContext): Output<'getShop'> {
    return this.shops.shop(input, context);
  }

  @Rpc(catalogueRpc.listCycleProducts)
  listCycleProducts(input: Input<'listCycleProducts'>, context: CallContext): Output<'listCycleProducts'> {
    return this.shops.cycleProducts(input, context);
  }

  @Rpc(catalogueRpc.getCycleFilters)
  getCycleFilters({ cycleId }: Input<'getCycleFilters'>, context: CallContext): Output<'getCycleFilters'> {
    return this.shops.filters(cycleId, context);
  }
}
