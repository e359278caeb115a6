import { Injectable } from '@nestjs/common';
import {
  requireInstance,
  type CallContext,
  type Order,
  type RpcInput,
  type ordersRpc,
} from '@foodshed/contracts';
import { bodyHash, currentRequest } from '@foodshed/platform';
import { PaymentBatchService } from './payment-batch.service.js';
import { callerKey, requireKey } from './placing.service.js';

/** Payments that a hub's managers record: each is a capture that names who holds the money. */
@Injectable()
export class PaymentsService {
  constructor(private readonly batch: PaymentBatchService) {}

  /** @throws forbidden, not-found, invalid-state for an order that has ended. */
  async recordPayment(input: RpcInput<typeof ordersRpc.recordPayment>, context: CallContext): Promise<Order> {
    const { id: instanceId } = requireInstance(context);
    const key = requireKey(context);
    const caller = callerKey(context);
    return this.batch.record({
      input,
      instanceId,
      context,
      orderId: input.orderId,
      caller,
      key,
      bodyHash: bodyHash(input),
      request: currentRequest(),
    });
  }
}
