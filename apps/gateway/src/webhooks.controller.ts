import {
  changeWebhookBody,
  createWebhookBody,
  deliveriesQuery,
  id,
  replayBody,
  webhooksQuery,
  webhooksRpc,
  type CallContext,
  type RpcInput,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, CallerContext } from './http.decorators.js';

type In<K extends keyof typeof webhooksRpc> = RpcInput<(typeof webhooksRpc)[K]>;

@ApiTags('webhooks')
@Controller('api/webhooks')
export class WebhookController {
  constructor(private readonly rpc: RpcClient) {}

  @Get()
  @Answers(webhooksRpc.listWebhooks)
  list(@Query({ schema: webhooksQuery }) query: In<'listWebhooks'>, @CallerContext() context: CallContext) {
    return this.rpc.call(webhooksRpc.listWebhooks, query, context);
  }

  @Post()
  @Answers(webhooksRpc.createWebhook, { status: 201 })
  create(
    @Body({ schema: createWebhookBody }) body: In<'createWebhook'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(webhooksRpc.createWebhook, body, context);
  }

  @Get(':webhookId')
  @Answers(webhooksRpc.getWebhook)
  get(@Param('webhookId', { schema: id }) webhookId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(webhooksRpc.getWebhook, { webhookId }, context);
  }

  @Patch(':webhookId')
  @Answers(webhooksRpc.changeWebhook)
  change(
    @Param('webhookId', { schema: id }) webhookId: string,
    @Body({ schema: changeWebhookBody }) body: Omit<In<'changeWebhook'>, 'webhookId'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(webhooksRpc.changeWebhook, { webhookId, ...body }, context);
  }

  @Delete(':webhookId')
  @Answers(webhooksRpc.removeWebhook)
  remove(@Param('webhookId', { schema: id }) webhookId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(webhooksRpc.removeWebhook, { webhookId }, context);
  }

  @Post(':webhookId/secret')
  @Answers(webhooksRpc.rotateWebhookSecret, { status: 201 })
  rotateSecret(@Param('webhookId', { schema: id }) webhookId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(webhooksRpc.rotateWebhookSecret, { webhookId }, context);
  }

  @Post(':webhookId/test')
  @Answers(webhooksRpc.testWebhook, { status: 201 })
  test(@Param('webhookId', { schema: id }) webhookId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(webhooksRpc.testWebhook, { webhookId }, context);
  }

  @Post(':webhookId/replay')
  @HttpCode(200)
  @Answers(webhooksRpc.replayWebhook)
  replaySince(
    @Param('webhookId', { schema: id }) webhookId: string,
    @Body({ schema: replayBody }) body: Omit<In<'replayWebhook'>, 'webhookId'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(webhooksRpc.replayWebhook, { webhookId, ...body }, context);
  }

  @Get(':webhookId/deliveries')
  @Answers(webhooksRpc.listWebhookDeliveries)
  deliveries(
    @Param('webhookId', { schema: id }) webhookId: string,
    @Query({ schema: deliveriesQuery }) query: Omit<In<'listWebhookDeliveries'>, 'webhookId'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(webhooksRpc.listWebhookDeliveries, { webhookId, ...query }, context);
  }

  @Get(':webhookId/deliveries/:deliveryId')
  @Answers(webhooksRpc.getWebhookDelivery)
  delivery(
    @Param('webhookId', { schema: id }) webhookId: string,
    @Param('deliveryId', { schema: id }) deliveryId: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(webhooksRpc.getWebhookDelivery, { webhookId, deliveryId }, context);
  }

  @Post(':webhookId/deliveries/:deliveryId/replay')
  @HttpCode(200)
  @Answers(webhooksRpc.replayWebhookDelivery)
  replay(
    @Param('webhookId', { schema: id }) webhookId: string,
    @Param('deliveryId', { schema: id }) deliveryId: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(webhooksRpc.replayWebhookDelivery, { webhookId, deliveryId }, context);
  }
}
