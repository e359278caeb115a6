import { developersRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { PledgeService } from './pledge.service.js';

type Input<K extends keyof typeof developersRpc> = RpcInput<(typeof developersRpc)[K]>;
type Output<K extends keyof typeof developersRpc> = Promise<RpcOutput<(typeof developersRpc)[K]>>;

@Controller()
export class PledgeController {
  constructor(private readonly pledges: PledgeService) {}

  @Rpc(developersRpc.pledge)
  pledge(input: Input<'pledge'>, context: CallContext): Output<'pledge'> {
    return this.pledges.pledge(input, context);
  }

  @Rpc(developersRpc.recordReceipt)
  receive(input: Input<'recordReceipt'>, context: CallContext): Output<'recordReceipt'> {
    return this.pledges.receive(input, context);
  }

  @Rpc(developersRpc.withdrawPledge)
  withdraw(input: Input<'withdrawPledge'>, context: CallContext): Output<'withdrawPledge'> {
    return this.pledges.withdraw(input, context);
  }

  @Rpc(developersRpc.giveVerdict)
  judge(input: Input<'giveVerdict'>, context: CallContext): Output<'giveVerdict'> {
    return this.pledges.judge(input, context);
  }

  @Rpc(developersRpc.listPitchPledges)
  ofPitch(input: Input<'listPitchPledges'>, context: CallContext): Output<'listPitchPledges'> {
    return this.pledges.ofPitch(input, context);
  }

  @Rpc(developersRpc.listPledges)
  own(input: Input<'listPledges'>, context: CallContext): Output<'listPledges'> {
    return this.pledges.own(input, context);
  }
}
