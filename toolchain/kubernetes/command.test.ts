import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cacheLayout, checkout } from "../paths";
import { clusterCommand, namesOwnCluster } from "./command";

test("a KUBECONFIG that make cluster printed is this checkout's own cluster, and one of somebody else is not", () => {
  const root = mkdtempSync(join(tmpdir(), "headgate-command-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const cache = cacheLayout(checkout, { HEADGATE_CACHE: root });
  const [own, others] = [0, 1].map((number) => join(root, "clusters", String(number), "admin.kubeconfig"));
  mkdirSync(join(root, "clusters", "1"), { recursive: true });
  writeFileSync(others ?? "", "");
  expect(namesOwnCluster(undefined, cache, own)).toBe(false);
  expect(namesOwnCluster(own, cache, own)).toBe(true);
  // It is gone, and the next one takes its place.
  expect(namesOwnCluster(own, cache, undefined)).toBe(true);
  expect(namesOwnCluster(others, cache, own)).toBe(false);
  expect(namesOwnCluster("/nowhere/config", cache, own)).toBe(false);
});

test("an option that is none ends nothing and starts nothing", async () => {
  const cache = cacheLayout(checkout, { HEADGATE_CACHE: "/nowhere" });
  expect(await clusterCommand(["up", "--brae"], cache)).toBeUndefined();
  expect(await clusterCommand(["down", "--json"], cache)).toBeUndefined();
  expect(await clusterCommand(["load", "--json"], cache)).toBeUndefined();
  expect(await clusterCommand([], cache)).toBeUndefined();
});
