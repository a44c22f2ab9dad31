#!/bin/sh
# Installs the packages unless those of the lockfile are there, and builds dist/. What runs afterwards is scripts/start.sh.
set -eu
cd "$(dirname "$0")/.."

[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci
node scripts/build.js
