import { Controller } from '@nestjs/common';
import { supplyRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { SupplyService } from './supply.service.js';

type Input<K extends keyof typeof supplyRpc> = RpcInput<(typeof supplyRpc)[K]>;
type Output<K extends keyof typeof supplyRpc> = Promise<RpcOutput<(typeof supplyRpc)[K]>>;

@Controller()
export class SupplyController {
  constructor(private readonly supply: SupplyService) {}

  @Rpc(supplyRpc.proposeSupplyAgreement)
  propose(input: Input<'proposeSupplyAgreement'>, context: CallContext): Output<'proposeSupplyAgreement'> {
    return this.supply.propose(input, context);
  }

  @Rpc(supplyRpc.listSupplyAgreements)
  list(input: Input<'listSupplyAgreements'>, context: CallContext): Output<'listSupplyAgreements'> {
    return this.supply.list(input, context);
  }

  @Rpc(supplyRpc.getSupplyAgreement)
  get({ agreementId }: Input<'getSupplyAgreement'>, context: CallContext): Output<'getSupplyAgreement'> {
    return this.supply.get(agreementId, context);
  }

  @Rpc(supplyRpc.setSupplyState)
  setState(input: Input<'setSupplyState'>, context: CallContext): Output<'setSupplyState'> {
    return this.supply.setState(input, context);
  }
}
