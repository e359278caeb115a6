import { DomainError, hubsRpc, noInstance, type SessionView } from '@foodshed/contracts';
import { ALL_INSTANCES, Database, rowsOf, RpcClient, Tokens } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { rolesOf } from '../people/person.store.js';
import type { BearerRow } from './session.store.js';

/** Hubs is asked at most this long; a person signs in without it too. */
const HUBS_TIMEOUT_MS = 1_500;
/** A token that lacks the person's enterprises because hubs was away is renewed this soon. */
const SHORT_LIFETIME_SECONDS = 60;

interface EnterpriseRow {
  enterprise_id: string;
  slug: string;
  name: string;
  is_producer: boolean;
  is_hub: boolean;
}

/** Makes the signed token that says who asks, and what a browser shows of it. */
@Injectable()
export class TokenService {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly tokens: Tokens,
  ) {}

  async tokenFor(bearer: BearerRow) {
    const roles = rolesOf(bearer);
    const managed = await this.#managedBy(bearer);
    const unknown = managed === null ? { enterprisesUnknown: true as const } : {};
    const instance = bearer.instance_id
      ? { id: bearer.instance_id, currency: bearer.currency, timeZone: bearer.time_zone }
      : noInstance;
    const { token, expiresAt } = await this.tokens.issue(
      {
        kind: 'person',
        personId: bearer.person_id,
        instance,
        roles,
        enterpriseIds: managed ?? [],
        ...unknown,
      },
      managed === null ? SHORT_LIFETIME_SECONDS : undefined,
    );
    const session: SessionView = {
      person: { personId: bearer.person_id, displayName: bearer.display_name, email: bearer.email },
      instance: bearer.instance_id
        ? {
            ...instance,
            slug: bearer.slug,
            name: bearer.name,
            locales: bearer.locales,
            description: bearer.description,
          }
        : null,
      roles,
      enterprises: await this.#enterprises(instance.id, managed ?? []),
      ...unknown,
    };
    return { token, tokenExpiresAt: expiresAt.toISOString(), session };
  }

  /** The enterprises the person manages now, as hubs says; null when hubs cannot be asked. */
  async #managedBy(bearer: BearerRow): Promise<string[] | null> {
    if (!bearer.instance_id) return [];
    const input = { instanceId: bearer.instance_id, personId: bearer.person_id };
    const options = { timeoutMs: HUBS_TIMEOUT_MS };
    try {
      const answer = await this.rpc.call(hubsRpc.listManagedEnterprises, input, 'service', options);
      return answer.enterpriseIds;
    } catch (error) {
      const isAway =
        error instanceof DomainError &&
        (error.code === 'dependency-unavailable' || error.code === 'timed-out');
      if (isAway) return null;
      throw error;
    }
  }

  /** Names of the enterprises, from the read model; one whose event is still under way is left out. */
  async #enterprises(instanceId: string, ids: readonly string[]): Promise<SessionView['enterprises']> {
    if (ids.length === 0) return [];
    const rows = await this.database.transaction(ALL_INSTANCES, (tx) =>
      rowsOf<EnterpriseRow>(
        tx,
        `select enterprise_id, slug, name, is_producer, is_hub from enterprises
          where instance_id = $1 and enterprise_id = any($2::uuid[]) order by name, enterprise_id`,
        [instanceId, ids],
      ),
    );
    return rows.map((row) => ({
      enterpriseId: row.enterprise_id,
      slug: row.slug,
      name: row.name,
      isProducer: row.is_producer,
      isHub: row.is_hub,
    }));
  }
}
