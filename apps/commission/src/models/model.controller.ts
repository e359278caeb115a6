import { type CallContext, commissionRpc, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { ModelService } from './model.service.js';
import { SimulationService } from './simulation.service.js';

@Controller()
export class ModelController {
  constructor(
    private readonly models: ModelService,
    private readonly simulations: SimulationService,
  ) {}

  @Rpc(commissionRpc.uploadModel)
  upload(
    input: RpcInput<typeof commissionRpc.uploadModel>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.uploadModel>> {
    return this.models.upload(input, context);
  }

  @Rpc(commissionRpc.approveModel)
  approve(
    input: RpcInput<typeof commissionRpc.approveModel>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.approveModel>> {
    return this.models.approve(input, context);
  }

  @Rpc(commissionRpc.simulateModel)
  simulate(
    input: RpcInput<typeof commissionRpc.simulateModel>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.simulateModel>> {
    return this.simulations.simulate(input, context);
  }

  @Rpc(commissionRpc.exportModel)
  export(
    input: RpcInput<typeof commissionRpc.exportModel>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.exportModel>> {
    return this.models.export(input, context);
  }

  @Rpc(commissionRpc.checkModel)
  check(
    input: RpcInput<typeof commissionRpc.checkModel>,
    context: CallContext,
  ): RpcOutput<typeof commissionRpc.checkModel> {
    return this.models.check(input.source, context);
  }

  @Rpc(commissionRpc.listModels)
  list(
    input: RpcInput<typeof commissionRpc.listModels>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.listModels>> {
    return this.models.list(input, context);
  }

  @Rpc(commissionRpc.getModel)
  get(
    input: RpcInput<typeof commissionRpc.getModel>,
    context: CallContext,
  ): Promise<RpcOutput<typeof commissionRpc.getModel>> {
    return this.models.get(input, context);
  }
}
