# Tickwire in a container: docker build -t tickwire . && docker run --rm -p 9000:9000 tickwire
# Debian and not Alpine, for the binaries of uWebSockets.js want glibc.

FROM node:20.19.5-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund
RUN node deploy/docker/slim.mjs node_modules

FROM node:20.19.5-bookworm-slim
LABEL org.opencontainers.image.title="Tickwire" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production \
    TICKWIRE_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/deploy/docker/health.mjs ./
USER 1000:1000
EXPOSE 9000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["node", "health.mjs"]
# Node itself, and not npm: the signal to stop must reach Tickwire, which then sends its clients away (drainMs).
ENTRYPOINT ["node", "dist/src/cli.js"]
CMD ["serve"]
