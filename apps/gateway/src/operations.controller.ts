import { deadLetterSequence, operationsRpc, type CallContext, type RpcInput } from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, CallerContext } from './http.decorators.js';

type In<K extends keyof typeof operationsRpc> = RpcInput<(typeof operationsRpc)[K]>;

@ApiTags('operations')
@Controller('api/system')
export class InstallationController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('operations')
  @Answers(operationsRpc.getOperations)
  operations(@CallerContext() context: CallContext) {
    return this.rpc.call(operationsRpc.getOperations, {}, context);
  }

  @Get('dead-letters')
  @Answers(operationsRpc.listDeadLetters)
  deadLetters(
    @Query({ schema: operationsRpc.listDeadLetters.input }) query: In<'listDeadLetters'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(operationsRpc.listDeadLetters, query, context);
  }

  @Post('dead-letters/:sequence/replay')
  @HttpCode(200)
  @Answers(operationsRpc.replayDeadLetter)
  replay(
    @Param('sequence', { schema: deadLetterSequence }) sequence: number,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(operationsRpc.replayDeadLetter, { sequence }, context);
  }

  @Get('reconciliations')
  @Answers(operationsRpc.listReconciliations)
  reconciliations(
    @Query({ schema: operationsRpc.listReconciliations.input }) query: In<'listReconciliations'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(operationsRpc.listReconciliations, query, context);
  }

  @Post('reconciliations')
  @Answers(operationsRpc.startReconciliation, { status: 201 })
  reconcile(@CallerContext() context: CallContext) {
    return this.rpc.call(operationsRpc.startReconciliation, {}, context);
  }
}
