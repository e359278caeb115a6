import { z } from 'zod';
import { defineRpc } from './define.js';
import { done, id, instant, pageInput, pageOf, textOf } from './primitives.js';
import { publicEventTypes, subscribableTypes, type PublicEventType } from './public-events.js';

/** How many webhooks the instance, or one enterprise, may have. */
export const MOST_WEBHOOKS = 10;

const subscribable = z.enum(subscribableTypes as [PublicEventType, ...PublicEventType[]]);
const target = {
  /** Where it is told: https, a public address, no user name or password, port 443 or 8443. */
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  description: textOf(200, 0),
  types: z
    .array(subscribable)
    .min(1)
    .max(subscribableTypes.length)
    .refine((types) => new Set(types).size === types.length, { error: 'must name each type once' }),
};

/** `active`: it is told; `paused` by people; `failing`: the system stopped telling it. In both, what happens waits. */
export const webhookState = z.enum(['active', 'paused', 'failing']);
export type WebhookState = z.output<typeof webhookState>;

export const webhookView = z.object({
  webhookId: id,
  /** Null for a webhook of the instance. */
  enterpriseId: id.nullable(),
  url: z.string(),
  description: z.string(),
  types: z.array(z.string()),
  state: webhookState,
  /** Why the system stopped: `gave-up` after the last try of a delivery, `gone` when the receiver answered 410. */
  failingBecause: z.enum(['gave-up', 'gone']).nullable(),
  stateChangedAt: instant,
  createdAt: instant,
  lastDeliveredAt: instant.nullable(),
  /** Until then the secret before the present one signs too. */
  previousSecretUntil: instant.nullable(),
  /** Deliveries that wait to be tried, the first time or again. */
  waiting: z.int().min(0),
});
export type WebhookView = z.output<typeof webhookView>;

const withSecret = webhookView.extend({
  /** `whsec_…`, shown here and never again. */
  secret: z.string(),
});

export const deliveryState = z.enum(['waiting', 'delivered', 'failed']);
export type DeliveryState = z.output<typeof deliveryState>;

/** Why the last try did not deliver. Nothing that the receiver wrote is among it. */
export const deliveryReason = z.enum([
  'refused-status',
  'redirected',
  'timed-out',
  'not-reachable',
  'name-not-found',
  'address-not-allowed',
  'certificate-refused',
  'secret-unreadable',
  'too-large',
]);
export type DeliveryReason = z.output<typeof deliveryReason>;

export const webhookDelivery = z.object({
  deliveryId: id,
  /** The `webhook-id` header: the same at each try and replay, so that receivers know what they had. */
  messageId: z.string(),
  type: z.enum(publicEventTypes as [PublicEventType, ...PublicEventType[]]),
  occurredAt: instant,
  state: deliveryState,
  /** Since it was last queued. */
  tries: z.int().min(0),
  lastTryAt: instant.nullable(),
  /** Null when it is done, and while its webhook is not active. */
  nextTryAt: instant.nullable(),
  status: z.int().nullable(),
  reason: deliveryReason.nullable(),
  tookMs: z.int().min(0).nullable(),
});
export type WebhookDelivery = z.output<typeof webhookDelivery>;

export const createWebhookBody = z.strictObject({
  ...target,
  description: target.description.default(''),
  /** The enterprise whose events it tells, for its managers; without it the instance's, for its stewards. */
  enterpriseId: id.optional(),
});
export const changeWebhookBody = z.strictObject({
  url: target.url.optional(),
  description: target.description.optional(),
  types: target.types.optional(),
  /** `active` also ends `failing`: what waited is then told. */
  state: webhookState.exclude(['failing']).optional(),
});
export const webhooksQuery = z.strictObject({ enterpriseId: id.optional() });
export const deliveriesQuery = z.strictObject({ ...pageInput, state: deliveryState.optional() });
export const replayBody = z.strictObject({
  /** Everything that happened from then on is told again. */
  since: instant,
  /** Only what was not delivered. */
  onlyFailed: z.boolean().default(false),
});

const ofWebhook = { webhookId: id };

/** For stewards, of webhooks of the instance; for an enterprise's managers, of those of the enterprise. */
export const webhooksRpc = {
  createWebhook: defineRpc({
    service: 'admin',
    name: 'create-webhook',
    input: createWebhookBody,
    output: withSecret,
    callers: ['person'],
  }),
  listWebhooks: defineRpc({
    service: 'admin',
    name: 'list-webhooks',
    input: webhooksQuery,
    output: z.object({ items: z.array(webhookView) }),
    callers: ['person'],
  }),
  getWebhook: defineRpc({
    service: 'admin',
    name: 'get-webhook',
    input: z.strictObject(ofWebhook),
    output: webhookView,
    callers: ['person'],
  }),
  changeWebhook: defineRpc({
    service: 'admin',
    name: 'change-webhook',
    input: changeWebhookBody.extend(ofWebhook),
    output: webhookView,
    callers: ['person'],
  }),
  /** With its deliveries; what waits is not told any more. */
  removeWebhook: defineRpc({
    service: 'admin',
    name: 'remove-webhook',
    input: z.strictObject(ofWebhook),
    output: done,
    callers: ['person'],
  }),
  /** A new secret; for a day both sign. */
  rotateWebhookSecret: defineRpc({
    service: 'admin',
    name: 'rotate-webhook-secret',
    input: z.strictObject(ofWebhook),
    output: withSecret,
    callers: ['person'],
  }),
  /** Queues a `webhook.test`, whatever the webhook subscribes to. @throws invalid-state unless it is active */
  testWebhook: defineRpc({
    service: 'admin',
    name: 'test-webhook',
    input: z.strictObject(ofWebhook),
    output: webhookDelivery,
    callers: ['person'],
  }),
  /** Newest first. They are kept for 30 days. */
  listWebhookDeliveries: defineRpc({
    service: 'admin',
    name: 'list-webhook-deliveries',
    input: deliveriesQuery.extend(ofWebhook),
    output: pageOf(webhookDelivery),
    callers: ['person'],
  }),
  /** With the body that is sent, byte for byte. */
  getWebhookDelivery: defineRpc({
    service: 'admin',
    name: 'get-webhook-delivery',
    input: z.strictObject({ ...ofWebhook, deliveryId: id }),
    output: webhookDelivery.extend({ payload: z.string() }),
    callers: ['person'],
  }),
  /** Tells it once more, under the same `webhook-id`. */
  replayWebhookDelivery: defineRpc({
    service: 'admin',
    name: 'replay-webhook-delivery',
    input: z.strictObject({ ...ofWebhook, deliveryId: id }),
    output: webhookDelivery,
    callers: ['person'],
  }),
  replayWebhook: defineRpc({
    service: 'admin',
    name: 'replay-webhook',
    input: replayBody.extend(ofWebhook),
    output: z.object({ queued: z.int().min(0) }),
    callers: ['person'],
  }),
};
