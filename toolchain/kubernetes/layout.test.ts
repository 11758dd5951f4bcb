import { expect, test } from "vitest";
import { componentArguments } from "./arguments";
import { certificateRequests, signArguments } from "./certificates";
import { configurationFiles } from "./configuration";
import { hierarchies } from "./control-groups";
import { dnsObjects } from "./dns";
import { clusterFiles, clusterIdentity, MAX_CLUSTERS } from "./layout";
import { initScript } from "./namespaces";
import { freeNumber, parseRecord } from "./registry";

const identity = clusterIdentity(7);
const files = clusterFiles("/cache/clusters/7", "/cache/logs/cluster-7");

test("two clusters share neither link nor address nor control group, and a link's name fits the kernel", () => {
  const other = clusterIdentity(8);
  for (const key of ["node", "link", "hostAddress", "nodeAddress", "controlGroup"] as const) {
    expect(identity[key]).not.toBe(other[key]);
  }
  expect(clusterIdentity(MAX_CLUSTERS - 1).link.length).toBeLessThanOrEqual(15);
  expect(() => clusterIdentity(MAX_CLUSTERS)).toThrow("0 to 249 (got 250)");
});

test("a number is free if no cluster has its link and no network of this machine its addresses", () => {
  expect(freeNumber(["lo", "eth0"], ["127.0.0.1", "192.0.2.2"])).toBe(0);
  expect(freeNumber(["lo", "headgate0", "headgate2"], [])).toBe(1);
  expect(freeNumber([], ["198.18.0.9", "198.18.10.1"])).toBe(1);
  const all = Array.from({ length: MAX_CLUSTERS }, (_, number) => `headgate${number}`);
  expect(() => freeNumber(all, [])).toThrow("make cluster-down");
});

test("a record is believed only with a process that can be recognised", () => {
  const record = { number: 7, pid: 42, started: "777", purpose: "dev", checkout: "/w", version: "v1", ready: true };
  expect(parseRecord(JSON.stringify(record))).toEqual(record);
  for (const edit of [{ pid: 1 }, { pid: "42" }, { started: "" }, { purpose: "prod" }, { number: "7" }]) {
    expect(parseRecord(JSON.stringify({ ...record, ...edit }))).toBeUndefined();
  }
  for (const text of ["", "{", "null", "[]"]) expect(parseRecord(text)).toBeUndefined();
});

test("each user of the built-in roles has a certificate, and servers have the names they are called by", () => {
  const requests = new Map(certificateRequests(identity).map((request) => [request.name, request]));
  expect(requests.get("kubelet")).toEqual({
    name: "kubelet",
    subject: "/O=system:nodes/CN=system:node:headgate-7",
    alternativeNames: ["DNS:headgate-7", "IP:198.18.7.2"],
    usages: ["clientAuth", "serverAuth"],
  });
  expect(requests.get("kube-apiserver")?.alternativeNames).toEqual(
    expect.arrayContaining(["IP:198.18.7.2", "IP:10.96.0.1", "DNS:kubernetes.default.svc.cluster.local"]),
  );
  const admin = requests.get("admin");
  if (admin === undefined) throw new Error("no administrator");
  const args = signArguments(admin, "/pki");
  expect(args).toContain("extendedKeyUsage=clientAuth");
  expect(args.join(" ")).not.toContain("subjectAltName");
});

test("every certificate and configuration that a program is told of is made", () => {
  const made = [
    ...["ca.crt", "ca.key", "service-account.key"].map((name) => `${files.certificates}/${name}`),
    ...certificateRequests(identity).flatMap(({ name }) => [
      `${files.certificates}/${name}.crt`,
      `${files.certificates}/${name}.key`,
      `${files.dir}/${name}.kubeconfig`,
    ]),
    ...Object.keys(configurationFiles(identity, files, "pause", "/cni")).map((name) => `${files.dir}/${name}`),
  ];
  const told = [
    ...Object.values(componentArguments(identity, files)).flat(),
    ...Object.values(configurationFiles(identity, files, "pause", "/cni")),
  ].flatMap((text) => text.match(/\/cache\/clusters\/7\/[\w./-]+\.\w+/g) ?? []);
  expect(told.length).toBeGreaterThan(15);
  expect(told.filter((path) => !made.includes(path))).toEqual([]);
});

test("the node's programs get what toolchains with old kernels, swap and shared machines need", () => {
  const configuration = configurationFiles(identity, files, "headgate/pause:v1", "/usr/lib/cni");
  expect(configuration["containerd.toml"]).toContain("restrict_oom_score_adj = true");
  expect(configuration["containerd.toml"]).toContain('sandbox_image = "headgate/pause:v1"');
  expect(JSON.parse(configuration["kubelet.yaml"] ?? "")).toMatchObject({
    cgroupDriver: "cgroupfs",
    cgroupRoot: "/headgate/7",
    failSwapOn: false,
    authentication: { anonymous: { enabled: false } },
  });
  expect(JSON.parse(configuration["kube-proxy.yaml"] ?? "").conntrack).toMatchObject({ maxPerCore: 0, min: 0 });
});

test("CoreDNS is what the kubelet tells pods to ask, and admitted by the restricted standard", () => {
  const { items } = dnsObjects("headgate/coredns:v1") as { items: { kind: string; spec?: Record<string, unknown> }[] };
  const kubelet = JSON.parse(configurationFiles(identity, files, "", "")["kubelet.yaml"] ?? "");
  expect(items.find(({ kind }) => kind === "Service")?.spec?.["clusterIP"]).toBe(kubelet.clusterDNS[0]);
  expect(JSON.stringify(items)).toContain('"drop":["ALL"]');
});

test("the cluster's own folders lie below the cache and are mounted before the cache is put back", () => {
  const script = initScript("/var/lib/it's", clusterFiles("/var/lib/it's/clusters/7", "/var/lib/it's/logs"), "stdin");
  const at = (text: string): number => {
    expect(script).toContain(text);
    return script.indexOf(text);
  };
  const order = [
    "cd '/var/lib/it'\\''s'",
    "--bind './clusters/7/var-lib' /var/lib\n",
    "--bind './clusters/7/var-log' /var/log\n",
    "tmpfs /run\n",
    "--bind . '/var/lib/it'\\''s'\n",
    "cat >/dev/null",
  ].map(at);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(initScript("/c", files, "forever")).not.toContain("cat >/dev/null");
});

test("hierarchies of control groups are found in both versions", () => {
  const mounts = [
    "tmpfs /sys/fs/cgroup tmpfs rw 0 0",
    "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0",
    "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0",
    "proc /proc proc rw 0 0",
    "",
  ].join("\n");
  expect(hierarchies(mounts)).toEqual([
    { path: "/sys/fs/cgroup/cpu", unified: false },
    { path: "/sys/fs/cgroup/unified", unified: true },
  ]);
});
