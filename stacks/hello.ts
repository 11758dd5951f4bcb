import type { Service } from "../components/model/service";

/** The example service, as every stack runs it. */
export const hello: Service = {
  image: { build: { context: "examples/hello" } },
  port: 8080,
  replicas: { count: 2 },
  resources: { cpu: "0.5", memory: "128MiB" },
  health: { readiness: { path: "/ready", interval: "1s" }, startTimeout: "30s" },
  metrics: {},
  stopTimeout: "10s",
};

/** Where its build arguments come from. */
export const helloArguments = { VERSION: "version", ERROR_RATE: "errorRate", BASE: "images.node" };
