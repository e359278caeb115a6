import { payoutsRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { PayeeService } from './payee.service.js';
import { RunService } from './run.service.js';

type In<K extends keyof typeof payoutsRpc> = RpcInput<(typeof payoutsRpc)[K]>;
type Out<K extends keyof typeof payoutsRpc> = Promise<RpcOutput<(typeof payoutsRpc)[K]>>;

@Controller()
export class PayoutController {
  constructor(
    private readonly payees: PayeeService,
    private readonly runs: RunService,
  ) {}

  @Rpc(payoutsRpc.getPayee)
  getPayee(input: In<'getPayee'>, context: CallContext): Out<'getPayee'> {
    return this.payees.get(input, context);
  }

  @Rpc(payoutsRpc.setPayee)
  setPayee(input: In<'setPayee'>, context: CallContext): Out<'setPayee'> {
    return this.payees.set(input, context);
  }

  @Rpc(payoutsRpc.listPayouts)
  payouts(input: In<'listPayouts'>, context: CallContext): Out<'listPayouts'> {
    return this.runs.payouts(input, context);
  }

  @Rpc(payoutsRpc.getPayoutSettings)
  settings(_input: object, context: CallContext): Out<'getPayoutSettings'> {
    return this.payees.settings(context);
  }

  @Rpc(payoutsRpc.setPayoutSettings)
  setSettings(input: In<'setPayoutSettings'>, context: CallContext): Out<'setPayoutSettings'> {
    return this.payees.setSettings(input, context);
  }

  @Rpc(payoutsRpc.proposeRun)
  propose(_input: object, context: CallContext): Out<'proposeRun'> {
    return this.runs.propose(context);
  }

  @Rpc(payoutsRpc.listRuns)
  listRuns(input: In<'listRuns'>, context: CallContext): Out<'listRuns'> {
    return this.runs.runs(input, context);
  }

  @Rpc(payoutsRpc.getRun)
  run(input: In<'getRun'>, context: CallContext): Out<'getRun'> {
    return this.runs.run(input, context);
  }

  @Rpc(payoutsRpc.changeRun)
  change(input: In<'changeRun'>, context: CallContext): Out<'changeRun'> {
    return this.runs.change(input, context);
  }

  @Rpc(payoutsRpc.getRunFile)
  file(input: In<'getRunFile'>, context: CallContext): Out<'getRunFile'> {
    return this.runs.file(input, context);
  }

  @Rpc(payoutsRpc.changePayout)
  move(input: In<'changePayout'>, context: CallContext): Out<'changePayout'> {
    return this.runs.move(input, context);
  }
}
