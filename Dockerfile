# docker build -t quartermaster .
# docker run --env-file production.env -p 3000:3000 quartermaster [api | worker | migrate | …]   (see scripts/start.sh, docs/DEPLOYMENT.md)
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
# Packages first: this layer is made anew only when the lockfile changes.
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# Files have the rights they have here: those of a clone under umask 077 are for nobody else, and the image runs as another account.
RUN scripts/build.sh && chmod -R go=rX package.json prisma scripts dist

FROM node:${NODE_VERSION}-bookworm-slim AS packages
WORKDIR /app
# Without .npmrc, whose include=dev would bring everything; optional are the PostgreSQL of development and the Prisma command line.
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && \
    find node_modules/@prisma/client/runtime -name 'query_compiler_*' ! -name '*.postgresql.*' -delete

FROM node:${NODE_VERSION}-bookworm-slim
ENV NODE_ENV=production \
    PORT=3000
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/prisma prisma
COPY --from=build /app/scripts/start.sh scripts/
COPY --from=build /app/dist dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/app/scripts/start.sh"]
CMD ["api"]
