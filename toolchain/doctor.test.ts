import { expect, test } from "vitest";
import { startableFinding } from "./doctor";

const nothing = { programs: [], unbuilt: [], hasGo: false };

test("a cluster with everything built is found, whether or not there is a Go", () => {
  expect(startableFinding("v1.34.4", nothing)).toMatchObject({ piece: "cluster", state: "found" });
});

test("a cluster says what will be installed and built for it, and how long that takes", () => {
  const unbuilt = [
    { folder: "kubernetes", buildSeconds: 260 },
    { folder: "traefik", buildSeconds: 230 },
  ];
  const finding = startableFinding("v1.34.4", { programs: ["containerd", "runc"], unbuilt, hasGo: true });
  expect(finding.state).toBe("later");
  expect(finding.what).toBe(
    "Kubernetes v1.34.4: containerd, runc will be installed from Debian's packages; " +
      "kubernetes, traefik will be built from Go modules, about 9 min with an empty Go cache",
  );
  expect(startableFinding("v1.34.4", { ...nothing, unbuilt })).toMatchObject({
    state: "missing",
    what: "no go to build kubernetes, traefik with",
  });
});
