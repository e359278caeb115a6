import {
  commissionEvents,
  commissionRpc,
  DomainError,
  hasRole,
  type CallContext,
  type ModelApprovals,
  type NetworkModelSummary,
  requireInstance,
  requirePerson,
  type RpcInput,
  type RpcOutput,
} from '@foodshed/contracts';
import { Clock, Database, Outbox, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { awaitedOf, concernsOf, earliestEffect, spokenForBy } from './approval.rules.js';
import { drawModel } from './drawing.rules.js';
import { examplesOf } from './example.rules.js';
import { readModel, soundModel } from './model-text.service.js';
import { functionsOf, modelAt, plainWords } from './model.rules.js';
import {
  type Approval,
  approvalsOf,
  approveModel,
  insertApprovals,
  insertModel,
  listModels,
  lockModels,
  modelOfVersion,
  modelsOf,
  type StoredModel,
} from './model.store.js';
import { netsOf } from './needs.rules.js';
import { valueFlowsOf } from './value-flows.rules.js';
import { worstCases } from './worst-case.rules.js';

type ModelRpc = typeof commissionRpc;

function stateOf(
  model: StoredModel,
  approved: readonly StoredModel[],
  now: string,
): NetworkModelSummary['state'] {
  if (model.approvedAt === null) {
    return approved.some(({ version }) => version > model.version) ? 'overtaken' : 'proposed';
  }
  if (model.version === modelAt(approved, model.instanceId, now)?.version) return 'in-force';
  return Date.parse(model.takesEffectAt) > Date.parse(now) ? 'coming' : 'past';
}

function summaryOf(model: StoredModel, approved: readonly StoredModel[], now: string): NetworkModelSummary {
  const { version, name, takesEffectAt, uploadedAt } = model;
  return { version, name, takesEffectAt, uploadedAt, state: stateOf(model, approved, now) };
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
    const { model, problems } = soundModel(input.source, currency);
    return this.database.transaction(instanceId, async (tx) => {
      await lockModels(tx, instanceId);
      const now = this.clock.now().toISOString();
      const approved = await modelsOf(tx, [instanceId]);
      const [latest] = await listModels(tx, instanceId, { before: undefined, limit: 1 });
      const earliest = earliestEffect(now, approved[0]);
      const takesEffectAt = new Date(input.takesEffectAt ?? earliest).toISOString();
      const isSameTime = input.takesEffectAt === undefined || takesEffectAt === latest?.takesEffectAt;
      if (latest?.source === input.source && isSameTime) {
        return { ...summaryOf(latest, approved, now), warnings: problems };
      }
      if (takesEffectAt < earliest) throw tooEarly(takesEffectAt, { now, earliest, latest: approved[0] });
      const stored = {
        instanceId,
        version: (latest?.version ?? 0) + 1,
        name: model.name,
        source: input.source,
        model,
        takesEffectAt,
        uploadedAt: now,
        approvedAt: null,
      };
      await insertModel(tx, { ...stored, uploadedBy: personId });
      const proposed = await this.#approve(tx, { model: stored, approved, now }, context);
      const all = proposed.approvedAt === null ? approved : [proposed, ...approved];
      return { ...summaryOf(proposed, all, now), warnings: problems };
    });
  }

  /** Repeated, or when the version is approved already, it changes nothing. */
  async approve(
    { version }: RpcInput<ModelRpc['approveModel']>,
    context: CallContext,
  ): Promise<RpcOutput<ModelRpc['approveModel']>> {
    const { id: instanceId } = requireInstance(context);
    return this.database.transaction(instanceId, async (tx) => {
      await lockModels(tx, instanceId);
      const now = this.clock.now().toISOString();
      const approved = await modelsOf(tx, [instanceId]);
      const model = await modelOfVersion(tx, instanceId, version);
      if (!model) throw noSuchVersion();
      const before = approved.find((other) => other.version < version);
      const concerns = concernsOf(model.model, before?.model);
      if (spokenForBy(speakerOf(context), concerns, before?.model ?? model.model).length === 0) {
        throw new DomainError('forbidden', {
          detail: 'Only those who speak for the stewards concerned may approve a network model.',
        });
      }
      if (stateOf(model, approved, now) === 'overtaken') {
        throw new DomainError('invalid-state', {
          detail: 'A later version was approved before this one; propose it again.',
        });
      }
      if (model.approvedAt !== null) return summaryOf(model, approved, now);
      const proposed = await this.#approve(tx, { model, approved, now }, context);
      const all = proposed.approvedAt === null ? approved : [proposed, ...approved];
      return summaryOf(proposed, all, now);
    });
  }

  /** Keeps the caller's approvals; with the last one awaited the version is approved, and everybody is told. */
  async #approve(
    tx: Tx,
    { model, approved, now }: { model: StoredModel; approved: readonly StoredModel[]; now: string },
    context: CallContext,
  ): Promise<StoredModel> {
    const { instanceId, version } = model;
    const [before] = approved;
    const concerns = concernsOf(model.model, before?.model);
    const stewards = spokenForBy(speakerOf(context), concerns, before?.model ?? model.model);
    const { personId } = requirePerson(context);
    await insertApprovals(
      tx,
      model,
      stewards.map((steward) => ({ steward, personId, approvedAt: now })),
    );
    const given = await approvalsOf(tx, instanceId, version);
    const names = given.map(({ steward }) => steward);
    if (awaitedOf(concerns, names).length > 0) return model;
    const earliest = earliestEffect(now, before);
    const takesEffectAt = model.takesEffectAt > earliest ? model.takesEffectAt : earliest;
    await approveModel(tx, { instanceId, version, approvedAt: now, takesEffectAt });
    await this.outbox.add(tx, [
      { event: commissionEvents.modelChanged, instanceId, data: { version, takesEffectAt, changedAt: now } },
    ]);
    return { ...model, approvedAt: now, takesEffectAt };
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
    return this.database.transaction(instanceId, async (tx) => {
      const approved = await modelsOf(tx, [instanceId]);
      const model =
        input.version === undefined
          ? modelAt(approved, instanceId, now)
          : await modelOfVersion(tx, instanceId, input.version);
      if (!model) throw noSuchVersion();
      const given = await approvalsOf(tx, instanceId, model.version);
      return {
        ...summaryOf(model, approved, now),
        source: model.source,
        plainWords: plainWords(model.model),
        drawing: drawModel(model.model),
        functions: functionsOf(model.model, model.source),
        examples: examplesOf({ model: model.model, currency }),
        approvals: approvalsView({ model, approved, given }, context),
      };
    });
  }

  async export(
    { version }: RpcInput<ModelRpc['exportModel']>,
    context: CallContext,
  ): Promise<RpcOutput<ModelRpc['exportModel']>> {
    const { id: instanceId } = requireInstance(context);
    const model = await this.database.transaction(instanceId, (tx) =>
      modelOfVersion(tx, instanceId, version),
    );
    if (!model) throw noSuchVersion();
    return valueFlowsOf(model.model);
  }
}

const noSuchVersion = (): DomainError =>
  new DomainError('not-found', { detail: 'There is no such version of the network model.' });

const speakerOf = ({ caller }: CallContext): { personId: string; isSteward: boolean } => ({
  personId: caller.kind === 'person' ? caller.personId : '',
  isSteward: hasRole(caller, 'steward'),
});

/** Who approved, who has to, and whether the caller may. */
function approvalsView(
  of: { model: StoredModel; approved: readonly StoredModel[]; given: readonly Approval[] },
  context: CallContext,
): ModelApprovals {
  const { model, approved, given } = of;
  const before = approved.find((other) => other.version < model.version);
  const isOpen = model.approvedAt === null && !approved.some(({ version }) => version > model.version);
  const names = given.map(({ steward }) => steward);
  const awaited = isOpen ? awaitedOf(concernsOf(model.model, before?.model), names) : [];
  const speaker = speakerOf(context);
  return {
    given: given.map((each) => ({ ...each, personId: speaker.isSteward ? each.personId : null })),
    awaited,
    mayApprove: spokenForBy(speaker, awaited, before?.model ?? model.model).length > 0,
    noticeDays: before?.model.approval?.noticeDays ?? 0,
  };
}

/** Why a version cannot take effect when it was asked to. */
function tooEarly(
  takesEffectAt: string,
  { now, earliest, latest }: { now: string; earliest: string; latest: StoredModel | undefined },
): DomainError {
  const message =
    takesEffectAt < now
      ? 'must not be in the past: a model never changes what was ordered before it'
      : latest && takesEffectAt < latest.takesEffectAt
        ? `must not be before version ${latest.version} takes effect, at ${latest.takesEffectAt}`
        : `must leave the notice that the present version promises: ${earliest} at the earliest`;
  return new DomainError('invalid-input', {
    detail: `takesEffectAt ${message}.`,
    fields: [{ path: 'takesEffectAt', message }],
  });
}
