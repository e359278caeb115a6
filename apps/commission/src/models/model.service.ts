import {
  commissionEvents,
  commissionRpc,
  DomainError,
  type CallContext,
  type NetworkModelSummary,
  requireInstance,
  requirePerson,
  type RpcInput,
  type RpcOutput,
} from '@foodshed/contracts';
import { Clock, Database, Outbox } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { drawModel } from './drawing.rules.js';
import { examplesOf } from './example.rules.js';
import { readModel } from './model-text.service.js';
import { functionsOf, modelAt, plainWords } from './model.rules.js';
import { insertModel, listModels, lockModels, modelsOf, type StoredModel } from './model.store.js';
import { netsOf } from './needs.rules.js';
import { worstCases } from './worst-case.rules.js';

type ModelRpc = typeof commissionRpc;

function summaryOf(model: StoredModel, all: readonly StoredModel[], now: string): NetworkModelSummary {
  const inForce = modelAt(all, model.instanceId, now)?.version;
  const { version, name, takesEffectAt, uploadedAt } = model;
  const isComing = Date.parse(takesEffectAt) > Date.parse(now);
  const state = version === inForce ? 'in-force' : isComing ? 'coming' : 'past';
  return { version, name, takesEffectAt, uploadedAt, state };
}

/** The versions of an instance's network model: checked when uploaded, in force from their time on. */
@Injectable()
export class ModelService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Checks a text without keeping it. */
  check(source: string, context: CallContext): RpcOutput<ModelRpc['checkModel']> {
    const { currency } = requireInstance(context);
    const { model, problems } = readModel(source, currency);
    const isSound = problems.every((problem) => problem.severity !== 'error');
    const nets = model ? netsOf(model, currency) : [];
    if (!model || !isSound) {
      return { isSound: false, problems, plainWords: [], drawing: null, nets, worstCases: [] };
    }
    return {
      isSound,
      problems,
      plainWords: plainWords(model),
      drawing: drawModel(model),
      nets,
      worstCases: worstCases(model, currency),
    };
  }

  /**
   * The text of the latest version again answers that version, so that a repeated request adds none.
   * @throws model-invalid with every problem; invalid-input when it would take effect in the past or out of turn
   */
  async upload(
    input: RpcInput<ModelRpc['uploadModel']>,
    context: CallContext,
  ): Promise<RpcOutput<ModelRpc['uploadModel']>> {
    const { id: instanceId, currency } = requireInstance(context);
    const { personId } = requirePerson(context);
    const { model, problems } = readModel(input.source, currency);
    if (!model || problems.some((problem) => problem.severity === 'error')) {
      throw new DomainError('model-invalid', {
        detail: 'The model was not accepted; each problem names its line and the mend.',
        fields: problems.map(({ line, path, message }) => ({ path: `line ${line}: ${path}`, message })),
      });
    }
    return this.database.transaction(instanceId, async (tx) => {
      await lockModels(tx, instanceId);
      const now = this.clock.now().toISOString();
      const present = await modelsOf(tx, [instanceId]);
      const takesEffectAt = new Date(input.takesEffectAt ?? now).toISOString();
      const latest = present[0];
      const isSameTime = input.takesEffectAt === undefined || takesEffectAt === latest?.takesEffectAt;
      if (latest?.source === input.source && isSameTime) {
        return { ...summaryOf(latest, present, now), warnings: problems };
      }
      if (takesEffectAt < now || (latest && takesEffectAt < latest.takesEffectAt)) {
        const message =
          latest && takesEffectAt < latest.takesEffectAt
            ? `must not be before version ${latest.version} takes effect, at ${latest.takesEffectAt}`
            : 'must not be in the past: a model never changes what was ordered before it';
        throw new DomainError('invalid-input', {
          detail: `takesEffectAt ${message}.`,
          fields: [{ path: 'takesEffectAt', message }],
        });
      }
      const stored = {
        instanceId,
        version: (latest?.version ?? 0) + 1,
        name: model.name,
        source: input.source,
        model,
        takesEffectAt,
        uploadedAt: now,
      };
      await insertModel(tx, { ...stored, uploadedBy: personId });
      await this.outbox.add(tx, [
        {
          event: commissionEvents.modelChanged,
          instanceId,
          data: { version: stored.version, takesEffectAt, changedAt: now },
        },
      ]);
      return { ...summaryOf(stored, [stored, ...present], now), warnings: problems };
    });
  }

  async list(
    input: RpcInput<ModelRpc['listModels']>,
    context: CallContext,
  ): Promise<RpcOutput<ModelRpc['listModels']>> {
    const { id: instanceId } = requireInstance(context);
    const before = input.cursor === undefined ? undefined : Number(input.cursor);
    if (before !== undefined && !(Number.isInteger(before) && before > 0 && before < 2 ** 31)) {
      const fields = [{ path: 'cursor', message: 'must be the nextCursor of another page' }];
      throw new DomainError('invalid-input', { detail: 'The cursor is not one that was given out.', fields });
    }
    const now = this.clock.now().toISOString();
    return this.database.transaction(instanceId, async (tx) => {
      const all = await modelsOf(tx, [instanceId]);
      const page = await listModels(tx, instanceId, { before, limit: input.limit + 1 });
      const items = page.slice(0, input.limit).map((model) => summaryOf(model, all, now));
      return { items, nextCursor: page.length > input.limit ? String(items.at(-1)!.version) : null };
    });
  }

  async get(
    input: RpcInput<ModelRpc['getModel']>,
    context: CallContext,
  ): Promise<RpcOutput<ModelRpc['getModel']>> {
    const { id: instanceId, currency } = requireInstance(context);
    const now = this.clock.now().toISOString();
    const all = await this.database.transaction(instanceId, (tx) => modelsOf(tx, [instanceId]));
    const model =
      input.version === undefined
        ? modelAt(all, instanceId, now)
        : all.find((candidate) => candidate.version === input.version);
    if (!model)
      throw new DomainError('not-found', { detail: 'There is no such version of the network model.' });
    return {
      ...summaryOf(model, all, now),
      source: model.source,
      plainWords: plainWords(model.model),
      drawing: drawModel(model.model),
      functions: functionsOf(model.model, model.source),
      examples: examplesOf({ model: model.model, currency }),
    };
  }
}
