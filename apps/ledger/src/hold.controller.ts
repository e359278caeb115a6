import { ledgerRpc, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { HoldService } from './hold.service.js';

@Controller()
export class HoldController {
  constructor(private readonly holds: HoldService) {}

  @Rpc(ledgerRpc.placeHold)
  place(input: RpcInput<typeof ledgerRpc.placeHold>): Promise<RpcOutput<typeof ledgerRpc.placeHold>> {
    return this.holds.place(input);
  }

  @Rpc(ledgerRpc.settleHold)
  settle(input: RpcInput<typeof ledgerRpc.settleHold>): Promise<RpcOutput<typeof ledgerRpc.settleHold>> {
    return this.holds.settle(input);
  }

  @Rpc(ledgerRpc.voidHold)
  void(input: RpcInput<typeof ledgerRpc.voidHold>): Promise<RpcOutput<typeof ledgerRpc.voidHold>> {
    return this.holds.void(input);
  }

  @Rpc(ledgerRpc.settleHolds)
  settleAll(input: RpcInput<typeof ledgerRpc.settleHolds>): Promise<RpcOutput<typeof ledgerRpc.settleHolds>> {
    return this.holds.settleAll(input);
  }

  @Rpc(ledgerRpc.getHold)
  get(input: RpcInput<typeof ledgerRpc.getHold>): Promise<RpcOutput<typeof ledgerRpc.getHold>> {
    return this.holds.get(input);
  }
}
