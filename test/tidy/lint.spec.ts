import { execFileSync } from 'node:child_process';
import { repositoryRoot } from '@foodshed/testing';

/** Files that break a rule of the linter on purpose, with the rule that must notice; and some that break none. */
const samples: [title: string, path: string, text: string, rule: string | null][] = [
  ['money imports nothing but its own', 'libs/money/src/x.ts', "import 'zod';", 'foodshed/only-packages'],
  [
    'contracts import money and zod only',
    'libs/contracts/src/x.ts',
    "import 'pino';",
    'foodshed/only-packages',
  ],
  ['contracts may import money', 'libs/contracts/src/x.ts', "import '@foodshed/money';\nimport 'zod';", null],
  [
    'contracts do not import the platform',
    'libs/contracts/src/x.ts',
    "import '@foodshed/platform';",
    '@nx/enforce-module-boundaries',
  ],
  [
    'the platform imports no application',
    'libs/platform/src/x.ts',
    "import '../../../apps/hubs/src/main.js';",
    '@nx/enforce-module-boundaries',
  ],
  [
    'an application never imports another',
    'apps/orders/src/x.service.ts',
    "import '../../hubs/src/main.js';",
    '@nx/enforce-module-boundaries',
  ],
  [
    'an application may import the platform',
    'apps/orders/src/x.service.ts',
    "import '@foodshed/platform';",
    null,
  ],
  [
    'the web application imports no platform',
    'apps/web/src/x.ts',
    "import '@foodshed/platform';",
    '@nx/enforce-module-boundaries',
  ],
  ['the web application may import contracts', 'apps/web/src/x.ts', "import '@foodshed/contracts';", null],
  [
    'testing is for specs',
    'apps/hubs/src/x.service.ts',
    "import { eventually } from '@foodshed/testing';\nvoid eventually;",
    'no-restricted-imports',
  ],
  [
    'fixtures are for specs',
    'apps/hubs/src/x.service.ts',
    "import './x.fixture.js';",
    'no-restricted-imports',
  ],
  [
    'specs may import testing',
    'apps/hubs/src/x.spec.ts',
    "import { eventually } from '@foodshed/testing';\nvoid eventually;",
    null,
  ],
  [
    'rules import no platform',
    'apps/hubs/src/x.rules.ts',
    "import '@foodshed/platform';",
    'foodshed/pure-rules',
  ],
  ['rules import no service', 'apps/hubs/src/x.rules.ts', "import './x.service.js';", 'foodshed/pure-rules'],
  [
    'rules import rules, contracts and money',
    'apps/hubs/src/x.rules.ts',
    "import './y.rules.js';\nimport '@foodshed/contracts';\nimport '@foodshed/money';",
    null,
  ],
  [
    'rules do not re-export what is not pure',
    'apps/hubs/src/x.rules.ts',
    "export * from 'node:fs';",
    'foodshed/pure-rules',
  ],
  ['rules ask no clock', 'apps/hubs/src/x.rules.ts', 'export const at = Date.now();', 'foodshed/pure-rules'],
  [
    'rules make no present date',
    'apps/hubs/src/x.rules.ts',
    'export const at = new Date();',
    'foodshed/pure-rules',
  ],
  [
    'rules may read a date they are given',
    'apps/hubs/src/x.rules.ts',
    "export const at = new Date('2026-01-01');",
    null,
  ],
  [
    'rules draw no lots',
    'apps/hubs/src/x.rules.ts',
    'export const at = Math.random();',
    'foodshed/pure-rules',
  ],
  [
    'rules make no ids',
    'apps/hubs/src/x.rules.ts',
    'declare const newId: () => string;\nexport const id = newId();',
    'foodshed/pure-rules',
  ],
  [
    'the environment is read by configuration only',
    'apps/hubs/src/x.service.ts',
    'export const url = process.env.URL;',
    'no-restricted-properties',
  ],
  [
    'configuration reads the environment',
    'apps/hubs/src/x.config.ts',
    'export const url = process.env.URL;',
    null,
  ],
  ['exports have names', 'apps/hubs/src/x.service.ts', 'export default 1;', 'no-restricted-exports'],
  ['nothing is written to the console', 'apps/hubs/src/x.service.ts', "console.log('x');", 'no-console'],
  [
    'no failure is swallowed',
    'apps/hubs/src/x.service.ts',
    'try {\n  JSON.parse("");\n} catch {}',
    'no-empty',
  ],
  [
    'no value is of any type',
    'apps/hubs/src/x.service.ts',
    'export const x: any = 1;',
    '@typescript-eslint/no-explicit-any',
  ],
  [
    'hooks are not called by chance',
    'apps/web/src/x.tsx',
    "import { useState } from 'react';\nexport function X({ on }: { on: boolean }) {\n  if (on) useState(1);\n  return null;\n}",
    'react-hooks/rules-of-hooks',
  ],
];

describe('The linter', () => {
  let noticed: string[][];

  beforeAll(() => {
    const script = `${repositoryRoot()}/test/tidy/lint-samples.mjs`;
    const given = JSON.stringify(samples.map(([, path, text]) => ({ path, text })));
    const printed = execFileSync(process.execPath, [script, given], {
      cwd: repositoryRoot(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    noticed = JSON.parse(printed.slice(printed.lastIndexOf('\n') + 1)) as string[][];
  }, 240_000);

  it.each(samples.map(([title, , , rule], index) => [title, rule, index] as const))(
    'sees to it that %s',
    (_title, rule, index) => {
      expect(noticed[index]).toEqual(rule ? expect.arrayContaining([rule]) : []);
    },
  );
});
