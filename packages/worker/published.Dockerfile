# The worker as a container image from its published package alone: neither a clone nor a context is needed.
#
#   curl -fsSL https://unpkg.com/@org/wordfreq-worker/published.Dockerfile | docker build --build-arg VERSION=0.1.0 -t wordfreq-worker -
#
# The Dockerfile of the repository makes a smaller image, of the same worker bundled.
ARG NODE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim

# JavaScript is the same on every platform, so it is installed on the platform that builds.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS install
ARG VERSION
WORKDIR /app
# Where npm needs settings, such as a mirror's address: --secret id=npmrc,src=$HOME/.npmrc. They stay out of the image.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm install --omit=dev --ignore-scripts --no-audit --no-fund --no-package-lock "@org/wordfreq-worker@${VERSION:?such as --build-arg VERSION=0.1.0}"

# Nothing is run here, so other platforms need no emulator.
FROM ${NODE_IMAGE}
WORKDIR /app
# Owned by root: the worker cannot change its own program.
COPY --from=install /app/node_modules ./node_modules
# The image's user "node", by number, so that platforms can see that it is not root.
USER 1000:1000
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=80 \
    PAGE=true \
    # docker stop kills after 10 s.
    STOP_TIMEOUT_SECONDS=10
EXPOSE 80
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1))"]
# The worker is process 1 and gets SIGTERM itself.
# V8 would let young objects and the buffers of the network take 100 MB more on a machine with much memory.
ENTRYPOINT ["node", "--max-semi-space-size=4", "node_modules/@org/wordfreq-worker/dist/main.js"]
