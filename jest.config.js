'use strict';
const base = require('./jest.base');

const perFile = { lines: 80 };

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/tests/chaos/'],
  testTimeout: 30_000,
  coverageProvider: 'v8',
  coverageDirectory: 'coverage',
  coverageReporters: ['text-summary', 'lcov'],
  collectCoverageFrom: [
    'src/**/*.ts',
    '!src/generated/**',
    '!src/db/migrate/dev.ts',
    // Types only: nothing of them is left at run time, which counts as a file nobody ran.
    '!src/kernel/paging.ts',
    '!src/modules/identity/domain/account.ts',
    '!src/modules/orders/domain/order.ts',
    '!src/modules/orders/domain/shipment.ts',
  ],
  // A pattern holds for each file that matches it; `global` for all that no pattern matches.
  coverageThreshold: {
    global: { lines: 85 },
    './src/modules/**/*.service.ts': perFile,
    './src/modules/**/domain/*.ts': perFile,
    './src/kernel/*.ts': perFile,
  },
};
