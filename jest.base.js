/* Shared by jest.config.js and jest.chaos.config.js. */
'use strict';

process.env.TZ = 'UTC'; // before the workers start: Node reads it once

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/tests'], // src: coverage counts files that no test loads
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.(ts|js)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
  },
  // Packages without a CommonJS form; jest can't load ES modules on every supported Node. @otplib has some of them inside it.
  transformIgnorePatterns: ['/node_modules/(?!(@prisma/schema-engine-wasm|@noble/hashes|@otplib|@scure/base)/)'],
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
  reporters: ['default', '<rootDir>/tests/support/summary-reporter.js'],
};
