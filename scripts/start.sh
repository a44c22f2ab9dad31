#!/bin/sh
# Starts what scripts/build.sh has built. The container's entry point.
#   start.sh [api]           the API, and the jobs unless RUN_JOBS=false
#   start.sh api --migrate   applies missing migrations first: for an installation with a single API process
#   start.sh worker          the jobs without the API
#   start.sh COMMAND …       a command: migrate, integrity, import, …; help lists them
# It runs for production unless the environment says otherwise: NODE_ENV=development start.sh. What an .env file says of
# NODE_ENV is not asked.
set -eu
cd "$(dirname "$0")/.."

[ -f dist/main.js ] || {
  echo 'There is nothing to start yet: run scripts/build.sh first.' >&2
  exit 1
}

# A forgotten variable must not run the conveniences of development on a real database.
export NODE_ENV="${NODE_ENV:-production}"

# exec: signals must reach Node, which ends requests under way before it goes.
case ${1:-api} in
  api)
    if [ "${2:-}" = --migrate ]; then node dist/cli/main.js migrate; fi
    exec node dist/main.js
    ;;
  worker) exec node dist/worker.js ;;
  *) exec node dist/cli/main.js "$@" ;;
esac
