import { expect, test } from "vitest";
import { describeUsers, foundPlatform, wayIn } from "./describe";
import { type PlatformPieceName, platformPieces } from "./survey";

const piece = (name: PlatformPieceName, version = "v1.2.3") => ({
  name,
  version,
  namespace: "tools",
  pods: 1,
  readyPods: 1,
  problems: [],
});
const users = { kubeconfig: "/home/me/.kube/config", nodeAddress: "10.0.0.1" };

test("a platform is described by addresses, versions and what it lacks", () => {
  const found = foundPlatform({ pieces: [piece("traefik", "v3.6.7")], routerPort: 30080 }, "10.0.0.1");
  expect(found).toEqual({
    routerAddress: "http://10.0.0.1:30080",
    versions: { traefik: "v3.6.7" },
    missing: ["argo-rollouts", "prometheus"],
  });
  const balanced = { pieces: [], routerPort: 30080, routerHost: "lb.example.com" };
  expect(foundPlatform(balanced, "10.0.0.1").routerAddress).toBe("http://lb.example.com");
});

test("the owner of a cluster without a platform is told how to deliver all of it", () => {
  const text = describeUsers(users, foundPlatform({ pieces: [] }, "10.0.0.1"));
  expect(text).toContain("/home/me/.kube/config is used as it is: nothing was changed.");
  expect(text).toContain("To have argo-rollouts, traefik and prometheus installed:");
  expect(text).toContain("cd examples/kubernetes/platform\n    pulumi stack init NAME\n    pulumi up");
  expect(text).not.toContain("config set");
  expect(describeUsers(users, undefined)).toBe(text);
});

test("what is there is left out of the delivery", () => {
  const survey = { pieces: [piece("argo-rollouts"), piece("prometheus")], prometheus: "http://p.tools.svc:9090" };
  const text = describeUsers(users, foundPlatform(survey, "10.0.0.1"));
  expect(text).toContain("To have traefik installed:");
  expect(text).toContain("pulumi config set --path platform.argoRollouts.install false\n");
  expect(text).toContain("pulumi config set --path platform.prometheus.address http://p.tools.svc:9090\n");
  expect(text).not.toContain("traefik.install");
});

test("a cluster with all of it needs nothing", () => {
  const survey = { pieces: platformPieces.map((name) => piece(name)), routerPort: 30080 };
  const text = describeUsers(users, foundPlatform(survey, "10.0.0.1"));
  expect(text).toContain("http://10.0.0.1:30080");
  expect(text).toContain("Services can be released on it.");
  expect(text).not.toContain("pulumi");
});

test("a cluster that was started says how services get in", () => {
  const survey = { pieces: [], routerPort: 30080, prometheus: "http://prometheus.headgate.svc:9090" };
  const text = wayIn(foundPlatform(survey, "198.18.0.2"), "/cache/kubectl");
  expect(text).toContain('curl -H "host: shop.example.com" http://198.18.0.2:30080/');
  expect(text).toContain("/cache/kubectl -n headgate port-forward service/prometheus 9090");
  expect(text).toContain('{ prometheus: "http://prometheus.headgate.svc:9090", scrapeInterval: "2s" }');
});
