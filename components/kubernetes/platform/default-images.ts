/**
 * Official images with their registry, pinned by the digest of their multi-platform index. Each digest was found in
 * several public repositories that pin it (November 2026); a cluster without that registry gets its own images by
 * argument.
 */
export const DEFAULT_IMAGES = {
  argo: "quay.io/argoproj/argo-rollouts:v1.9.1@sha256:15c0d41f2c69a382d4399bcb28ed4f03ee9f58b56cfc9e6cd55bcbf0f311c06d",
  traefik: "docker.io/library/traefik:v3.6.7@sha256:a9890c898f379c1905ee5b28342f6b408dc863f08db2dab20e46c267d1ff463a",
  prometheus:
    "docker.io/prom/prometheus:v3.13.0@sha256:c6b27ea434f8389bfe233fbc7be381cf50587c286e871bc842008f5a1b1908a7",
} as const;
