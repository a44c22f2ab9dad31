'use strict';
/* oxlint-disable typescript/no-unsafe-call -- plain JavaScript: jest loads its reporters as they are */
const { writeSync } = require('node:fs');

/** Prints `N passed, N failed` (tests; a file that could not be run counts as one failed) as the very last line. */
module.exports = class SummaryReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    // After the coverage report, which jest writes later than its reporters.
    process.once('exit', () => writeSync(1, `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed\n`));
  }
};
