import {
  id,
  newSupplyAgreement,
  supplyAgreementsQuery,
  supplyAnswer,
  supplyRpc,
  type CallContext,
  type NewSupplyAgreement,
  type RpcInput,
  type SupplyAnswer,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, CallerContext } from './http.decorators.js';

type SupplyQuery = RpcInput<typeof supplyRpc.listSupplyAgreements>;

@ApiTags('supply agreements')
@Controller('api')
export class SupplyController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('supply-agreements')
  @Answers(supplyRpc.listSupplyAgreements)
  list(@Query({ schema: supplyAgreementsQuery }) query: SupplyQuery, @CallerContext() context: CallContext) {
    return this.rpc.call(supplyRpc.listSupplyAgreements, query, context);
  }

  /** A hub asks for a producer's goods, or a producer offers them; the other side answers. */
  @Post('supply-agreements')
  @Answers(supplyRpc.proposeSupplyAgreement, { status: 201 })
  propose(
    @Body({ schema: newSupplyAgreement }) body: NewSupplyAgreement,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(supplyRpc.proposeSupplyAgreement, body, context);
  }

  @Get('supply-agreements/:agreementId')
  @Answers(supplyRpc.getSupplyAgreement)
  get(@Param('agreementId', { schema: id }) agreementId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(supplyRpc.getSupplyAgreement, { agreementId }, context);
  }

  /** With the `version` that was seen, terms that changed in between are not accepted. */
  @Put('supply-agreements/:agreementId/state')
  @Answers(supplyRpc.setSupplyState)
  setState(
    @Param('agreementId', { schema: id }) agreementId: string,
    @Body({ schema: supplyAnswer }) answer: SupplyAnswer,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(supplyRpc.setSupplyState, { agreementId, ...answer }, context);
  }
}
