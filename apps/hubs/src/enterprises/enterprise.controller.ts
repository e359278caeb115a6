import { Controller } from '@nestjs/common';
import { hubsRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { EnterpriseService } from './enterprise.service.js';

@Controller()
export class EnterpriseController {
  constructor(private readonly enterprises: EnterpriseService) {}

  @Rpc(hubsRpc.registerEnterprise)
  register(
    input: RpcInput<typeof hubsRpc.registerEnterprise>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.registerEnterprise>> {
    return this.enterprises.register(input, context);
  }

  @Rpc(hubsRpc.editEnterprise)
  edit(
    input: RpcInput<typeof hubsRpc.editEnterprise>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.editEnterprise>> {
    return this.enterprises.edit(input, context);
  }

  @Rpc(hubsRpc.getEnterprise)
  get(
    input: RpcInput<typeof hubsRpc.getEnterprise>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.getEnterprise>> {
    return this.enterprises.get(input, context);
  }

  @Rpc(hubsRpc.listEnterprises)
  list(
    input: RpcInput<typeof hubsRpc.listEnterprises>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.listEnterprises>> {
    return this.enterprises.list(input, context);
  }

  @Rpc(hubsRpc.getEnterprises)
  byIds(input: RpcInput<typeof hubsRpc.getEnterprises>): Promise<RpcOutput<typeof hubsRpc.getEnterprises>> {
    return this.enterprises.byIds(input);
  }
}
