import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goodContainer, goodMetadata, goodSpec } from "../../policy/testing/good-pod";
import { Engine, EngineError, type EngineEvent } from "../../testkit";
import { exec } from "../../toolchain/exec";
import { checkout } from "../../toolchain/paths";
import { EXECUTABLE_NAME, policyPack } from "../../toolchain/policy-pack";

mkdirSync(join(checkout, "test-results"), { recursive: true });
const folder = mkdtempSync(join(checkout, "test-results", "engine-pack-"));
const pack = join(folder, "pack");
beforeAll(() => policyPack(pack));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Served from a folder: the rules look at what is asked for, no cluster is needed for that. */
class Job extends pulumi.CustomResource {
  constructor(name: string, spec: pulumi.Input<unknown>) {
    super("kubernetes:batch/v1:Job", name, { metadata: goodMetadata, spec: { template: { spec } } });
  }
}
class Deployment extends pulumi.CustomResource {
  constructor(name: string, spec: pulumi.Input<unknown>) {
    const labels = { service: "shop", environment: "production" };
    const metadata = { name, namespace: "shop", labels };
    super("kubernetes:apps/v1:Deployment", name, { metadata, spec: { template: { spec } } });
  }
}
class Source extends pulumi.CustomResource {
  declare readonly text: pulumi.Output<string>;
  constructor(name: string, text: pulumi.Input<string>) {
    super("kubernetes:example.com/v1:Source", name, { text });
  }
}

const spec = (container: object = {}) => ({ ...goodSpec, containers: [{ ...goodContainer, ...container }] });
const PRIVILEGED = spec({ securityContext: { ...goodContainer.securityContext, privileged: true } });

function fileOf(content: object): string {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

interface Configuration {
  headgate?: { options?: object; [setting: string]: unknown };
}

/** Who verifies the images is not what these tests are about. */
const configured = ({ headgate = {}, ...rest }: Configuration) => {
  const options = { "image-signed": { verifiedElsewhere: ["registry.example/"] }, ...headgate.options };
  return fileOf({ ...rest, headgate: { ...headgate, options } });
};

function engineWith(program: () => void, config: Configuration = {}): Promise<Engine> {
  return Engine.create({
    program: async () => program(),
    plugins: [{ name: "kubernetes", version: "4.34.2", from: "memory" }],
    policyPacks: [join(pack, EXECUTABLE_NAME)],
    policyPackConfigs: [configured(config)],
  });
}

/** Has the pack judge an exported state, with no backend, no plugin and no passphrase of the stack. */
async function analyze(state: object, config: Configuration) {
  const { code, stdout, stderr } = await exec(
    "pulumi",
    [
      ...["policy", "analyze", "--json", "--non-interactive", "--file", fileOf({ version: 3, deployment: state })],
      ...["--policy-pack", join(pack, EXECUTABLE_NAME), "--policy-pack-config", configured(config)],
    ],
    {
      env: {
        PULUMI_HOME: folder,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_BACKEND_URL: "",
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_CONFIG_PASSPHRASE_FILE: "",
      },
    },
  );
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  return { code, text: stdout + stderr, told: told(lines.map((line) => JSON.parse(line) as EngineEvent)).sort() };
}
const failureOf = async (work: Promise<unknown>): Promise<EngineError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected an EngineError, got ${String(error)}`);
  return error;
};
const told = (events: readonly EngineEvent[]) =>
  events.flatMap(({ policyEvent }) =>
    policyEvent === undefined ? [] : [`${policyEvent.policyName} ${policyEvent.enforcementLevel}`],
  );

describe("the pack in the engine", () => {
  it("stops preview and up before a resource that breaks a rule exists", async () => {
    await using engine = await engineWith(() => void new Job("shop", PRIVILEGED));
    for (const operation of ["preview", "up"] as const) {
      const error = await failureOf(engine[operation]());
      expect(told(error.events)).toEqual(["k8s-privileged mandatory"]);
      expect(error.message).toContain('container "web" is privileged');
    }
    expect(engine.cloud.objects()).toEqual([]);
    expect(engine.cloud.calls("create").filter(({ preview }) => preview !== true)).toEqual([]);
  });

  it("lets a good resource pass, and tells of an advisory finding", async () => {
    const config = { headgate: { environment: "development" } };
    await using engine = await engineWith(
      () => void new Job("shop", spec({ image: "registry.example/shop:1" })),
      config,
    );
    const { events } = await engine.up();
    expect(told(events)).toEqual(["image-digest advisory"]);
    expect(engine.cloud.objects().map(({ name }) => name)).toEqual(["shop"]);
  });

  it("lets a value pass that only the update knows, and stops the update where it is bad", async () => {
    const program = (text: string) => () => {
      const source = new Source("source", text);
      new Job(
        "shop",
        pulumi.output(source.id).apply((id) => spec({ image: id === "" ? goodContainer.image : text })),
      );
    };
    await using engine = await engineWith(program("registry.example/shop:1"));
    expect(told((await engine.preview()).events)).toContain("image-digest advisory");
    const error = await failureOf(engine.up());
    expect(told(error.events)).toEqual(["image-digest mandatory"]);
    expect(engine.cloud.objects().map(({ name }) => name)).toEqual(["source"]);
  });

  it("lets a waived violation pass for as long as the waiver holds, and shows no secret", async () => {
    const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString().slice(0, 10);
    const waiver = {
      rule: "k8s-privileged",
      resource: { name: "shop" },
      reason: "the old agent goes with the next node image",
      owner: "platform",
      ticket: "OPS-7",
    };
    const secret = pulumi.secret("hunter2");
    const withSecret = () =>
      void new Job("shop", { ...PRIVILEGED, volumes: [{ name: "data", hostPath: { path: secret } }] });
    const covered = {
      headgate: {
        levels: { "k8s-host-path": "advisory", "k8s-volume-types": "off" },
        waivers: [{ ...waiver, expires: days(7) }],
      },
    };
    await using engine = await engineWith(withSecret, covered);
    const { events, stdout } = await engine.up();
    expect(told(events).sort()).toEqual(["k8s-host-path advisory", "k8s-privileged advisory"]);
    const policies = events.flatMap(({ policyEvent }) => policyEvent ?? []);
    expect(JSON.stringify(policies) + stdout).not.toContain("hunter2");

    const expired = { headgate: { waivers: [{ ...waiver, expires: days(-1) }] } };
    await using late = await engineWith(() => void new Job("shop", PRIVILEGED), expired);
    const error = await failureOf(late.preview());
    expect(told(error.events).sort()).toEqual(["k8s-privileged mandatory", "waiver-hygiene mandatory"]);
  });

  it("adds what is missing where it is told to, before the resource is made, and once", async () => {
    const { capabilities: _, ...securityContext } = goodContainer.securityContext;
    const values = { owner: "shop-team", "cost-center": "4711" };
    const levels = { "q-progressive": "off", "q-replicas": "off", "q-slo": "off" };
    const remediating = {
      headgate: { enforcementLevel: "remediate", levels, options: { "q-owner": { values } } },
    };
    const program = () => void new Deployment("shop", spec({ securityContext }));
    await using engine = await engineWith(program, remediating);
    const { events } = await engine.up();
    expect(told(events)).toEqual([]);
    expect(events.some((event) => "policyRemediationEvent" in event)).toBe(true);
    expect(engine.cloud.objects()[0]?.inputs).toMatchObject({
      metadata: { labels: { service: "shop", environment: "production", ...values } },
      spec: { template: { spec: spec() } },
    });
    await engine.up({ expectNoChanges: true });

    await using strict = await engineWith(program, { headgate: { levels, options: { "q-owner": { values } } } });
    const error = await failureOf(strict.preview());
    expect(told(error.events).sort()).toEqual(["k8s-capabilities mandatory", "q-owner mandatory", "q-owner mandatory"]);
  });

  it("judges an exported state without a backend, and shows no secret of it", async () => {
    const tag = "registry.example/shop:1";
    const withSecret = () =>
      void new Job("shop", {
        ...spec({ image: tag }),
        volumes: [{ name: "a", hostPath: { path: pulumi.secret("hunter2") } }],
      });
    await using engine = await engineWith(withSecret, { headgate: { environment: "development" } });
    await engine.up();
    const state = await engine.exportState();

    const production = await analyze(state, { headgate: { environment: "production" } });
    expect(production.told).toEqual([
      "image-digest mandatory",
      "k8s-host-path mandatory",
      "k8s-volume-types mandatory",
    ]);
    expect(production.code).not.toBe(0);
    expect(production.text).not.toContain("hunter2");

    const development = await analyze(state, { headgate: { environment: "development" } });
    expect(development.told).toEqual(production.told.map((each) => each.replace("mandatory", "advisory")));
    expect(development.code).toBe(0);
  });

  it("refuses a configuration that is wrong", async () => {
    const run = async (config: Configuration) => {
      await using engine = await engineWith(() => void new Job("shop", spec()), config);
      return (await failureOf(engine.preview())).message;
    };
    expect(await run({ headgate: { levels: { "k8s-privilegd": "off" } } })).toContain(
      "levels.k8s-privilegd names no rule",
    );
    expect(await run({ headgate: { environment: "prod" } })).toContain("environment");
  });

  it("takes a level under a rule's own name, and none under a name that no rule has", async () => {
    const level = async (config: object) => {
      await using engine = await engineWith(() => void new Job("shop", PRIVILEGED), config as Configuration);
      const { events } = await engine.preview().catch((error: EngineError) => error);
      return told(events);
    };
    expect(await level({ "k8s-privileged": "advisory" })).toEqual(["k8s-privileged advisory"]);
    expect(await level({ "k8s-privileged": "disabled" })).toEqual([]);
    expect(await level({ "k8s-privilegd": "disabled" })).toEqual(["k8s-privileged mandatory"]);
    expect(await level({ all: "advisory", "k8s-privileged": "mandatory" })).toEqual(["k8s-privileged advisory"]);
  });
});
