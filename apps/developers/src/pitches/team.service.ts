import {
  adminRpc,
  DomainError,
  hubsRpc,
  type FieldProblem,
  type NewPitch,
  type PersonCaller,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { isOnTeam } from './pitch.rules.js';

/** Looks whether those a new pitch names are there; admin and hubs are asked when one is made, never later. */
@Injectable()
export class TeamService {
  constructor(private readonly rpc: RpcClient) {}

  /** @throws forbidden when the caller is not on the team; invalid-input naming who or what is not there */
  async require({ team, askedInstanceIds }: NewPitch, caller: PersonCaller): Promise<void> {
    if (!isOnTeam(team, caller)) {
      throw new DomainError('forbidden', {
        detail: 'Only somebody of the team may pitch for it.',
        fields: [{ path: 'team', message: 'must have you, or an enterprise you manage' }],
      });
    }
    const known = await this.#known(team, caller);
    const fields: FieldProblem[] = [];
    team.forEach(({ id }, index) => {
      if (!known.has(id)) fields.push({ path: `team.${index}.id`, message: 'is nobody of this network' });
    });
    const instances = await Promise.all(askedInstanceIds.map((id) => this.#hasInstance(id)));
    instances.forEach((isThere, index) => {
      if (!isThere) fields.push({ path: `askedInstanceIds.${index}`, message: 'is no instance' });
    });
    if (fields.length === 0) return;
    throw new DomainError('invalid-input', { detail: 'The pitch names somebody who is not there.', fields });
  }

  async #known(team: NewPitch['team'], { personId, instance }: PersonCaller): Promise<ReadonlySet<string>> {
    const idsOf = (kind: 'person' | 'enterprise'): string[] =>
      team.filter((member) => member.kind === kind).map(({ id }) => id);
    const others = idsOf('person').filter((id) => id !== personId);
    const enterprises = idsOf('enterprise');
    const [people, organisations] = await Promise.all([
      others.length === 0
        ? { items: [] }
        : this.rpc.call(adminRpc.getPeople, { personIds: others, instanceId: instance.id }, 'service'),
      enterprises.length === 0
        ? { items: [] }
        : this.rpc.call(
            hubsRpc.getEnterprises,
            { instanceId: instance.id, enterpriseIds: enterprises },
            'service',
          ),
    ]);
    return new Set([
      personId,
      ...people.items.map((person) => person.personId),
      ...organisations.items.map(({ enterpriseId }) => enterpriseId),
    ]);
  }

  async #hasInstance(instanceId: string): Promise<boolean> {
    try {
      await this.rpc.call(adminRpc.getInstance, { instanceId }, 'service');
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'not-found') return false;
      throw error;
    }
  }
}
