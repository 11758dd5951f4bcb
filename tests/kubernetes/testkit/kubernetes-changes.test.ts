import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, describe, expect, it } from "vitest";
import { engineFor, failure, freshName, others, podTemplate } from "./world";

const LABELS = { app: "web" };

/** Namespaces that no stack destroys. */
const strays: string[] = [];
afterAll(async () => {
  await Promise.all(strays.map((name) => others.removeNamespace(name)));
});

describe("a change of the program", () => {
  it("updates, removes, replaces, and leaves alone what others set", async () => {
    const namespace = freshName();
    const edit = {
      replicas: 0 as number | undefined,
      noted: true,
      cpu: "1000m",
      app: "web",
      data: "1",
      secret: "hunter22-in-the-state",
    };
    await using engine = await engineFor(async () => {
      const space = new k8s.core.v1.Namespace("space", { metadata: { name: namespace } });
      const metadata = { namespace: space.metadata.name };
      const settings = new k8s.core.v1.ConfigMap("settings", { metadata, data: { value: edit.data } });
      const hidden = new k8s.core.v1.ConfigMap("hidden", { metadata, data: { value: pulumi.secret(edit.secret) } });
      const token = new k8s.core.v1.Secret("token", { metadata, stringData: { token: "not-marked-as-secret" } });
      const labels = { ...LABELS, app: edit.app };
      new k8s.apps.v1.Deployment("web", {
        metadata: { ...metadata, name: "web", ...(edit.noted && { annotations: { note: "here" } }) },
        spec: {
          ...(edit.replicas !== undefined && { replicas: edit.replicas }),
          selector: { matchLabels: labels },
          template: podTemplate(labels, { resources: { limits: { cpu: edit.cpu }, requests: { cpu: "10m" } } }),
        },
      });
      return { settings: settings.metadata.name, hidden: hidden.data, token: token.data };
    });

    const first = await engine.up();
    expect(first.changes).toEqual({ create: 6 });
    expect(first.outputs.settings).toMatch(/^settings-[0-9a-f]{8}$/);
    expect(first.outputs.token).toEqual({ token: Buffer.from("not-marked-as-secret").toString("base64") });
    for (const secret of [
      edit.secret,
      "not-marked-as-secret",
      Buffer.from("not-marked-as-secret").toString("base64"),
    ]) {
      expect(engine.stateText()).not.toContain(secret);
    }
    const made = await others.read("apps/v1", "Deployment", namespace, "web");
    expect(made.metadata.managedFields.map(({ manager }: { manager: string }) => manager)).toContainEqual(
      expect.stringMatching(/^pulumi-kubernetes-[0-9a-f]{8}$/),
    );
    expect(JSON.stringify(await engine.exportState())).not.toContain("managedFields");

    // Others add a label and write the same quantity in another way: neither is a change.
    await others.merge(
      { apiVersion: "apps/v1", kind: "Deployment", metadata: { namespace, name: "web", labels: { foreign: "yes" } } },
      "somebody",
    );
    edit.cpu = "1";
    await engine.preview({ expectNoChanges: true });
    await engine.refresh();
    await engine.preview({ expectNoChanges: true });

    edit.noted = false;
    expect((await engine.up()).changes).toEqual({ same: 5, update: 1 });
    const updated = await others.read("apps/v1", "Deployment", namespace, "web");
    expect(updated.metadata.annotations.note).toBeUndefined();
    expect(updated.metadata.labels).toEqual({ foreign: "yes" });

    // A selector cannot change; the name was given, so the old object goes first.
    edit.app = "web2";
    const replaced = await engine.preview();
    expect(replaced.changes).toEqual({ same: 5, replace: 1 });
    expect(replaced.stdout).toMatch(/Deployment web replace.*~spec/);
    await engine.up();
    const again = await others.read("apps/v1", "Deployment", namespace, "web");
    expect(again.metadata.uid).not.toBe(updated.metadata.uid);

    // Data of a ConfigMap is a new one under a new name, so that pods see either the old or the new.
    edit.data = "2";
    const { outputs, changes } = await engine.up();
    expect(changes).toEqual({ same: 5, replace: 1 });
    expect(outputs.settings).not.toBe(first.outputs.settings);
    expect(await others.isGone("v1", "ConfigMap", namespace, String(first.outputs.settings))).toBe(true);
    expect((await engine.destroy()).changes).toEqual({ delete: 6 });
    expect(await others.isGone("v1", "Namespace", "", namespace)).toBe(true);
  });

  it("leaves replicas to an autoscaler when the program omits them, and names who owns a field it wants", async () => {
    const namespace = freshName();
    const edit = { replicas: undefined as number | undefined, note: "1", force: false, ignore: [] as string[] };
    await using engine = await engineFor(async () => {
      const space = new k8s.core.v1.Namespace("space", { metadata: { name: namespace } });
      const annotations = { note: edit.note, ...(edit.force && { "pulumi.com/patchForce": "true" }) };
      new k8s.apps.v1.Deployment(
        "web",
        {
          metadata: { name: "web", namespace: space.metadata.name, annotations },
          spec: {
            paused: true,
            ...(edit.replicas !== undefined && { replicas: edit.replicas }),
            selector: { matchLabels: LABELS },
            template: podTemplate(LABELS),
          },
        },
        { ignoreChanges: edit.ignore },
      );
    });
    await engine.up();
    const scale = (replicas: number) =>
      others.apply(
        { apiVersion: "apps/v1", kind: "Deployment", metadata: { namespace, name: "web" }, spec: { replicas } },
        "scaler",
      );
    const live = async () => (await others.read("apps/v1", "Deployment", namespace, "web")).spec.replicas;
    await scale(4);
    await engine.preview({ expectNoChanges: true });
    edit.note = "2";
    await engine.up({ refresh: true });
    expect(await live()).toBe(4);

    edit.replicas = 2;
    const wanted = 'Deployment "web" (';
    const reason =
      'spec.replicas belongs to the field manager "scaler". Leave these fields out of the program, or set the annotation pulumi.com/patchForce: "true" to take them over.';
    for (const work of [engine.preview(), engine.up()]) {
      const said = await failure(work);
      expect(said).toContain(wanted);
      expect(said).toContain(reason);
    }
    expect(await live()).toBe(4);

    // With ignoreChanges the field stays with its owner, whatever the program says.
    edit.ignore = ["spec.replicas"];
    edit.note = "3";
    await engine.up();
    expect(await live()).toBe(4);

    edit.ignore = [];
    edit.force = true;
    await engine.up();
    expect(await live()).toBe(2);
    await engine.preview({ expectNoChanges: true });
  });

  it("goes on with an object that the official plugin made", async () => {
    const namespace = freshName();
    await others.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }, "setup");
    strays.push(namespace);
    const service = (ports: number[]) => ({
      metadata: { namespace, name: "old", annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        ...{ type: "ClusterIP", sessionAffinity: "None", internalTrafficPolicy: "Cluster" },
        ...{ ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" },
        ports: ports.map((port) => ({ name: `p${port}`, port, targetPort: port, protocol: "TCP" })),
      },
    });
    await others.create({ apiVersion: "v1", kind: "Service", ...service([80, 81]) }, "pulumi-kubernetes");
    const { clusterIP, clusterIPs } = (await others.read("v1", "Service", namespace, "old")).spec;
    const edit = { ports: [80, 81] };
    await using engine = await engineFor(async () => {
      const args = service(edit.ports);
      new k8s.core.v1.Service(
        "old",
        { ...args, spec: { ...args.spec, clusterIP, clusterIPs } },
        { import: `${namespace}/old` },
      );
    });
    await engine.up();
    edit.ports = [80, 82];
    expect((await engine.up()).changes).toMatchObject({ update: 1 });
    const { spec, metadata } = await others.read("v1", "Service", namespace, "old");
    expect(spec.ports.map(({ port }: { port: number }) => port)).toEqual([80, 82]);
    expect(metadata.managedFields.map(({ manager }: { manager: string }) => manager)).toEqual([
      expect.stringMatching(/^pulumi-kubernetes-[0-9a-f]{8}$/),
    ]);
  });

  it("proposes a replacement for what only the API server knows to be immutable", async () => {
    const namespace = freshName();
    const edit = { value: "1" };
    await using engine = await engineFor(async () => {
      const space = new k8s.core.v1.Namespace("space", { metadata: { name: namespace } });
      new k8s.scheduling.v1.PriorityClass("first", { metadata: {}, value: Number(edit.value) });
      return { space: space.metadata.name };
    });
    await engine.up();
    edit.value = "2";
    const { changes } = await engine.preview();
    expect(changes).toEqual({ same: 2, replace: 1 });
    expect((await engine.up()).changes).toEqual({ same: 2, replace: 1 });
  });
});
