import { Controller } from '@nestjs/common';
import { packingRpc, type CallContext, type RpcInput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { PackingService } from './packing.service.js';

type In<Name extends keyof typeof packingRpc> = RpcInput<(typeof packingRpc)[Name]>;

@Controller()
export class PackingController {
  constructor(private readonly packing: PackingService) {}

  @Rpc(packingRpc.listOrdersToPack)
  listOrdersToPack(input: In<'listOrdersToPack'>, context: CallContext) {
    return this.packing.listOrdersToPack(input, context);
  }

  @Rpc(packingRpc.recordPacking)
  recordPacking(input: In<'recordPacking'>, context: CallContext) {
    return this.packing.recordPacking(input, context);
  }
}
