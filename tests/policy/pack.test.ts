import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { EnforcementLevel } from "@pulumi/pulumi/proto/analyzer_pb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "../../policy/core/resource";
import { pod } from "../../policy/testing/fixtures";
import { goodContainer, goodMetadata, goodSpec } from "../../policy/testing/good-pod";
import { type Diagnostic, PackServer, WIRE_UNKNOWN } from "../../policy/testing/pack-server";
import { checkout } from "../../toolchain/paths";
import { policyPack } from "../../toolchain/policy-pack";

/** Inside the checkout, where the packages of Pulumi are found. */
mkdirSync(join(checkout, "test-results"), { recursive: true });
const folder = mkdtempSync(join(checkout, "test-results", "pack-"));
beforeAll(() => policyPack(folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { ADVISORY, MANDATORY, REMEDIATE } = EnforcementLevel;
const told = (diagnostics: Diagnostic[]) =>
  diagnostics.map(({ policyname, enforcementlevel, message }) => [policyname, enforcementlevel, message]);
const of = (rule: string, diagnostics: Diagnostic[]) =>
  told(diagnostics.filter(({ policyname }) => policyname === rule));

const podOf = (container: object, spec: object = goodSpec) =>
  pod({ ...spec, containers: [{ ...goodContainer, ...container }] }, goodMetadata);
const good = podOf({});
const privileged = podOf({ securityContext: { ...goodContainer.securityContext, privileged: true } });
const waiver = {
  rule: "k8s-privileged",
  resource: { name: "shop" },
  reason: "the old agent goes with the next node image",
  owner: "platform",
  ticket: "OPS-7",
  expires: new Date(Date.now() + 7 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10),
};

describe("the pack, served as the engine asks it", () => {
  it("tells a violation under its rule's name, and nothing of a good pod", async () => {
    using server = await PackServer.start(folder);
    expect(told(await server.analyze(good))).toEqual([]);
    const [found, ...more] = await server.analyze(privileged);
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      policyname: "k8s-privileged",
      policypackname: "headgate",
      enforcementlevel: MANDATORY,
      severity: 4,
      message:
        'spec.containers[0].securityContext.privileged: container "web" is privileged. Remove privileged. Add the one capability that is needed instead.',
    });
  });

  it("judges what is known beside what is not", async () => {
    using server = await PackServer.start(folder);
    const containers = [
      { ...goodContainer, image: WIRE_UNKNOWN },
      { ...goodContainer, name: "side", image: "nginx" },
    ];
    const findings = await server.analyze(pod({ ...goodSpec, containers }));
    expect(of("image-digest", findings).map(([, level, message]) => [level, String(message).split(". ")[0]])).toEqual([
      [MANDATORY, 'spec.containers[1].image: container "side" runs an image that is not named by its digest'],
      [ADVISORY, "cannot be judged yet: not known before the update: spec.containers[0].image"],
    ]);
    expect(of("k8s-privileged", findings)).toEqual([]);
  });

  it("takes environment, levels, options and the engine's own level", async () => {
    using server = await PackServer.start(folder);
    await server.configure({
      headgate: {
        environment: "development",
        levels: { "k8s-seccomp": "mandatory" },
        options: { "image-registry": { allowed: ["ghcr.io"] } },
      },
    });
    const findings = await server.analyze(podOf({}, { ...goodSpec, securityContext: { runAsNonRoot: true } }));
    expect(told(findings).map(([rule, level]) => [rule, level])).toEqual([
      ["k8s-seccomp", MANDATORY],
      ["image-registry", ADVISORY],
    ]);
    using lenient = await PackServer.start(folder);
    await lenient.configure({ headgate: {} }, ADVISORY);
    expect(told(await lenient.analyze(privileged)).map(([, level]) => level)).toEqual([ADVISORY]);
  });

  it("tells once, and as mandatory, that its configuration is wrong, and judges as in production", async () => {
    using server = await PackServer.start(folder);
    await server.configure({ headgate: { environment: "development", levels: { "k8s-privilegd": "off" } } });
    const findings = await server.analyze(podOf({ image: "ghcr.io/shop:1" }));
    expect(told(findings)).toEqual([
      ["headgate", MANDATORY, expect.stringContaining("levels.k8s-privilegd names no rule. Did you mean")],
      ["image-digest", MANDATORY, expect.any(String)],
    ]);
    expect(told(await server.analyze(good))).toEqual([]);
  });

  it("tells a waived violation and lets it pass; a waiver that nothing needs fails", async () => {
    using server = await PackServer.start(folder);
    const idle = { ...waiver, rule: "k8s-host-path" };
    await server.configure({ headgate: { levels: { "image-signed": "off" }, waivers: [waiver, idle] } });
    expect(told(await server.analyze(privileged))).toEqual([
      ["k8s-privileged", ADVISORY, expect.stringContaining("OPS-7: the old agent goes with the next node image.")],
    ]);
    expect(told(await server.analyzeStack([privileged]))).toEqual([
      ["waiver-hygiene", MANDATORY, expect.stringMatching(/^waivers\[1\]\.resource: waivers\[1\] covers no finding\./)],
    ]);
  });

  describe("told to remediate", () => {
    const bare = { name: "web", image: goodContainer.image, securityContext: {} };
    const metadata = { name: "shop", namespace: "shop", labels: { service: "shop" } };
    const deploymentOf = (...containers: object[]) => ({
      type: "kubernetes:apps/v1:Deployment",
      name: "shop",
      properties: { metadata, spec: { template: { spec: { ...goodSpec, securityContext: {}, containers } } } },
    });
    const deployment = deploymentOf(bare);
    const values = { owner: "shop-team", "cost-center": "4711" };
    const added = {
      metadata: { ...metadata, labels: { service: "shop", ...values } },
      spec: {
        template: {
          spec: {
            ...goodSpec,
            securityContext: {},
            containers: [
              {
                ...bare,
                securityContext: { capabilities: { drop: ["ALL"] }, seccompProfile: { type: "RuntimeDefault" } },
              },
            ],
          },
        },
      },
    };
    const config = (more: object = {}) => ({ headgate: { options: { "q-owner": { values } }, ...more } });
    async function remediated(resource: Resource, configuration: Record<string, object>, level = REMEDIATE) {
      using server = await PackServer.start(folder);
      await server.configure(configuration as Parameters<PackServer["configure"]>[0], level);
      const properties = await server.remediate(resource);
      return { properties, left: await server.analyze({ ...resource, properties }) };
    }

    it("adds what is missing and judges the rest as mandatory; a second time it adds nothing", async () => {
      const { properties, left } = await remediated(deployment, config());
      expect(properties).toEqual(added);
      expect(of("k8s-seccomp", left)).toEqual([]);
      expect(of("k8s-capabilities", left)).toEqual([]);
      expect(of("k8s-privilege-escalation", left).map(([, level]) => level)).toEqual([MANDATORY]);
      const again = await remediated({ ...deployment, properties }, config());
      expect(again.properties).toEqual(added);
    });

    it("adds nothing untold, by its level or by its list of rules, nor where a waiver holds", async () => {
      const untouched = deployment.properties;
      expect((await remediated(deployment, config(), MANDATORY)).properties).toEqual(untouched);
      expect((await remediated(deployment, config({ remediate: [] }))).properties).toEqual(untouched);
      const waivers = [{ ...waiver, rule: "k8s-seccomp" }];
      const only = await remediated(deployment, config({ remediate: ["k8s-seccomp"], waivers }));
      expect(only.properties).toEqual(untouched);
      const wrong = await remediated(deployment, config({ remediate: ["k8s-privileged"] }));
      expect(wrong.properties).toEqual(untouched);
      expect(of("headgate", wrong.left)).toEqual([
        ["headgate", MANDATORY, expect.stringContaining("remediate[0] names a rule that has no remediation")],
      ]);
    });

    it("leaves what is not known, and keeps what is secret", async () => {
      const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: [bare] };
      const given = deploymentOf({ ...bare, securityContext: WIRE_UNKNOWN });
      const { properties } = await remediated(given, { headgate: {} });
      expect(properties).toEqual(given.properties);
      const hidden = structuredClone(deployment);
      Object.assign(hidden.properties.spec.template.spec, { containers: secret });
      const kept = (await remediated(hidden, config())).properties as typeof deployment.properties;
      expect(kept.spec.template.spec.containers).toEqual({ ...secret, value: added.spec.template.spec.containers });
    });
  });

  it("shows no secret", async () => {
    using server = await PackServer.start(folder);
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "hunter2" };
    const findings = await server.analyze(pod({ ...goodSpec, containers: [{ name: "web", image: secret }] }));
    expect(findings.length).toBeGreaterThan(3);
    expect(JSON.stringify(findings)).not.toContain("hunter2");
  });
});
