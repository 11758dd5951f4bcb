import { expect, test } from "vitest";
import { chooseTarget, namedTarget, type Place } from "./choose";

const none: Place = { docker: false, kubernetes: false };

test.each<[Partial<Place>, string | undefined]>([
  [{}, undefined],
  [{ docker: true }, "docker"],
  [{ engine: "ssh://deploy@host" }, "docker"],
  [{ guard: "edge-guard" }, "docker"],
  [{ kubernetes: true }, "kubernetes"],
  [{ namespace: "shop" }, "kubernetes"],
  [{ context: "prod" }, "kubernetes"],
  [{ kubeconfig: "/a" }, "kubernetes"],
])("%j names %s", (flags, expected) => {
  expect(namedTarget({ ...none, ...flags })).toBe(expected);
});

test("flags of both are refused", () => {
  expect(() => namedTarget({ ...none, engine: "x", namespace: "y" })).toThrow("do not go with the flags of a cluster");
});

test("without flags, what was looked for is said", async () => {
  const before = { ...process.env };
  Object.assign(process.env, { DOCKER_HOST: "unix:///nowhere.sock", KUBECONFIG: "/nowhere", HOME: "/nowhere" });
  try {
    const error = await chooseTarget(none, "shop").catch((thrown: Error) => thrown.message);
    expect(error).toMatch(/"shop" was not found/);
    expect(error).toMatch(/Docker: no engine answers/);
    expect(error).toMatch(/Kubernetes: .*(does not answer|without a current cluster)/);
    expect(error).toMatch(/--engine and --guard, or with --namespace/);
  } finally {
    for (const key of ["DOCKER_HOST", "KUBECONFIG", "HOME"]) {
      if (before[key] === undefined) delete process.env[key];
      else process.env[key] = before[key];
    }
  }
});

test("a kubeconfig that is not there is named", async () => {
  await expect(chooseTarget({ ...none, kubeconfig: "/nowhere" }, "shop")).rejects.toThrow(
    "--kubeconfig cannot be read",
  );
});
