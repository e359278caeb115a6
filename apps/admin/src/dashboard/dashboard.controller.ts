import { adminRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { DashboardService } from './dashboard.service.js';

@Controller()
export class DashboardController {
  constructor(private readonly dashboards: DashboardService) {}

  @Rpc(adminRpc.getDashboard)
  dashboard(
    input: RpcInput<typeof adminRpc.getDashboard>,
    context: CallContext,
  ): Promise<RpcOutput<typeof adminRpc.getDashboard>> {
    return this.dashboards.dashboard(input, context);
  }

  @Rpc(adminRpc.getStatement)
  statement(
    input: RpcInput<typeof adminRpc.getStatement>,
    context: CallContext,
  ): Promise<RpcOutput<typeof adminRpc.getStatement>> {
    return this.dashboards.statement(input, context);
  }
}
