export interface DeclaredSchedule {
  readonly name: string;
  readonly everyMs: number;
  readonly method: string;
}

export interface DeclaredHandler {
  readonly name: string;
  readonly method: string;
}

const schedules = new WeakMap<object, DeclaredSchedule[]>();
const handlers = new WeakMap<object, DeclaredHandler[]>();

/** Runs the method `()` every so often, in one of the replicas, also while Redis is away; it must be repeatable. */
export function ScheduledJob(name: string, { everyMs }: { everyMs: number }): MethodDecorator {
  return (target, key) => {
    schedules.set(target, [...(schedules.get(target) ?? []), { name, everyMs, method: String(key) }]);
  };
}

/** Runs the method `(data)` for each job enqueued under the name; it must be repeatable. */
export function JobHandler(name: string): MethodDecorator {
  return (target, key) => {
    handlers.set(target, [...(handlers.get(target) ?? []), { name, method: String(key) }]);
  };
}

/** The provider's schedules, as declared. */
export function schedulesOf(provider: object): readonly DeclaredSchedule[] {
  return schedules.get(Object.getPrototypeOf(provider) as object) ?? [];
}

/** The provider's job handlers, as declared. */
export function handlersOf(provider: object): readonly DeclaredHandler[] {
  return handlers.get(Object.getPrototypeOf(provider) as object) ?? [];
}
