import type { apps, batch } from "@pulumi/kubernetes/types/input";
import { describe, expect, test } from "vitest";
import type { Release } from "../../model/release";
import type { Service } from "../../model/service";
import { kubernetesDefaultCanary } from "../testing/kubernetes.snapshot";
import { compileFor } from "./compile-for";
import { compileForKubernetes } from "./kubernetes";

// The type annotations are half of the test: what @pulumi/kubernetes does not take is an error of the compiler, and in
// what is expected here so is a name that it does not know.

const service: Service = {
  image: { reference: `registry.example.com/shop@sha256:${"a".repeat(64)}` },
  port: 8080,
  replicas: { count: 4 },
  health: { readiness: { path: "/ready" } },
};
const compile = (release: Release, more: Partial<Service> = {}) =>
  compileFor("kubernetes", compileForKubernetes, release, { ...service, ...more }, { name: "shop" });

test("the default canary is exact, and what a reviewer reads", () => {
  const { fields, fidelity, problems, steps, requested } = compile({ canary: {} });
  expect(fields).toEqual(kubernetesDefaultCanary);
  expect({ fidelity, problems }).toEqual({ fidelity: "exact", problems: [] });
  expect(steps).toEqual(requested.steps);
});

describe("what Kubernetes has types for fits them", () => {
  test("a Deployment", () => {
    const { deployment } = compile({ onFailure: "pause" }).fields;
    const typed: Partial<apps.v1.DeploymentSpec> | undefined = deployment;
    const expected: Partial<apps.v1.DeploymentSpec> = {
      replicas: 4,
      minReadySeconds: 10,
      progressDeadlineSeconds: 610,
      revisionHistoryLimit: 3,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
    };
    expect(typed).toEqual(expected);
  });

  test("a StatefulSet", () => {
    const { statefulSet } = compile({ onFailure: "pause" }, { workload: "stateful" }).fields;
    const typed: Partial<apps.v1.StatefulSetSpec> | undefined = statefulSet;
    const expected: Partial<apps.v1.StatefulSetSpec> = {
      replicas: 4,
      minReadySeconds: 10,
      revisionHistoryLimit: 3,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
    };
    expect(typed).toEqual(expected);
  });

  test("a DaemonSet", () => {
    const { daemonSet } = compile({ onFailure: "pause", rolling: { maxSurge: 1 } }, { workload: "per-machine" }).fields;
    const typed: Partial<apps.v1.DaemonSetSpec> | undefined = daemonSet;
    const expected: Partial<apps.v1.DaemonSetSpec> = {
      minReadySeconds: 10,
      revisionHistoryLimit: 3,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    };
    expect(typed).toEqual(expected);
  });

  test("the job of a hook", () => {
    const { hookTemplates } = compile({ canary: {}, migration: { command: ["npm", "run", "migrate"] } }).fields;
    const typed: batch.v1.JobSpec | undefined = hookTemplates[0]?.spec.metrics[0]?.provider.job?.spec;
    const expected: batch.v1.JobSpec = {
      backoffLimit: 0,
      activeDeadlineSeconds: 600,
      template: {
        spec: {
          restartPolicy: "Never",
          containers: [{ name: "migration", image: "{{args.image}}", command: ["npm", "run", "migrate"] }],
        },
      },
    };
    expect(typed).toEqual(expected);
  });
});
