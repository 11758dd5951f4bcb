import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findUserCluster, kubeconfigPath, loadCommand, loadIntoUserCluster } from "./user-cluster";

function kubeconfig(value: unknown): NodeJS.ProcessEnv {
  const dir = mkdtempSync(join(tmpdir(), "kubeconfig-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, "config"), JSON.stringify(value));
  return { KUBECONFIG: join(dir, "config") };
}

test("KUBECONFIG is one file or not set", () => {
  expect(kubeconfigPath({})).toBeUndefined();
  expect(kubeconfigPath({ KUBECONFIG: "" })).toBeUndefined();
  expect(kubeconfigPath({ KUBECONFIG: "/a" })).toBe("/a");
  expect(() => kubeconfigPath({ KUBECONFIG: "/a:/b" })).toThrow("names several files (/a:/b). Set it to one file");
});

test("a KUBECONFIG that leads nowhere is an error and not passed over", async () => {
  await expect(findUserCluster({ KUBECONFIG: "/nowhere/config" })).rejects.toThrow(
    /^KUBECONFIG \(\/nowhere\/config\): it cannot be read .*Correct it, or unset KUBECONFIG\.$/,
  );
  await expect(findUserCluster(kubeconfig({ apiVersion: "v1", kind: "Config" }))).rejects.toThrow("names no cluster");
  const closed = kubeconfig({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: "http://127.0.0.1:9" } }],
    users: [{ name: "u", user: {} }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    "current-context": "c",
  });
  await expect(findUserCluster(closed)).rejects.toThrow("the API server http://127.0.0.1:9 cannot be reached");
});

test("images reach clusters of kind and k3d, and no others", async () => {
  expect(loadCommand("kind-my-shop", { image: "a:1" })).toEqual([
    ...["kind", "load", "docker-image", "a:1"],
    ...["--name", "my-shop"],
  ]);
  expect(loadCommand("kind-x", { archive: "/a.tar" })).toContain("image-archive");
  expect(loadCommand("k3d-x", { archive: "/a.tar" })).toEqual([
    ...["k3d", "image", "import", "/a.tar"],
    ...["--cluster", "x"],
  ]);
  expect(loadCommand("arn:aws:eks:eu-west-1:1:cluster/shop", { image: "a:1" })).toBeUndefined();
  const cluster = { kubeconfig: "", context: "production", server: "", version: "", nodeAddress: "" };
  await expect(loadIntoUserCluster(cluster, { image: "a:1" })).rejects.toThrow(
    /"a:1" cannot be brought into the cluster of context "production".*Unset KUBECONFIG/,
  );
});
