import type { Delivery } from "../delivery";
import { checkHosts, checkName } from "../names";
import type { Problem } from "../problem";
import { checkDelivery } from "../validate";

/** One setting put into a sound document, by its path. */
type Mistake = readonly [path: string, value: unknown];

const digest = `sha256:${"0a".repeat(32)}`;
const service = { image: { build: { context: "." } }, port: 8080, health: { readiness: { path: "/ready" } } };

/** A sound document with two services, two environments and something in every corner that a mistake needs. */
const sound = (): Delivery => ({
  services: { shop: { service: structuredClone(service) }, basket: { service: structuredClone(service) } },
  strategies: { careful: {} },
  environments: { staging: {}, production: { promotesFrom: "staging", url: "https://shop.example.com" } },
  repositories: { shop: { name: "acme/shop", services: ["shop"] }, basket: { name: "acme/basket" } },
  pipeline: { dispatch: { clean: { command: "make clean", inputs: { age: {} } } } },
  notifications: {},
});

/** A mistake for every rule that no single wrong value shows well; the others are found by trying values. */
const mistakes: readonly Mistake[] = [
  ["services.shop.service.health", {}],
  ["service", service],
  ["relase", {}],
  ["services.shop.service", { __pulumiOutput: true }],
  ["services.shop.service.port", "8080"],
  ["services.shop.service.ports", { admin: 8080 }],
  ["services.shop.service.command", ["a\0"]],
  ["services.shop.service.env", { "a b": "1" }],
  ["services.shop.service.secrets", { "a b": { store: "x" } }],
  ["services.shop.service.files", { "settings.json": "{}" }],
  ["services.shop.service.image", {}],
  ["services.shop.service.image", { reference: "shop:1.2" }],
  ["services.shop.service.image", { reference: `Shop@${digest}` }],
  ["services.shop.service.image", { reference: "shop@sha256:12" }],
  ["services.shop.service.image.build.platforms", ["amd64"]],
  ["services.shop.service.replicas", { count: 3, min: 2, max: 6 }],
  ["services.shop.service.replicas", { count: 3, min: 2 }],
  ["services.shop.service.replicas", { min: 2 }],
  ["services.shop.service.replicas", { min: 6, max: 2 }],
  ["services.shop.service.replicas", { count: 2, targetCpuPercent: 50 }],
  ["services.shop.service.resources", { memory: "1MiB" }],
  ["services.shop.service.resources", { cpu: "0.001" }],
  ["services.shop.service.volumes", { a: { path: "/data", size: "0MiB" } }],
  ["services.shop.service.scheduling", { machineLabels: { "a b": "x" } }],
  ["services.shop.service.scheduling", { machineLabels: { pool: "a b" } }],
  ["services.shop.service.stopTimeout", 30],
  ["services.shop.service.volumes", { a: { path: "/data" }, b: { path: "/data" } }],
  ["services.shop.service.volumes", { Cache: { path: "/data" } }],
  ["services.shop.service.files", { "/data/x": "" }],
  ["services.shop.strategy", "carful"],
  ["services.shop.release", { rolling: {}, canary: {} }],
  ["services.shop.release", { analysis: { sequential: {}, threshold: {} } }],
  ["services.shop.release", { canary: { steps: [] } }],
  ["services.shop.release", { canary: { steps: [{ weight: 25 }, { weight: 10 }] } }],
  ["services.shop.release", { canary: { scale: { mode: "fixed" } } }],
  ["services.shop.release", { canary: { scale: { replicas: 2 } } }],
  ["services.shop.release", { hooks: { beforeTraffic: {} } }],
  ["services.shop.release", { migration: { command: ["npm", "run", "migrate"], reversible: false } }],
  ["services.shop.release", { freeze: { weekly: [{ days: ["friday"], from: "16:00", to: "08:00" }] } }],
  ["services.shop.release", { freeze: { weekly: [{ days: ["friday"], timeZone: "Berlin" }] } }],
  ["services.shop.targets", { production: "docker" }],
  ["services.Shop", { service }],
  ["environments.staging.promotesFrom", "production"],
  ["environments.staging.branches", ["refs/heads/main"]],
  ["environments.staging.secrets", ["database-url"]],
  ["environments.staging.variables", { LOG_LEVEL: "info" }],
  ["environments.staging.approval", {}],
  ["environments.staging.approval", { users: ["a", "b", "c", "d", "e", "f", "g"] }],
  ["environments.staging.approval", { users: ["@octocat"] }],
  ["environments.staging.approval", { users: ["octocat"], wait: "31d" }],
  ["environments.staging.verify", {}],
  ["repositories.basket.services", ["shop"]],
  ["repositories.basket.services", ["basket", "basket"]],
  ["pipeline.branches", { production: "release/*" }],
  ["pipeline.branches", { production: "main", integration: "main" }],
  ["pipeline.toolchain", { python: { versions: [3.1] } }],
  ["pipeline.lint", {}],
  ["pipeline.lint", { tools: ["ruff"] }],
  ["pipeline.tests", { coverage: { report: "lcov.info", minimum: 80 } }],
  ["pipeline.tests", { smoke: { command: "npm run smoke", onFailure: "rollback" } }],
  ["pipeline.images", { signature: "key" }],
  ["pipeline.images", { signingKey: "awskms:///alias/release" }],
  ["pipeline.images", { signature: "none", provenance: false, verifyBeforeDeployment: true }],
  ["pipeline.images", { builds: { shop: { context: "." } } }],
  ["pipeline.images", { builds: { "My Image": { context: "." } } }],
  ["pipeline.registry", { kind: "ecr" }],
  ["pipeline.registry", { kind: "ghcr", address: "ghcr.io" }],
  ["pipeline.dispatch.clean.inputs.age", { kind: "choice" }],
  ["pipeline.dispatch.clean.inputs.age", { options: ["7", "30"] }],
  ["pipeline.dispatch.clean.inputs.age", { kind: "choice", options: ["7", "30"], default: "8" }],
  ["pipeline.dispatch.clean.inputs", { "Max Age": {} }],
  ["pipeline.keepArtifacts", "1h"],
  ["services", {}],
];

/** Mistakes that take two settings. */
const pairs: readonly (readonly Mistake[])[] = [
  [
    ["services.shop.release", {}],
    ["services.shop.strategy", "careful"],
  ],
  [
    ["services.shop.environments", ["staging"]],
    ["services.shop.targets", { production: "docker" }],
  ],
  [
    ["services.shop.service.volumes", { data: { path: "/data" } }],
    ["services.shop.service.files", { "/data/motd": "" }],
  ],
  [
    ["environments.staging.variables", { TOKEN: "x" }],
    ["environments.staging.secrets", ["TOKEN"]],
  ],
];

/** Every problem that the mistakes above make, each in a document that is sound otherwise. */
export function problemsOfMistakes(): Problem[] {
  const cases = [...mistakes.map((mistake) => [mistake]), ...pairs];
  return [
    ...cases.flatMap((changes) => {
      const document = sound();
      for (const [path, value] of changes) put(document, path.split("."), value);
      return checkDelivery(document);
    }),
    ...checkName("My Shop", "name"),
    ...checkHosts(["https://shop.example.com", "a.example", "a.example"], "hosts"),
    ...checkHosts("shop.example.com" as never, "hosts"),
  ];
}

function put(document: object, path: readonly string[], value: unknown): void {
  const [key = "", ...rest] = path;
  const inner: unknown = Reflect.get(document, key);
  if (rest.length === 0) Reflect.set(document, key, value);
  else if (typeof inner === "object" && inner !== null) put(inner, rest, value);
  else throw new Error(`A mistake is for ${path.join(".")}, which is not in the sound document.`);
}
