// One configuration for every project. Nest 12 is ESM only; transforming it to CommonJS with swc keeps
// jest's fast, well-trodden mode (no --experimental-vm-modules).
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@foodshed/source', 'node', 'node-addons'] },
  roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/test'],
  globalSetup: '<rootDir>/tools/jest/setup.mjs',
  globalTeardown: '<rootDir>/tools/jest/teardown.mjs',
  // Specs use real servers; the first of a run waits for them to be fetched and started.
  testTimeout: 20_000,
  testMatch: ['**/*.spec.ts'],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.foodshed/'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.(t|m?j)sx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true, tsx: false },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(@nestjs|jose|uuid|content-disposition)/)'],
};
