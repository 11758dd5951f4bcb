import * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { engineFor, failure, freshName, HELLO, others, podTemplate } from "./world";

const LABELS = { app: "web" };

describe("a deployment", () => {
  it("that cannot come up fails with its pods' reasons, stays in the state, and is repaired by the next update", async () => {
    const namespace = freshName();
    const edit: { container: Record<string, unknown>; timeout?: string } = { container: {} };
    await using engine = await engineFor(async () => {
      const space = new k8s.core.v1.Namespace("space", { metadata: { name: namespace } });
      const metadata = { namespace: space.metadata.name, name: "web" };
      new k8s.apps.v1.Deployment(
        "web",
        {
          metadata: { ...metadata, annotations: { "pulumi.com/timeoutSeconds": "8" } },
          spec: { selector: { matchLabels: LABELS }, template: podTemplate(LABELS, edit.container) },
        },
        { replaceOnChanges: [] },
      );
    });
    edit.container = { command: ["/bin/definitely-not-there"] };
    expect(await failure(engine.up())).toMatch(
      /Deployment "web" \(tk-\w+\/web\): not ready after 8 s: 0 of 1 pods available; 1 pod: container "web" (RunContainerError|CrashLoopBackOff)/,
    );
    const state = await engine.exportState();
    const kept = state.resources?.find(({ type }) => type === "kubernetes:apps/v1:Deployment");
    expect(kept).toMatchObject({ id: `${namespace}/web`, initErrors: [expect.stringContaining("not ready")] });

    edit.container = { image: "no/such:image", imagePullPolicy: "Never" };
    expect(await failure(engine.up())).toMatch(/1 pod: container "web" ErrImageNeverPull/);

    edit.container = { resources: { requests: { cpu: "900" } } };
    expect(await failure(engine.up())).toMatch(/1 pod: Unschedulable: .*Insufficient cpu/);

    edit.container = {};
    const repaired = await engine.up();
    expect(repaired.changes).toEqual({ same: 2, update: 1 });
    await engine.preview({ expectNoChanges: true });
  });

  it("that a quota holds back says so", async () => {
    const namespace = freshName();
    await using engine = await engineFor(async () => {
      const space = new k8s.core.v1.Namespace("space", { metadata: { name: namespace } });
      const metadata = { namespace: space.metadata.name };
      const quota = new k8s.core.v1.ResourceQuota("few", { metadata, spec: { hard: { pods: "0" } } });
      new k8s.apps.v1.Deployment(
        "web",
        { metadata, spec: { selector: { matchLabels: LABELS }, template: podTemplate(LABELS) } },
        { dependsOn: quota, customTimeouts: { create: "5s" } },
      );
    });
    expect(await failure(engine.up())).toMatch(/not ready after 5 s: .*no pod can be made: .*exceeded quota: few-/);
  });
});

describe("other kinds", () => {
  it("wait for endpoints, jobs, claims and the annotation waitFor, and show how far they are", async () => {
    const namespace = freshName();
    const edit = { job: ["-e", "setTimeout(() => {}, 1500)"] };
    await using engine = await engineFor(async () => {
      const space = new k8s.core.v1.Namespace("space", { metadata: { name: namespace } });
      const metadata = { namespace: space.metadata.name };
      const deployment = new k8s.apps.v1.Deployment("web", {
        metadata,
        spec: { selector: { matchLabels: LABELS }, template: podTemplate(LABELS) },
      });
      const service = new k8s.core.v1.Service("web", { metadata, spec: { selector: LABELS, ports: [{ port: 80 }] } });
      new k8s.core.v1.Service("headless", {
        metadata,
        spec: { clusterIP: "None", selector: { app: "none" }, ports: [{ port: 80 }] },
      });
      const job = new k8s.batch.v1.Job("once", {
        metadata,
        spec: {
          backoffLimit: 0,
          template: {
            spec: {
              restartPolicy: "Never",
              containers: [{ name: "once", image: HELLO, command: ["node"], args: edit.job }],
            },
          },
        },
      });
      const pod = new k8s.core.v1.Pod("single", {
        metadata: {
          ...metadata,
          annotations: { "pulumi.com/waitFor": '["jsonpath={.status.phase}=Running","condition=PodScheduled"]' },
        },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: "web", image: HELLO }] },
      });
      const storage = new k8s.storage.v1.StorageClass("late", {
        provisioner: "example.com/none",
        volumeBindingMode: "WaitForFirstConsumer",
      });
      new k8s.core.v1.PersistentVolumeClaim("claim", {
        metadata,
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: storage.metadata.name,
          resources: { requests: { storage: "1Mi" } },
        },
      });
      return {
        phase: pod.status.phase,
        succeeded: job.status.succeeded,
        available: deployment.status.availableReplicas,
        ip: service.spec.clusterIP,
      };
    });
    const lines: string[] = [];
    const { outputs } = await engine.up({
      onEvent: ({ diagnosticEvent }) => diagnosticEvent?.ephemeral === true && lines.push(diagnosticEvent.message),
    });
    expect(outputs).toMatchObject({ phase: "Running", succeeded: 1, available: 1, ip: expect.stringMatching(/^\d/) });
    expect(lines.join("\n")).toMatch(/0 of 1 pods available/);
    expect(lines.join("\n")).toMatch(/1 pods active, 0 succeeded/);
    await engine.preview({ expectNoChanges: true });

    // A job's template cannot change; a job that fails says why.
    edit.job = ["-e", "process.exit(7)"];
    expect((await engine.preview()).changes).toEqual({ same: 8, replace: 1 });
    expect(await failure(engine.up())).toMatch(/Job "once" .*it failed: BackoffLimitExceeded: .*exited with 7/);
    await others.read("v1", "Namespace", "", namespace);
  });
});
