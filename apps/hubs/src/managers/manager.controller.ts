import { Controller } from '@nestjs/common';
import { hubsRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { ManagerService } from './manager.service.js';

@Controller()
export class ManagerController {
  constructor(private readonly managers: ManagerService) {}

  @Rpc(hubsRpc.setManagers)
  set(
    input: RpcInput<typeof hubsRpc.setManagers>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.setManagers>> {
    return this.managers.set(input, context);
  }

  @Rpc(hubsRpc.leaveManagement)
  leave(
    input: RpcInput<typeof hubsRpc.leaveManagement>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.leaveManagement>> {
    return this.managers.leave(input, context);
  }

  @Rpc(hubsRpc.listManagers)
  list(
    input: RpcInput<typeof hubsRpc.listManagers>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.listManagers>> {
    return this.managers.list(input, context);
  }

  @Rpc(hubsRpc.listManagedEnterprises)
  managed(
    input: RpcInput<typeof hubsRpc.listManagedEnterprises>,
  ): Promise<RpcOutput<typeof hubsRpc.listManagedEnterprises>> {
    return this.managers.managed(input);
  }

  @Rpc(hubsRpc.listHubsOfManagers)
  hubsOf(
    input: RpcInput<typeof hubsRpc.listHubsOfManagers>,
  ): Promise<RpcOutput<typeof hubsRpc.listHubsOfManagers>> {
    return this.managers.hubsOf(input);
  }
}
