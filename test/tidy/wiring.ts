import { posix } from 'node:path';
import { isCode, isOfService, isSpec, type Finding, type Rule, type Source } from './sources.js';

/** What runs in production: fixtures of specs stand in for other services. */
const isServing = (source: Source): boolean =>
  isOfService(source) && !isSpec(source) && !source.path.endsWith('.fixture.ts');

const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*'(\.[^']+)'|(?:^|\n)\s*import\s*'(\.[^']+)'/g;

/** No file imports itself by way of others, types included. Each circle is told once, from its first file. */
export const importsHaveNoCycles: Rule = (sources) => {
  const code = sources.filter(isCode);
  const known = new Set(code.map(({ path }) => path));
  const targets = new Map(code.map((source) => [source.path, importsOf(source, known)]));
  const findings: Finding[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const circle = trail.slice(start);
      findings.push({ path: circle[0] ?? path, message: `imports itself: ${[...circle, path].join(' → ')}` });
      return;
    }
    if (done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of code) visit(path, []);
  return findings;
};

function importsOf({ path, text }: Source, known: ReadonlySet<string>): string[] {
  return [...text.matchAll(IMPORT)].flatMap(([, from, bare]) => {
    const target = posix.join(posix.dirname(path), from ?? bare ?? '');
    const candidates = [target, target.replace(/\.js$/, '.ts'), target.replace(/\.js$/, '.tsx')];
    return candidates.find((candidate) => known.has(candidate)) ?? [];
  });
}

/** What `libs/contracts` defines: by the text of its definitions, `group.name` → service. */
export function definitionsOf(sources: readonly Source[], kind: 'Rpc' | 'Event'): Map<string, string> {
  const found = new Map<string, string>();
  const contracts = sources.filter(
    (source) => source.path.startsWith('libs/contracts/src/') && !isSpec(source),
  );
  for (const { text } of contracts) {
    for (const [, group = '', body = ''] of text.matchAll(/export const (\w+) = \{\n([\s\S]*?)\n\};/g)) {
      const definition = new RegExp(`^  (\\w+): define${kind}\\(\\{\\s*service: '(\\w+)'`, 'gm');
      for (const [, name = '', service = ''] of body.matchAll(definition))
        found.set(`${group}.${name}`, service);
    }
  }
  return found;
}

/** Groups of definitions that contain others whole (`...cycleRpc`): the inner group → the outer ones. */
function outerGroups(sources: readonly Source[]): Map<string, string[]> {
  const outer = new Map<string, string[]>();
  for (const { text } of sources.filter(({ path }) => path.startsWith('libs/contracts/src/'))) {
    for (const [, group = '', body = ''] of text.matchAll(/export const (\w+) = \{\n([\s\S]*?)\n\};/g)) {
      for (const [, inner = ''] of body.matchAll(/^  \.\.\.(\w+),/gm)) {
        outer.set(inner, [...(outer.get(inner) ?? []), group]);
      }
    }
  }
  return outer;
}

/** Every RPC that contracts define is answered by exactly one method, in the service that it names. */
export const rpcsHaveOneHandler: Rule = (sources) => {
  const handlers = occurrences(sources, /@Rpc\(\s*(\w+\.\w+)\s*\)/g);
  const outer = outerGroups(sources);
  return [...definitionsOf(sources, 'Rpc')].flatMap(([name, service]) => {
    const [group = '', key = ''] = name.split('.');
    const names = [group, ...(outer.get(group) ?? [])].map((one) => `${one}.${key}`);
    const paths = names.flatMap((one) => handlers.get(one) ?? []);
    const path = paths[0] ?? 'libs/contracts/src';
    if (paths.length !== 1) return [{ path, message: `${name} has ${paths.length} handlers` }];
    return path.startsWith(`apps/${service}/`)
      ? []
      : [{ path, message: `answers ${name}, which is of ${service}` }];
  });
};

/** Every event is published by the service that owns it, and a service listens to it at most once. */
export const eventsHaveOneHandler: Rule = (sources) => {
  const consumed = new Map<string, string[]>();
  for (const { path, text } of sources.filter(isServing)) {
    for (const [, list = ''] of text.matchAll(/@Consume\(\s*\[([^\]]*)\]/g)) {
      for (const [name] of list.matchAll(/\w+\.\w+/g))
        consumed.set(name, [...(consumed.get(name) ?? []), path]);
    }
  }
  const mentioned = occurrences(sources, /\b(\w+Events\.\w+)\b/g);
  return [...definitionsOf(sources, 'Event')].flatMap(([name, service]) => {
    const findings: Finding[] = [];
    // A function in SQL that publishes writes the subject itself.
    const subject = `${service}.events.${kebab(name.split('.')[1] ?? '')}.v`;
    const isPublished =
      (mentioned.get(name) ?? []).some((path) => path.startsWith(`apps/${service}/`)) ||
      sources.some(({ path, text }) => path.startsWith(`apps/${service}/src/`) && text.includes(subject));
    if (!isPublished) findings.push({ path: 'libs/contracts/src', message: `nobody publishes ${name}` });
    const services = (consumed.get(name) ?? []).map((path) => path.split('/')[1] ?? '');
    const twice = services.find((one, index) => services.indexOf(one) !== index);
    if (twice) findings.push({ path: `apps/${twice}`, message: `listens to ${name} more than once` });
    return findings;
  });
};

/** Every job that is enqueued has exactly one handler in its service, and no two schedules share a name. */
export const jobsHaveOneHandler: Rule = (sources) => {
  const services = new Map<string, string>();
  for (const source of sources.filter(isServing)) {
    const service = source.path.split('/')[1] ?? '';
    services.set(service, (services.get(service) ?? '') + source.text);
  }
  return [...services].flatMap(([service, text]) => {
    const names = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name ?? '');
    const handled = names(/@JobHandler\(\s*'([^']+)'/g);
    const scheduled = names(/@ScheduledJob\(\s*'([^']+)'/g);
    const enqueued = new Set(names(/\bjobs\.enqueue\(\s*'([^']+)'/g));
    const path = `apps/${service}`;
    return [
      ...[...enqueued, ...handled].flatMap((name) => {
        const count = handled.filter((one) => one === name).length;
        return count === 1 ? [] : [{ path, message: `job ${name} has ${count} handlers` }];
      }),
      ...scheduled
        .filter((name, index) => scheduled.indexOf(name) !== index)
        .map((name) => ({ path, message: `two schedules are called ${name}` })),
    ];
  });
};

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** In which files of services (specs aside) a pattern's first group is found, once per occurrence. */
function occurrences(sources: readonly Source[], pattern: RegExp): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { path, text } of sources.filter(isServing)) {
    for (const [, name = ''] of text.matchAll(pattern)) found.set(name, [...(found.get(name) ?? []), path]);
  }
  return found;
}
