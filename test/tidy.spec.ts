import {
  constructorsAreNarrow,
  filesAreShort,
  filesHaveARole,
  functionsAreShort,
  indexesAreSingle,
  lockFileNamesNoHost,
  namesSaySomething,
  nothingIsLeftOver,
  projectsHaveReadmes,
  testsRun,
} from './tidy/budgets.js';
import { repositorySources, type Rule, type Source } from './tidy/sources.js';
import {
  definitionsOf,
  eventsHaveOneHandler,
  importsHaveNoCycles,
  jobsHaveOneHandler,
  rpcsHaveOneHandler,
} from './tidy/wiring.js';

const file = (path: string, ...lines: string[]): Source => ({ path, text: `${lines.join('\n')}\n` });
const times = (count: number, line: string): string[] => Array.from({ length: count }, () => line);

const contracts = file(
  'libs/contracts/src/hubs.ts',
  'export const hubsRpc = {',
  "  openDoor: defineRpc({ service: 'hubs', name: 'open-door' }),",
  '};',
  'export const hubsEvents = {',
  "  opened: defineEvent({ service: 'hubs', name: 'opened' }),",
  '};',
);
const publishes = file('apps/hubs/src/door.service.ts', 'outbox.add(tx, [{ event: hubsEvents.opened }]);');
const answers = file('apps/hubs/src/door.controller.ts', '@Rpc(hubsRpc.openDoor)', 'open() {}');
const listens = (name: string) =>
  file(`apps/orders/src/${name}.consumer.ts`, '@Consume([hubsEvents.opened])', 'on() {}');

/** Each rule, with files that keep it and files that break it on purpose. */
const rules: [string, Rule, Source[], Source[]][] = [
  [
    'a file is at most 300 lines long',
    filesAreShort,
    [file('apps/a/src/a.rules.ts', ...times(300, '//')), file('apps/a/src/a.spec.ts', ...times(500, '//'))],
    [file('apps/a/src/a.rules.ts', ...times(301, '//')), file('apps/a/src/a.spec.ts', ...times(501, '//'))],
  ],
  [
    'a function is at most 70 lines long, JSX and describe aside',
    functionsAreShort,
    [
      file('a.ts', 'function f() {', ...times(68, '  g();'), '}'),
      file('a.spec.ts', "describe('x', () => {", ...times(99, '  g();'), '});'),
      file('a.tsx', 'function F() {', ...times(99, '  g();'), '  return <p />;', '}'),
    ],
    [
      file('a.spec.ts', "it('x', () => {", ...times(69, '  g();'), '});'),
      file('a.ts', 'function f() {', ...times(69, '  g();'), '}'),
      file('b.ts', 'const f = () => {', ...times(69, '  g();'), '};'),
    ],
  ],
  [
    'a constructor takes at most six dependencies',
    constructorsAreNarrow,
    [file('a.ts', 'class A { constructor(a, b, c, d, e, f) {} }')],
    [file('a.ts', 'class A { constructor(a, b, c, d, e, f, g) {} }')],
  ],
  [
    'files and classes have names that say something',
    namesSaySomething,
    [file('apps/a/src/manager.service.ts', 'class ManagerService {}')],
    [file('libs/a/src/utils.ts', ''), file('a.ts', 'class StockManager {}')],
  ],
  [
    'a file of a service is named by its role',
    filesHaveARole,
    [file('apps/hubs/src/referrals/referral-link.store.ts', ''), file('apps/hubs/src/main.ts', '')],
    [file('apps/hubs/src/referral.ts', ''), file('apps/hubs/src/referral.handler.ts', '')],
  ],
  [
    'an index.ts is at the root of a library only',
    indexesAreSingle,
    [file('libs/money/src/index.ts', '')],
    [file('libs/money/src/rates/index.ts', ''), file('apps/hubs/src/index.ts', '')],
  ],
  [
    'no test is focused, or skipped without a reason',
    testsRun,
    [file('a.spec.ts', "it('x', f);", '// Needs a browser.', "it.skip('y', f);")],
    [
      file('a.spec.ts', "it.only('x', f);"),
      file('b.spec.ts', '', "describe.skip('y', f);"),
      file('c.spec.ts', "fit('x', f);"),
    ],
  ],
  [
    'nothing is left for later',
    nothingIsLeftOver,
    [file('a.ts', '// This is done.')],
    [file('a.ts', `// TO${'DO'}: later`), file('b.md', `See ${'/ho'}me/somebody.`)],
  ],
  [
    'a project has a README of about ten lines',
    projectsHaveReadmes,
    [file('apps/a/package.json', '{}'), file('apps/a/README.md', ...times(10, 'x'))],
    [file('apps/a/package.json', '{}'), file('apps/b/package.json', '{}'), file('apps/b/README.md', 'x')],
  ],
  [
    'the lock file names no registry',
    lockFileNamesNoHost,
    [file('package-lock.json', '"resolved": "apps/hubs",')],
    [
      file('package-lock.json', '"resolved": "https://registry.example.org/a.tgz",'),
      file('.npmrc', 'registry=https://example.org'),
    ],
  ],
  [
    'no file imports itself by way of others',
    importsHaveNoCycles,
    [file('a/b.ts', "import { c } from './c.js';"), file('a/c.ts', "import d from 'd';")],
    [
      file('a/b.ts', "import { c } from './c.js';"),
      file('a/c.ts', "import type { b } from '../a/b.js';"),
      file('e.ts', "import './e.js';"),
    ],
  ],
  [
    'an RPC has one handler, in its service',
    rpcsHaveOneHandler,
    [contracts, answers],
    [contracts, { ...answers, path: 'apps/orders/src/door.controller.ts' }],
  ],
  ['an RPC is answered', rpcsHaveOneHandler, [contracts, answers], [contracts]],
  [
    'an RPC is answered once',
    rpcsHaveOneHandler,
    [contracts, answers],
    [contracts, answers, { ...answers, path: 'apps/hubs/src/window.controller.ts' }],
  ],
  ['an event is published by its service', eventsHaveOneHandler, [contracts, publishes], [contracts]],
  [
    'an event has one handler in a service',
    eventsHaveOneHandler,
    [contracts, publishes, listens('one')],
    [contracts, publishes, listens('one'), listens('two')],
  ],
  [
    'a job has one handler',
    jobsHaveOneHandler,
    [file('apps/a/src/a.jobs.ts', "jobs.enqueue('b', id);", "@JobHandler('b')")],
    [
      file('apps/a/src/a.jobs.ts', "jobs.enqueue('b', id);"),
      file('apps/c/src/c.jobs.ts', "@ScheduledJob('d')", "@ScheduledJob('d')"),
    ],
  ],
];

describe('The repository keeps its rules:', () => {
  const sources = repositorySources();

  it('its files and definitions are found', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(definitionsOf(sources, 'Rpc').size).toBeGreaterThan(30);
    expect(definitionsOf(sources, 'Event').size).toBeGreaterThan(10);
  });

  it.each(rules)('%s', (_title, rule) => {
    expect(rule(sources)).toEqual([]);
  });
});

/** Rules that look at several files together; of the others each broken file must be noticed by itself. */
const together = new Set<Rule>([
  projectsHaveReadmes,
  importsHaveNoCycles,
  rpcsHaveOneHandler,
  eventsHaveOneHandler,
  jobsHaveOneHandler,
]);

describe('A rule notices when it is broken on purpose:', () => {
  it.each(rules)('%s', (_title, rule, kept, broken) => {
    expect(rule(kept)).toEqual([]);
    const samples = together.has(rule) ? [broken] : broken.map((one) => [one]);
    expect(samples.filter((sample) => rule(sample).length === 0)).toEqual([]);
  });
});
