import { webhooksRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { DeliveryService } from './delivery.service.js';
import { WebhookService } from './webhook.service.js';

type In<K extends keyof typeof webhooksRpc> = RpcInput<(typeof webhooksRpc)[K]>;
type Out<K extends keyof typeof webhooksRpc> = Promise<RpcOutput<(typeof webhooksRpc)[K]>>;

@Controller()
export class WebhookController {
  constructor(
    private readonly webhooks: WebhookService,
    private readonly deliveries: DeliveryService,
  ) {}

  @Rpc(webhooksRpc.createWebhook)
  create(input: In<'createWebhook'>, context: CallContext): Out<'createWebhook'> {
    return this.webhooks.create(input, context);
  }

  @Rpc(webhooksRpc.listWebhooks)
  list(input: In<'listWebhooks'>, context: CallContext): Out<'listWebhooks'> {
    return this.webhooks.list(input, context);
  }

  @Rpc(webhooksRpc.getWebhook)
  get(input: In<'getWebhook'>, context: CallContext): Out<'getWebhook'> {
    return this.webhooks.get(input.webhookId, context);
  }

  @Rpc(webhooksRpc.changeWebhook)
  change(input: In<'changeWebhook'>, context: CallContext): Out<'changeWebhook'> {
    return this.webhooks.change(input, context);
  }

  @Rpc(webhooksRpc.removeWebhook)
  remove(input: In<'removeWebhook'>, context: CallContext): Out<'removeWebhook'> {
    return this.webhooks.remove(input.webhookId, context);
  }

  @Rpc(webhooksRpc.rotateWebhookSecret)
  rotateSecret(input: In<'rotateWebhookSecret'>, context: CallContext): Out<'rotateWebhookSecret'> {
    return this.webhooks.rotateSecret(input.webhookId, context);
  }

  @Rpc(webhooksRpc.testWebhook)
  test(input: In<'testWebhook'>, context: CallContext): Out<'testWebhook'> {
    return this.deliveries.test(input.webhookId, context);
  }

  @Rpc(webhooksRpc.listWebhookDeliveries)
  listDeliveries(input: In<'listWebhookDeliveries'>, context: CallContext): Out<'listWebhookDeliveries'> {
    return this.deliveries.list(input, context);
  }

  @Rpc(webhooksRpc.getWebhookDelivery)
  getDelivery(input: In<'getWebhookDelivery'>, context: CallContext): Out<'getWebhookDelivery'> {
    return this.deliveries.get(input, context);
  }

  @Rpc(webhooksRpc.replayWebhookDelivery)
  replay(input: In<'replayWebhookDelivery'>, context: CallContext): Out<'replayWebhookDelivery'> {
    return this.deliveries.replay(input, context);
  }

  @Rpc(webhooksRpc.replayWebhook)
  replaySince(input: In<'replayWebhook'>, context: CallContext): Out<'replayWebhook'> {
    return this.deliveries.replaySince(input, context);
  }
}
