import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { foodshed } from './tools/lint/purity.mjs';

// The rule about boundaries reads the graph of projects from Nx's cache; no daemon is left behind.
process.env.NX_DAEMON = 'false';
await createProjectGraphAsync({ exitOnError: true });

const SPECS = ['**/*.spec.ts', '**/*.spec.tsx', '**/*.fixture.ts', 'test/**'];
const SERVICES = [
  'orders',
  'hubs',
  'commission',
  'ledger',
  'developers',
  'contributions',
  'admin',
  'gateway',
];

/** Who may import whom (docs/architecture.md); `testing` is kept to specs by a rule of its own below. */
const BOUNDARIES = [
  { sourceTag: 'scope:money', onlyDependOnLibsWithTags: ['scope:money'] },
  { sourceTag: 'scope:contracts', onlyDependOnLibsWithTags: ['scope:contracts', 'scope:money'] },
  {
    sourceTag: 'scope:platform',
    onlyDependOnLibsWithTags: ['scope:platform', 'scope:contracts', 'scope:money'],
  },
  { sourceTag: 'scope:testing', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'scope:web', onlyDependOnLibsWithTags: ['scope:contracts', 'scope:money'] },
  ...SERVICES.map((service) => ({
    sourceTag: `scope:${service}`,
    onlyDependOnLibsWithTags: ['scope:platform', 'scope:contracts', 'scope:money', 'scope:testing'],
  })),
];

const TESTING_IN_SPECS_ONLY = {
  name: '@foodshed/testing',
  message: 'Only specs and test/** may import it.',
};

/** What specs share, such as a world of people and farms. */
const FIXTURES_IN_SPECS_ONLY = {
  group: ['**/*.fixture.js'],
  message: 'Only specs and fixtures may import it.',
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.foodshed/**', '.nx/**', '**/generated/**', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx,mjs}'],
    rules: {
      eqeqeq: 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ['apps/*/src/**/*.{ts,tsx}', 'libs/*/src/**/*.ts', 'test/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.ts'],
    plugins: { '@nx': nx, foodshed },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints: BOUNDARIES },
      ],
    },
  },
  {
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.ts'],
    ignores: [...SPECS, '**/*.config.ts', 'libs/testing/**'],
    rules: {
      'no-console': 'error',
      'no-restricted-imports': [
        'error',
        { paths: [TESTING_IN_SPECS_ONLY], patterns: [FIXTURES_IN_SPECS_ONLY] },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only *.config.ts reads the environment.' },
      ],
    },
  },
  {
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.ts'],
    ignores: ['**/*.config.ts'],
    rules: {
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } },
      ],
    },
  },
  {
    files: ['libs/money/src/**/*.ts'],
    ignores: SPECS,
    rules: { 'foodshed/only-packages': ['error', { allow: [] }] },
  },
  {
    files: ['libs/contracts/src/**/*.ts'],
    ignores: SPECS,
    rules: { 'foodshed/only-packages': ['error', { allow: ['zod', '@foodshed/money'] }] },
  },
  {
    files: ['**/*.rules.ts'],
    plugins: { foodshed },
    rules: { 'foodshed/pure-rules': ['error', { allow: ['@foodshed/contracts', '@foodshed/money'] }] },
  },
  {
    files: ['apps/web/src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
);
