import { adminRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { InstanceService } from './instance.service.js';

@Controller()
export class InstanceController {
  constructor(private readonly instances: InstanceService) {}

  @Rpc(adminRpc.createInstance)
  create(
    input: RpcInput<typeof adminRpc.createInstance>,
    context: CallContext,
  ): Promise<RpcOutput<typeof adminRpc.createInstance>> {
    return this.instances.create(input, context);
  }

  @Rpc(adminRpc.listInstances)
  list(input: RpcInput<typeof adminRpc.listInstances>): Promise<RpcOutput<typeof adminRpc.listInstances>> {
    return this.instances.list(input);
  }

  @Rpc(adminRpc.getInstance)
  get(input: RpcInput<typeof adminRpc.getInstance>): Promise<RpcOutput<typeof adminRpc.getInstance>> {
    return this.instances.get(input);
  }
}
