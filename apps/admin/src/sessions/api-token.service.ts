import { randomBytes } from 'node:crypto';
import {
  adminRpc,
  DomainError,
  noInstance,
  requirePerson,
  type CallContext,
  type PersonCaller,
  type RpcInput,
} from '@foodshed/contracts';
import { Clock, Database, newId, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { record } from '../audit/audit.store.js';
import { idAfter, pageFrom } from '../pages.rules.js';
import { deleteApiToken, insertApiToken, listApiTokens, type ApiTokenRow } from './api-token.store.js';
import { CallerChanges } from './caller-changes.service.js';
import { secretHash } from './session.store.js';

const DAY_MS = 86_400_000;

/** Tokens for programs: each acts as its person, in one instance, until it expires or is revoked. */
@Injectable()
export class ApiTokenService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly callers: CallerChanges,
  ) {}

  async create({ name, expiresInDays }: RpcInput<typeof adminRpc.createApiToken>, context: CallContext) {
    const caller = requirePerson(context);
    const owner = ownerOf(caller);
    if (owner.instanceId === noInstance.id) {
      throw new DomainError('invalid-state', { detail: 'Choose an instance first; a token acts in one.' });
    }
    const at = this.clock.now();
    const token = `fs_${randomBytes(32).toString('base64url')}`;
    const apiTokenId = newId();
    const expiresAt = new Date(at.getTime() + expiresInDays * DAY_MS);
    const rows = await this.database.transaction(owner.instanceId, async (tx) => {
      await record(tx, auditOf(caller, 'api-token-created', apiTokenId, at));
      return insertApiToken(tx, { ...owner, apiTokenId, tokenHash: secretHash(token), name, at, expiresAt });
    });
    return { ...viewOf(rows[0] as ApiTokenRow), token };
  }

  async list(page: { cursor?: string; limit: number }, context: CallContext) {
    const owner = ownerOf(requirePerson(context));
    const before = idAfter(page.cursor);
    const rows = await this.database.transaction(owner.instanceId, (tx) =>
      listApiTokens(tx, { ...owner, before, limit: page.limit + 1 }),
    );
    const { items, nextCursor } = pageFrom(rows, page.limit, (row) => row.api_token_id);
    return { items: items.map(viewOf), nextCursor };
  }

  async revoke(apiTokenId: string, context: CallContext): Promise<Record<string, never>> {
    const caller = requirePerson(context);
    const owner = ownerOf(caller);
    await this.database.transaction(owner.instanceId, async (tx: Tx) => {
      if (!(await deleteApiToken(tx, { ...owner, apiTokenId }))) {
        throw new DomainError('not-found', { detail: 'You have no such token.' });
      }
      await record(tx, auditOf(caller, 'api-token-revoked', apiTokenId, this.clock.now()));
    });
    this.callers.tell(owner.personId);
    return {};
  }
}

function ownerOf(caller: PersonCaller) {
  return { instanceId: caller.instance.id, personId: caller.personId };
}

function auditOf(caller: PersonCaller, action: string, objectId: string, at: Date) {
  const { instanceId, personId: actorId } = ownerOf(caller);
  return { instanceId, at, actorId, action, objectKind: 'api-token' as const, objectId };
}

function viewOf(row: ApiTokenRow) {
  return {
    apiTokenId: row.api_token_id,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
