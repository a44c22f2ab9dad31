'use strict';
const base = require('./jest.base');

/* Long tests that kill processes and restart databases: npm run test:chaos. */
/** @type {import('jest').Config} */
module.exports = { ...base, roots: ['<rootDir>/tests/chaos'], testTimeout: 600_000 };
