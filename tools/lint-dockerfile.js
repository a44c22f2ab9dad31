/* Checks a Dockerfile: node lint-dockerfile.js FILE. Prints what is wrong with it; the exit code is 1 when anything is. */
'use strict';
const { readFileSync } = require('node:fs');
const { validate } = require('dockerfile-utils');

const file = process.argv[2];
const problems = validate(readFileSync(file, 'utf8'));
for (const { range, message } of problems) console.error(`${file}:${range.start.line + 1}: ${message}`);
process.exitCode = problems.length === 0 ? 0 : 1;
