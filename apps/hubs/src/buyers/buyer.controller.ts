import { Controller } from '@nestjs/common';
import { hubsRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { BuyerService } from './buyer.service.js';
import { ExistingCustomerService } from './existing-customer.service.js';

@Controller()
export class BuyerController {
  constructor(
    private readonly buyers: BuyerService,
    private readonly existingCustomers: ExistingCustomerService,
  ) {}

  @Rpc(hubsRpc.getBuyers)
  names(
    input: RpcInput<typeof hubsRpc.getBuyers>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.getBuyers>> {
    return this.buyers.names(input, context);
  }

  @Rpc(hubsRpc.addExistingCustomers)
  addExistingCustomers(
    input: RpcInput<typeof hubsRpc.addExistingCustomers>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.addExistingCustomers>> {
    return this.existingCustomers.add(input, context);
  }
}
