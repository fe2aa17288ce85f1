# Sekisho in a container: docs/container.md explains every choice.

# The compiler, and a toolchain in case no prebuilt SQLite binary can be had.
FROM node:20-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json ./
COPY src ./src
COPY public ./public
RUN npm run build
# Pages, policies and the issuer's data are read from src; the sources themselves are not needed any more.
RUN find src -name '*.ts' -delete && find src -type d -empty -delete

# The packages of a running Sekisho, built for this system.
FROM node:20-bookworm AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:20-bookworm-slim
LABEL org.opencontainers.image.title="Sekisho" \
      org.opencontainers.image.description="EMV 3-D Secure ACS simulator with risk-based authentication" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/src ./src
COPY public ./public
COPY spec-fixtures ./spec-fixtures
COPY package.json LICENSE ./
RUN mkdir /data && chown node:node /data
# Everything on one port. Reachable from outside of the container, so a token is asked for: SEKISHO_ADMIN_TOKEN.
ENV NODE_ENV=production \
    SEKISHO_HOST=0.0.0.0 \
    SEKISHO_SINGLE_PORT=true \
    SEKISHO_DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 9440
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["node", "dist/cli/health.js"]
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["serve"]
