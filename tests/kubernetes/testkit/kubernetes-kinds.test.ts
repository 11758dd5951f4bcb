import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import { afterAll, describe, expect, it } from "vitest";
import { engineFor, failure, freshName, others } from "./world";

const schema = {
  type: "object",
  properties: { spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
};

function definition(group: string) {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `gadgets.${group}` },
    spec: {
      group,
      scope: "Cluster",
      names: { plural: "gadgets", singular: "gadget", kind: "Gadget", listKind: "GadgetList" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}

/** Namespaces that no stack destroys. */
const strays: string[] = [];
afterAll(async () => {
  await Promise.all(strays.map((name) => others.removeNamespace(name)));
});

describe("kinds", () => {
  it("whose definition the same program brings are made, changed and deleted; a finalizer that stays is named", async () => {
    const group = `${freshName()}.example.com`;
    const folder = mkdtempSync(join(tmpdir(), "manifests-"));
    writeFileSync(join(folder, "crd.yaml"), `---\n# nothing\n---\n${JSON.stringify(definition(group))}\n`);
    const edit = { size: 1, gadget: true };
    await using engine = await engineFor(async () => {
      const manifests = new k8s.yaml.ConfigFile("crds", { file: join(folder, "crd.yaml") });
      if (!edit.gadget) return;
      new k8s.apiextensions.CustomResource(
        "one",
        { apiVersion: `${group}/v1`, kind: "Gadget", metadata: { name: "one" }, spec: { size: edit.size } },
        { dependsOn: manifests, customTimeouts: { delete: "4s" } },
      );
    });
    await engine.preview();
    await engine.up();
    await engine.preview({ expectNoChanges: true });
    edit.size = 2;
    expect((await engine.up()).changes).toMatchObject({ update: 1 });
    const gadget = { apiVersion: `${group}/v1`, kind: "Gadget", metadata: { name: "one" } };
    expect((await others.read(`${group}/v1`, "Gadget", "", "one")).spec).toEqual({ size: 2 });

    const hold = (finalizers: string[]) =>
      others.merge({ ...gadget, metadata: { name: "one", finalizers } } as typeof gadget, "somebody");
    await hold(["example.com/hold"]);
    edit.gadget = false;
    expect(await failure(engine.up())).toMatch(
      /still there 4 s after its deletion: its finalizers hold it: .*example\.com\/hold/,
    );
    await hold([]);
    await engine.up();
    expect(await others.isGone(`${group}/v1`, "Gadget", "", "one")).toBe(true);
    rmSync(folder, { recursive: true });
  });

  it("are patched, imported, refused; what is there already is not taken", async () => {
    const namespace = freshName();
    await others.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }, "setup");
    strays.push(namespace);
    await others.apply(
      { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name: "shared" }, data: { a: "1" } },
      "owner",
    );
    const edit = { step: "patch" };
    await using engine = await engineFor(async () => {
      const metadata = { namespace, name: "shared" };
      if (edit.step === "patch") new k8s.core.v1.ConfigMapPatch("shared", { metadata, data: { b: "2" } });
      if (edit.step === "taken") new k8s.core.v1.ConfigMap("shared", { metadata, data: { a: "1" } });
      if (edit.step === "import") {
        new k8s.core.v1.ConfigMap(
          "shared",
          { metadata, data: { a: "1" } },
          { import: `${namespace}/shared`, retainOnDelete: true },
        );
      }
      if (edit.step === "list") new k8s.core.v1.ConfigMapList("many", { items: [{ metadata, data: {} }] });
      if (edit.step === "missing") {
        new k8s.apiextensions.CustomResource(
          "x",
          { apiVersion: "nobody.example.com/v1", kind: "Nothing", metadata: { namespace } },
          {},
        );
      }
      if (edit.step === "typo") {
        new k8s.apiextensions.CustomResource("typo", {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { namespace },
          dataa: {},
        });
      }
      if (edit.step === "waitFor") {
        new k8s.core.v1.ConfigMap("w", { metadata: { namespace, annotations: { "pulumi.com/waitFor": "Ready" } } });
      }
      if (edit.step === "helm") new k8s.helm.v3.Release("chart", { chart: "x" });
    });
    const data = async () => (await others.read("v1", "ConfigMap", namespace, "shared")).data;
    await engine.up();
    expect(await data()).toEqual({ a: "1", b: "2" });

    // Deleting the patch gives its field up.
    edit.step = "none";
    await engine.up();
    expect(await data()).toEqual({ a: "1" });
    edit.step = "import";
    await engine.up();
    expect((await engine.exportState()).resources).toContainEqual(
      expect.objectContaining({ id: `${namespace}/shared` }),
    );
    await engine.preview({ expectNoChanges: true });

    const saying: Record<string, string | RegExp> = {
      taken: /exists already\. Import it, choose another metadata\.name/,
      list: "ConfigMapList is a list of objects and cannot be created. Create each of its items.",
      typo: /unknown field "dataa"/,
      waitFor:
        /metadata\.annotations\["pulumi\.com\/waitFor"\] is neither condition=.* \(got "Ready"\)\. Write condition=Ready/,
      helm: /does not serve kubernetes:helm\.sh\/v3:Release/,
    };
    edit.step = "none";
    await engine.up();
    for (const [step, words] of Object.entries(saying)) {
      edit.step = step;
      expect(await failure(step === "taken" ? engine.up() : engine.preview())).toMatch(words);
    }
    expect(await data()).toEqual({ a: "1" });
  });

  it("of a cluster that cannot be reached are previewed with a warning, and forgotten only when that is asked for", async () => {
    const namespace = freshName();
    const nowhere = `apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{ name: c, context: { cluster: c, user: u } }]\nclusters: [{ name: c, cluster: { server: "https://127.0.0.1:1" } }]\nusers: [{ name: u, user: { token: hidden-token } }]\n`;
    const edit: { kubeconfig: string; deleteUnreachable?: boolean; more?: object } = { kubeconfig: nowhere };
    await using engine = await engineFor(async () => {
      const provider = new k8s.Provider("cluster", {
        kubeconfig: edit.kubeconfig,
        clusterIdentifier: "one",
        ...(edit.deleteUnreachable && { deleteUnreachable: true }),
        ...edit.more,
      });
      new k8s.core.v1.Namespace("space", { metadata: { name: namespace } }, { provider });
    });
    const { stdout, changes } = await engine.preview();
    expect(changes).toEqual({ create: 3 });
    expect(stdout).toContain(
      "The cluster is not looked at: cannot reach the API server at https://127.0.0.1:1 (ECONNREFUSED).",
    );
    expect(await failure(engine.up())).toMatch(
      /Namespace "space".*: cannot reach the API server .* Start the cluster or correct/,
    );
    expect(stdout).not.toContain("hidden-token");

    edit.more = { enableServerSideApply: false };
    expect(await failure(engine.preview())).toContain(
      "enableServerSideApply is false, which the testkit's provider does not support",
    );
    edit.more = { renderYamlToDirectory: "out" };
    expect(await failure(engine.preview())).toContain(
      "renderYamlToDirectory is not supported by the testkit's provider",
    );
    edit.more = { context: "other" };
    expect((await engine.preview()).stdout).toContain('the kubeconfig has no context "other" (it has c)');
  });
});
