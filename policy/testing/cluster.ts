import type { Resource } from "../core/resource";
import { resource } from "./fixtures";

type Json = Record<string, unknown>;

/** An object of the service "shop" in the namespace "store". */
export const object = (type: string, spec: unknown, metadata: Json = {}): Resource =>
  resource(`kubernetes:${type}`, { metadata: { name: "shop", namespace: "store", ...metadata }, spec });

const template = { metadata: { labels: { app: "shop" } }, spec: { containers: [{ name: "web" }] } };

/** What runs pods with the label app=shop. */
export const workload = (type: string, spec: Json, metadata: Json = {}): Resource =>
  object(type, { template, ...spec }, metadata);
export const deployment = (spec: Json, metadata: Json = {}): Resource => workload("apps/v1:Deployment", spec, metadata);
export const rollout = (spec: Json, metadata: Json = {}): Resource =>
  workload("argoproj.io/v1alpha1:Rollout", spec, metadata);

export const autoscaler = (kind: string, spec: Json): Resource =>
  object("autoscaling/v2:HorizontalPodAutoscaler", { scaleTargetRef: { kind, name: "shop" }, ...spec });

/** The namespace "store", if not another, as one that holds parts of the cluster. */
export const platform = (label: unknown = "true", name: unknown = "store"): Resource =>
  resource("kubernetes:core/v1:Namespace", { metadata: { name, labels: { "headgate.dev/platform": label } } });

/** A Service of the pods with the label app=shop, if not of others. */
export const service = (spec: Json = {}, metadata: Json = {}): Resource =>
  object("core/v1:Service", { selector: { app: "shop" }, ports: [{ port: 80 }], ...spec }, metadata);
