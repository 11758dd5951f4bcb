import { afterEach, describe, expect, it, vi } from "vitest";
import { isSecret, UNKNOWN, unwrapAll } from "../shared/wire";
import { KubernetesProvider } from "./provider";

const NOWHERE = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "c",
  contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
  users: [{ name: "u", user: { token: "hidden-token" } }],
});
const DEPLOYMENT = {
  urn: "urn:pulumi:s::p::kubernetes:apps/v1:Deployment::web",
  type: "kubernetes:apps/v1:Deployment",
  name: "web",
};
const CONFIG_MAP = { ...DEPLOYMENT, type: "kubernetes:core/v1:ConfigMap" };

function provider(config: Record<string, unknown> = {}): KubernetesProvider {
  const made = new KubernetesProvider("4.34.2");
  made.configure({ kubeconfig: NOWHERE, ...config });
  return made;
}

afterEach(() => vi.unstubAllEnvs());

describe("check", () => {
  const check = (inputs: Record<string, unknown>, more: object = {}) =>
    provider({ namespace: "shop" }).check({ ...DEPLOYMENT, inputs, oldInputs: {}, autonaming: undefined, ...more });

  it("makes a name, notes that, and keeps it", async () => {
    const { inputs } = await check({ metadata: { labels: { a: "b" } } });
    expect(inputs).toMatchObject({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: expect.stringMatching(/^web-[0-9a-f]{8}$/),
        namespace: "shop",
        labels: { a: "b" },
        annotations: { "pulumi.com/autonamed": "true" },
      },
    });
    expect((await check({}, { oldInputs: inputs })).inputs.metadata).toMatchObject({
      name: (inputs.metadata as { name: string }).name,
    });
  });

  it("keeps no name that the program gave once, and obeys the engine's settings", async () => {
    const given = await check({ metadata: { name: "mine" } });
    expect(given.inputs.metadata).toEqual({ name: "mine", namespace: "shop" });
    const propose = { autonaming: { mode: "propose", proposed: "p-web" } };
    expect((await check({}, { ...propose, oldInputs: given.inputs })).inputs.metadata).toMatchObject({ name: "p-web" });
    await expect(check({}, { autonaming: { mode: "disable", proposed: "" } })).rejects.toThrow(
      "web: metadata.name is missing, and autonaming is disabled. Set metadata.name.",
    );
  });

  it("marks the data of a Secret, whether or not the program did", async () => {
    const secret = { ...DEPLOYMENT, type: "kubernetes:core/v1:Secret" };
    const { inputs } = await check({ data: { a: "YQ==" }, stringData: { b: "c" } }, secret);
    expect([isSecret(inputs.data), isSecret(inputs.stringData)]).toEqual([true, true]);
    expect(unwrapAll(inputs)).toMatchObject({ data: { a: "YQ==" }, stringData: { b: "c" } });
  });

  it("refuses what it cannot serve, several problems at once", async () => {
    const reasons = async (type: string, inputs: Record<string, unknown>) =>
      (await check(inputs, { type })).failures.map(({ reason }) => reason);
    expect(await reasons("kubernetes:core/v1:PodList", { items: [{}] })).toEqual([
      'PodList "web": PodList is a list of objects and cannot be created. Create each of its items.',
    ]);
    expect(await reasons("kubernetes:helm.sh/v3:Release", {})).toEqual([
      expect.stringContaining("does not serve kubernetes:helm.sh/v3:Release"),
    ]);
    expect(await reasons("kubernetes:apps/v1:DeploymentPatch", { kind: "Deployment" })).toEqual([
      expect.stringContaining("metadata.name is missing"),
    ]);
    const annotations = { "pulumi.com/waitFor": "Ready" };
    expect(await reasons("kubernetes:core/v1:Pod", { metadata: { generateName: "a-", annotations } })).toEqual([
      expect.stringContaining("metadata.generateName is not supported"),
      expect.stringContaining('(got "Ready")'),
    ]);
  });
});

describe("diff", () => {
  const base = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "shop" } };
  const spec = (replicas: unknown, app = "a") => ({ replicas, selector: { matchLabels: { app } } });
  const diff = (oldInputs: object, inputs: object, key = DEPLOYMENT, config = {}) =>
    provider(config).diff({
      ...key,
      id: "shop/web",
      oldInputs: { ...oldInputs },
      inputs: { ...inputs },
      oldOutputs: { ...oldInputs },
    });

  it("names each place, and replaces for fields that never change", async () => {
    const old = { ...base, spec: spec(1) };
    expect(await diff(old, { ...base, spec: spec(1) })).toMatchObject({ changed: [], detailed: [] });
    expect(await diff(old, { ...base, spec: spec(UNKNOWN) })).toEqual({
      changed: ["spec.replicas"],
      replaces: [],
      deleteBeforeReplace: false,
      detailed: [{ path: "spec.replicas", kind: "update", replace: false }],
    });
    expect(await diff(old, { ...base, spec: spec(2, "b") })).toMatchObject({
      changed: ["spec.replicas", "spec.selector.matchLabels.app"],
      replaces: ["spec.selector.matchLabels.app"],
      deleteBeforeReplace: true,
    });
  });

  it("makes the new object first when it gets another name or place", async () => {
    const old = { ...base, spec: spec(1) };
    const renamed = { ...old, metadata: { name: "web2", namespace: "shop" } };
    expect(await diff(old, renamed)).toMatchObject({ replaces: ["metadata.name"], deleteBeforeReplace: false });
    const moved = { ...old, metadata: { name: "web", namespace: "other" } };
    expect(await diff(old, moved)).toMatchObject({ replaces: ["metadata.namespace"], deleteBeforeReplace: false });
    const annotations = { "pulumi.com/autonamed": "true" };
    const autonamed = { ...old, metadata: { ...old.metadata, annotations } };
    expect(await diff(autonamed, { ...autonamed, spec: spec(1, "b") })).toMatchObject({ deleteBeforeReplace: false });
  });

  it("takes no namespace and the old one for the same, where the cluster cannot say", async () => {
    const old = { ...base, spec: spec(1) };
    expect(await diff(old, { ...old, metadata: { name: "web" } })).toMatchObject({ changed: [] });
  });

  it("replaces a ConfigMap for its data, unless that is mutable", async () => {
    const old = { ...base, apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } };
    const now = { ...old, data: { a: "2" } };
    expect((await diff(old, now, CONFIG_MAP)).replaces).toEqual(["data.a"]);
    expect((await diff(old, now, CONFIG_MAP, { enableConfigMapMutable: "true" })).replaces).toEqual([]);
    const fixed = { ...now, immutable: true };
    expect((await diff(old, fixed, CONFIG_MAP, { enableConfigMapMutable: "true" })).replaces).toEqual(["data.a"]);
  });

  it("sees no change between data and the same stringData", async () => {
    const secret = { ...base, apiVersion: "v1", kind: "Secret" };
    const key = { ...DEPLOYMENT, type: "kubernetes:core/v1:Secret" };
    expect(await diff({ ...secret, stringData: { a: "x" } }, { ...secret, data: { a: "eA==" } }, key)).toMatchObject({
      changed: [],
    });
  });
});

describe("a cluster that does not answer", () => {
  const inputs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "b" } };

  it("is warned of once; an update fails with one sentence and without the credentials", async () => {
    const made = provider();
    const lines: string[] = [];
    const log = (_: string, line: string) => lines.push(line);
    for (const name of ["a", "b"]) {
      await made.check({ ...CONFIG_MAP, name, inputs, oldInputs: {}, autonaming: undefined, log });
    }
    expect(lines).toEqual([
      "The cluster is not looked at: cannot reach the API server at https://127.0.0.1:1 (ECONNREFUSED).",
    ]);
    expect(await made.create({ ...CONFIG_MAP, inputs, preview: true, log })).toEqual({ id: "", outputs: inputs });
    await expect(made.create({ ...CONFIG_MAP, inputs, preview: false, log })).rejects.toThrow(
      /^ConfigMap "web": cannot reach the API server at https:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)\. Start the cluster/,
    );
  });

  it("is skipped or forgotten when that is asked for", async () => {
    const call = { ...CONFIG_MAP, id: "b/a", inputs, outputs: inputs };
    await expect(provider().delete(call)).rejects.toThrow("PULUMI_K8S_DELETE_UNREACHABLE=true");
    await provider({ deleteUnreachable: "true" }).delete(call);
    expect(await provider({ deleteUnreachable: "true" }).read(call)).toBeUndefined();
    const skipping = provider({ skipUpdateUnreachable: "true" });
    const old = { ...inputs, data: { a: "old" } };
    expect((await skipping.check({ ...CONFIG_MAP, inputs, oldInputs: old, autonaming: undefined })).inputs).toEqual(
      old,
    );
    expect(await skipping.read(call)).toEqual({ id: "b/a", inputs, outputs: inputs });
  });

  it("may be one that the kubeconfig does not name", async () => {
    const said = async (config: Record<string, unknown>) => {
      const made = new KubernetesProvider("4.34.2");
      made.configure(config);
      return made.delete({ ...CONFIG_MAP, id: "b/a", inputs, outputs: inputs });
    };
    await expect(said({ kubeconfig: NOWHERE, context: "x" })).rejects.toThrow('has no context "x" (it has c)');
    await expect(said({ kubeconfig: NOWHERE, cluster: "x" })).rejects.toThrow('has no cluster "x"');
    await expect(said({ kubeconfig: "/no/such/file" })).rejects.toThrow("the kubeconfig /no/such/file does not exist");
    const broken = said({ kubeconfig: '{"users": ["token-of-mine"' });
    await expect(broken).rejects.toThrow("the provider's kubeconfig cannot be read as a kubeconfig");
    vi.stubEnv("KUBECONFIG", "/no/such/config");
    await expect(said({})).rejects.toThrow("there is no kubeconfig (looked for /no/such/config)");
  });
});

describe("the provider's arguments", () => {
  it("are refused when the testkit does not do what they ask for", () => {
    expect(() => provider({ enableServerSideApply: "false" })).toThrow("enableServerSideApply is false");
    expect(() => provider({ renderYamlToDirectory: "out" })).toThrow("renderYamlToDirectory is not supported");
    expect(() => provider({ typo: "x" })).toThrow("typo is not supported by the testkit's provider");
    vi.stubEnv("PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY", "false");
    expect(() => provider()).toThrow("enableServerSideApply is false");
    expect(() => provider({ enableServerSideApply: "true" })).not.toThrow();
  });

  it("replace everything when they lead to another cluster, and only then", () => {
    const replaces = (old: object, now: object) => provider().diffConfig({ ...old }, { ...now }).replaces;
    const other = NOWHERE.replace("127.0.0.1:1", "127.0.0.1:2");
    expect(replaces({ kubeconfig: NOWHERE }, { kubeconfig: other })).toEqual(["kubeconfig"]);
    expect(replaces({ kubeconfig: NOWHERE }, { kubeconfig: NOWHERE.replace("hidden-token", "new") })).toEqual([]);
    expect(replaces({ kubeconfig: NOWHERE }, { kubeconfig: UNKNOWN })).toEqual(["kubeconfig"]);
    const one = { clusterIdentifier: "one" };
    expect(replaces({ kubeconfig: NOWHERE, ...one }, { kubeconfig: other, ...one })).toEqual([]);
    expect(replaces(one, { clusterIdentifier: "two" })).toEqual(["clusterIdentifier"]);
  });
});

describe("invoke", () => {
  it("decodes manifests as Kubernetes reads YAML", async () => {
    const text =
      "---\n# nothing\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {t: 2026-01-02, m: 0644}\n---\n";
    const { result } = await provider().invoke("kubernetes:yaml:decode", { text, defaultNamespace: "shop" });
    expect(result).toEqual([
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "a", namespace: "shop" },
        data: { t: "2026-01-02", m: 420 },
      },
    ]);
    await expect(provider().invoke("kubernetes:yaml:decode", { text: "a: [" })).rejects.toThrow(
      "kubernetes:yaml:decode:",
    );
  });

  it("refuses other functions by name", async () => {
    await expect(provider().invoke("kubernetes:helm:template", {})).rejects.toThrow(
      "The function kubernetes:helm:template is not supported by the testkit's kubernetes provider.",
    );
  });
});
