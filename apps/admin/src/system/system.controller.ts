import { adminRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { SystemService } from './system.service.js';

@Controller()
export class SystemController {
  constructor(private readonly system: SystemService) {}

  @Rpc(adminRpc.setClock)
  setClock(
    input: RpcInput<typeof adminRpc.setClock>,
    context: CallContext,
  ): Promise<RpcOutput<typeof adminRpc.setClock>> {
    return this.system.setClock(input.offsetMs, context);
  }

  @Rpc(adminRpc.getSystemHealth)
  health(): Promise<RpcOutput<typeof adminRpc.getSystemHealth>> {
    return this.system.health();
  }
}
