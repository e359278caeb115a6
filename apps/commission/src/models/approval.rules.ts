import { dividedFunction, isOfPlatform, type NetworkModel } from '@foodshed/contracts';

/** A function that a new version concerns, and its stewards, of whom one has to approve. */
export interface Concern {
  functionId: string;
  stewards: string[];
}

const textOf = (value: unknown): string => JSON.stringify(value, sortedKeys);

/** Postgres gives back the keys of an object in another order. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What a model says of a function: its words, the flows from and to it, and the shares that pay it. */
function saidOf(model: NetworkModel, functionId: string): string {
  const shares = model.splits['paid-sale'].shares;
  const isDivided = functionId === dividedFunction(model);
  return textOf([
    model.functions[functionId],
    model.flows.filter(({ from, to }) => from === functionId || to === functionId),
    isDivided ? model.splits['paid-sale'] : shares.filter((share) => share.function === functionId),
    isDivided || shares.some((share) => share.function === functionId && isOfPlatform(share.payee))
      ? model.limits
      : [],
  ]);
}

/**
 * The functions that `next` concerns, compared with the version approved before: those of which it says something else,
 * and all of them when it changes notice or speakers. A function that is there already is spoken for by its present
 * stewards, so that no version dismisses those who should approve it.
 */
export function concernsOf(next: NetworkModel, present: NetworkModel | undefined): Concern[] {
  const all = [...new Set([...Object.keys(present?.functions ?? {}), ...Object.keys(next.functions)])];
  const isEverybody = !present || textOf(next.approval ?? {}) !== textOf(present.approval ?? {});
  return all
    .filter((functionId) => isEverybody || saidOf(next, functionId) !== saidOf(present, functionId))
    .map((functionId) => ({
      functionId,
      stewards: (present?.functions[functionId] ?? next.functions[functionId])!.stewards,
    }));
}

/** The concerns for which none of the stewards has approved. */
export const awaitedOf = (concerns: readonly Concern[], approved: readonly string[]): Concern[] =>
  concerns.filter(({ stewards }) => !stewards.some((steward) => approved.includes(steward)));

/**
 * The stewards that a person may speak for: those whose speakers name them, and those without speakers for a steward
 * of the instance. The version approved before says who speaks; of the first version, itself.
 */
export function spokenForBy(
  who: { personId: string; isSteward: boolean },
  concerns: readonly Concern[],
  model: NetworkModel,
): string[] {
  const speakers = model.approval?.speakers ?? {};
  return [...new Set(concerns.flatMap(({ stewards }) => stewards))].filter((steward) =>
    Object.hasOwn(speakers, steward) ? speakers[steward]!.includes(who.personId) : who.isSteward,
  );
}

const DAY_MS = 86_400_000;

/** When a version approved at `at` may take effect: after the notice, and not before the version approved before it. */
export function earliestEffect(
  at: string,
  present: { model: NetworkModel; takesEffectAt: string } | undefined,
): string {
  const notice = (present?.model.approval?.noticeDays ?? 0) * DAY_MS;
  const times = [Date.parse(at) + notice, Date.parse(present?.takesEffectAt ?? at)];
  return new Date(Math.max(...times)).toISOString();
}
