import {
  id,
  packingRpc,
  pageInput,
  packingTicks,
  type CallContext,
  type RpcInput,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers, CallerContext, IdempotencyKey } from './http.decorators.js';

type In<K extends keyof typeof packingRpc> = RpcInput<(typeof packingRpc)[K]>;

const packingQuery = z.strictObject({ cycleId: id.optional(), ...pageInput });

@ApiTags('packing')
@Controller('api/producers/:producerId')
export class PackingController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('orders-to-pack')
  @Answers(packingRpc.listOrdersToPack)
  list(
    @Param('producerId', { schema: id }) producerId: string,
    @Query({ schema: packingQuery }) query: Omit<In<'listOrdersToPack'>, 'producerId'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(packingRpc.listOrdersToPack, { producerId, ...query }, context);
  }

  /** Ticks that were made on a list, also without a connection; the answer says of each what became of it. */
  @Post('packing-ticks')
  @HttpCode(200)
  @Answers(packingRpc.recordPacking)
  tick(
    @Param('producerId', { schema: id }) producerId: string,
    @Body({ schema: packingTicks }) body: Omit<In<'recordPacking'>, 'producerId'>,
    @IdempotencyKey() idempotencyKey: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(packingRpc.recordPacking, { producerId, ...body }, context, { idempotencyKey });
  }
}
