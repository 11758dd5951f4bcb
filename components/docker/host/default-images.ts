/**
 * Official images with their registry, pinned by the digest of their multi-platform index. Each digest was found in
 * several public repositories that keep theirs by Renovate (November 2026); a machine without a registry gives its own
 * images.
 */
export const DEFAULT_IMAGES = {
  node: "docker.io/library/node:24-alpine@sha256:d32cdf619f63fe0471182d08996dd516c6275bb5fd31ae06e55a570bd9e1ad43",
  gateway:
    "docker.io/library/haproxy:3.2-alpine@sha256:79799e8b2977e60802774fa53d29e6b54e045402cdd8a8b9fe43923e7095a047",
  prometheus:
    "docker.io/prom/prometheus:v3.13.0@sha256:c6b27ea434f8389bfe233fbc7be381cf50587c286e871bc842008f5a1b1908a7",
  alertmanager:
    "docker.io/prom/alertmanager:v0.32.1@sha256:51a825c2a40acc3e338fdd00d622e01ec090f72be2b3ea46be0839cd47a4d286",
  registry: "docker.io/library/registry:3.1.1@sha256:1be55279f18a2fe1a74edf2664cac61c1bea305b7b4642dab412e7affdcb3e33",
} as const;
