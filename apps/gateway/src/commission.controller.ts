import { commissionRpc, id, modelVersion, type CallContext, type RpcInput } from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, CallerContext } from './http.decorators.js';

type In<K extends keyof typeof commissionRpc> = RpcInput<(typeof commissionRpc)[K]>;

@ApiTags('network models')
@Controller('api/network-models')
export class NetworkModelController {
  constructor(private readonly rpc: RpcClient) {}

  @Get()
  @Answers(commissionRpc.listModels)
  list(
    @Query({ schema: commissionRpc.listModels.input }) query: In<'listModels'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(commissionRpc.listModels, query, context);
  }

  @Post()
  @Answers(commissionRpc.uploadModel, { status: 201 })
  upload(
    @Body({ schema: commissionRpc.uploadModel.input }) body: In<'uploadModel'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(commissionRpc.uploadModel, body, context);
  }

  @Post('checks')
  @HttpCode(200)
  @Answers(commissionRpc.checkModel)
  check(
    @Body({ schema: commissionRpc.checkModel.input }) body: In<'checkModel'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(commissionRpc.checkModel, body, context);
  }

  @Post('simulations')
  @HttpCode(200)
  @Answers(commissionRpc.simulateModel)
  simulate(
    @Body({ schema: commissionRpc.simulateModel.input }) body: In<'simulateModel'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(commissionRpc.simulateModel, body, context);
  }

  @Post(':version/approval')
  @HttpCode(200)
  @Answers(commissionRpc.approveModel)
  approve(
    @Param('version', { schema: modelVersion }) version: number,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(commissionRpc.approveModel, { version }, context);
  }

  @Get('in-force')
  @Answers(commissionRpc.getModel)
  inForce(@CallerContext() context: CallContext) {
    return this.rpc.call(commissionRpc.getModel, {}, context);
  }

  @Get(':version')
  @Answers(commissionRpc.getModel)
  get(@Param('version', { schema: modelVersion }) version: number, @CallerContext() context: CallContext) {
    return this.rpc.call(commissionRpc.getModel, { version }, context);
  }

  @Get(':version/value-flows')
  @Answers(commissionRpc.exportModel)
  valueFlows(
    @Param('version', { schema: modelVersion }) version: number,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(commissionRpc.exportModel, { version }, context);
  }
}

@ApiTags('splits')
@Controller('api')
export class SplitController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('orders/:orderId/splits')
  @Answers(commissionRpc.listOrderSplits)
  ofOrder(@Param('orderId', { schema: id }) orderId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(commissionRpc.listOrderSplits, { orderId }, context);
  }

  @Get('splits/:splitId/explanation')
  @Answers(commissionRpc.explainSplit)
  explain(@Param('splitId', { schema: id }) splitId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(commissionRpc.explainSplit, { splitId }, context);
  }
}
