import {
  DomainError,
  hasRole,
  managesEnterprise,
  MOST_WEBHOOKS,
  noInstance,
  requirePerson,
  type CallContext,
  type PersonCaller,
  type RpcInput,
  type webhooksRpc,
  type WebhookView,
} from '@foodshed/contracts';
import { afterCommit, Clock, Database, newId, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { record } from '../audit/audit.store.js';
import { OVERLAP_MS } from './delivery.rules.js';
import { WebhookSecrets } from './secret.service.js';
import { WebhookSending } from './sending.service.js';
import { WebhookTargets } from './target.service.js';
import {
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  replaceSecret,
  updateWebhook,
  webhookViewOf,
  type WebhookRow,
} from './webhook.store.js';

type In<K extends keyof typeof webhooksRpc> = RpcInput<(typeof webhooksRpc)[K]>;

/** @throws forbidden unless the person may speak for the enterprise, or for the instance where none is named */
function requireOwner(caller: PersonCaller, enterpriseId: string | null): void {
  if (enterpriseId === null ? hasRole(caller, 'steward') : managesEnterprise(caller, enterpriseId)) return;
  const whose = enterpriseId === null ? 'Only stewards' : 'Only the managers of the enterprise';
  throw new DomainError('forbidden', { detail: `${whose} may have webhooks for it.` });
}

/** The caller's webhook. @throws not-found when the instance has no such webhook, forbidden when it is another's */
export async function requireWebhook(
  tx: Tx,
  webhookId: string,
  { caller, forUpdate }: { caller: PersonCaller; forUpdate?: boolean },
): Promise<WebhookRow> {
  const row = await findWebhook(tx, webhookId, { forUpdate });
  if (!row) throw new DomainError('not-found', { detail: 'There is no such webhook.' });
  requireOwner(caller, row.enterprise_id);
  return row;
}

/** The webhooks of an instance and of its enterprises. */
@Injectable()
export class WebhookService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly targets: WebhookTargets,
    private readonly secrets: WebhookSecrets,
    private readonly sending: WebhookSending,
  ) {}

  async create(input: In<'createWebhook'>, context: CallContext) {
    const caller = requirePerson(context);
    const { enterpriseId = null, url, description, types } = input;
    requireOwner(caller, enterpriseId);
    if (caller.instance.id === noInstance.id) {
      throw new DomainError('invalid-state', { detail: 'Choose an instance first; a webhook tells of one.' });
    }
    this.targets.requireUrl(url);
    const secret = this.secrets.make();
    return this.database.transaction(caller.instance.id, async (tx) => {
      const at = this.clock.now();
      const webhookId = newId();
      const sealed = this.secrets.seal(secret, webhookId);
      const origin = { instanceId: caller.instance.id, createdBy: caller.personId, at };
      const webhook = { ...origin, webhookId, enterpriseId, url, description, types, secret: sealed };
      const row = await insertWebhook(tx, webhook, MOST_WEBHOOKS);
      if (!row) {
        throw new DomainError('limit-exceeded', {
          detail: `There are ${MOST_WEBHOOKS} webhooks already; remove one first.`,
        });
      }
      await this.#audit(tx, caller, 'webhook-created', webhookId);
      return { ...webhookViewOf(row, at), secret };
    });
  }

  async list({ enterpriseId = null }: { enterpriseId?: string | null }, context: CallContext) {
    const caller = requirePerson(context);
    requireOwner(caller, enterpriseId);
    const rows = await this.database.transaction(caller.instance.id, (tx) => listWebhooks(tx, enterpriseId));
    return { items: rows.map((row) => webhookViewOf(row, this.clock.now())) };
  }

  get(webhookId: string, context: CallContext): Promise<WebhookView> {
    return this.#with(webhookId, context, async (_tx, row) => row);
  }

  async change({ webhookId, ...change }: In<'changeWebhook'>, context: CallContext): Promise<WebhookView> {
    if (change.url !== undefined) this.targets.requireUrl(change.url);
    return this.#with(webhookId, context, async (tx, row, caller) => {
      await updateWebhook(tx, webhookId, { ...change, at: this.clock.now() });
      await this.#audit(tx, caller, 'webhook-changed', webhookId);
      if (change.state === 'active') afterCommit(tx, () => this.sending.wake());
      return (await findWebhook(tx, webhookId)) ?? row;
    });
  }

  async remove(webhookId: string, context: CallContext): Promise<Record<string, never>> {
    await this.#with(webhookId, context, async (tx, row, caller) => {
      await deleteWebhook(tx, webhookId);
      await this.#audit(tx, caller, 'webhook-removed', webhookId);
      return row;
    });
    return {};
  }

  async rotateSecret(webhookId: string, context: CallContext) {
    const secret = this.secrets.make();
    const view = await this.#with(webhookId, context, async (tx, row, caller) => {
      const now = this.clock.now();
      const until = new Date(now.getTime() + OVERLAP_MS);
      await replaceSecret(tx, webhookId, { secret: this.secrets.seal(secret, webhookId), now, until });
      await this.#audit(tx, caller, 'webhook-secret-rotated', webhookId);
      return (await findWebhook(tx, webhookId)) ?? row;
    });
    return { ...view, secret };
  }

  async #with(
    webhookId: string,
    context: CallContext,
    work: (tx: Tx, row: WebhookRow, caller: PersonCaller) => Promise<WebhookRow>,
  ): Promise<WebhookView> {
    const caller = requirePerson(context);
    return this.database.transaction(caller.instance.id, async (tx) => {
      const row = await requireWebhook(tx, webhookId, { caller, forUpdate: true });
      return webhookViewOf(await work(tx, row, caller), this.clock.now());
    });
  }

  #audit(tx: Tx, caller: PersonCaller, action: string, objectId: string): Promise<void> {
    const { instance, personId: actorId } = caller;
    const at = this.clock.now();
    return record(tx, { instanceId: instance.id, at, actorId, action, objectKind: 'webhook', objectId });
  }
}
