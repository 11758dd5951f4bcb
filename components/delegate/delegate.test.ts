import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkedKinds, roomOf } from "./kinds";

/** Asks for a provider as the dynamic provider process does, and tells which libraries that loaded. */
function loadedFor(kind: string): { operations: string[]; libraries: string[] } {
  const code =
    `const made = require("headgate/delegate").provider(${JSON.stringify(kind)});` +
    `const found = Object.keys(require.cache).map((file) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1]);` +
    `console.log(JSON.stringify({ operations: Object.keys(made).sort(), libraries: [...new Set(found)] }));`;
  const root = join(__dirname, "..", "..");
  return JSON.parse(execFileSync(process.execPath, ["-e", code], { cwd: root }).toString());
}

test.each(["Release", "HostPreflight", "HostReadiness", "KubernetesRelease", "KubernetesTurn", "WorkTree"])(
  "the provider process finds %s by name, and loads nothing of the other room",
  (kind) => {
    const { operations, libraries } = loadedFor(kind);
    expect(operations).toEqual(expect.arrayContaining(["create", "delete", "diff", "read", "update"]));
    expect(libraries).not.toContain("@kubernetes/client-node");
    expect(libraries.includes("dockerode")).toBe(roomOf(kind) === "docker");
  },
);

test("a kind of another version is named", () => {
  expect(() => roomOf("Nothing")).toThrow('no custom resource "Nothing"');
});

test("a kind that is asked in a preview has an operation for it, and every other loads nothing then", () => {
  expect(checkedKinds).toEqual(["KubernetesPreflight"]);
  expect(loadedFor("KubernetesPreflight").operations).toContain("check");
});
