import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RULES } from "../../policy";
import { HELP } from "../check/help";
import { UsageError } from "../command";
import { check } from "./check";

const folder = mkdtempSync(join(tmpdir(), "headgate-check-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CANARY = "hunter2-canary";
const privileged = `apiVersion: v1
kind: Pod
metadata: { name: shop }
spec:
  containers:
    - name: web
      image: registry.example/${CANARY}:1
      securityContext:
        privileged: true
`;

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

let out: string[];
beforeEach(() => {
  out = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void out.push(line));
});
afterEach(() => vi.restoreAllMocks());

interface Told {
  rule: string;
  effect: string;
  path: string;
  line: number;
  resource: { type: string; name: string };
}
interface Json {
  mandatory: number;
  waived: number;
  known: number;
  judged: number;
  gone: number;
  findings: Told[];
  notJudged: { type: string; count: number; why?: string }[];
}

async function json(...args: string[]): Promise<Json & { code: number }> {
  out = [];
  const code = await check.run([...args, "--json"]);
  return { code, ...(JSON.parse(out.join("")) as Json) };
}
const refused = async (...args: string[]) => {
  const error = await check.run(args).then(
    (code) => new Error(`ended with ${code}`),
    (thrown: Error) => thrown,
  );
  expect(error).toBeInstanceOf(UsageError);
  return error.message.replaceAll(folder, "");
};

describe("manifests", () => {
  test("a finding names rule, resource, file, line, path, severity, level, fix and standard", async () => {
    const path = file("pod.yaml", privileged);
    expect(await check.run(["--manifests", path])).toBe(1);
    expect(out.join("\n")).toContain(
      [
        `${path}:9:9  mandatory  k8s-privileged  critical  Pod shop`,
        '  spec.containers[0].securityContext.privileged: container "web" is privileged',
        "  fix: Remove privileged. Add the one capability that is needed instead.",
        "  from: Pod Security Standards, baseline 1.37 privileged; CIS Kubernetes Benchmark 1.10 5.2.2; Checkov CKV_K8S_16",
      ].join("\n"),
    );
    expect(out.join("\n")).toMatch(/1 resource judged for production, \d+ mandatory, 0 advisory$/);
  });
  test("environments differ", async () => {
    const path = file("pod.yaml", privileged);
    const production = await json("--manifests", path);
    const development = await json("--manifests", path, "--environment", "development");
    expect(development.mandatory).toBeLessThan(production.mandatory);
    expect(development.code).toBe(1);
  });
  test("nothing mandatory ends with 0", async () => {
    const path = file("role.yaml", "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nsubjects: []\n");
    expect(await json("--manifests", path)).toMatchObject({ code: 0, judged: 1, mandatory: 0 });
  });
  test("several documents, lists of both kinds, and what Kubernetes takes for true", async () => {
    const pod = (name: string) =>
      `{metadata: {name: ${name}}, spec: {containers: [{name: web, securityContext: {privileged: yes}}]}}`;
    const path = file(
      "list.yaml",
      `# nothing\n---\n---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: PodList, items: [${pod("a")}]}\n---\napiVersion: v1\nkind: PodList\nitems:\n- ${pod("b")}\n`,
    );
    const { findings, judged } = await json("--manifests", path);
    expect(judged).toBe(2);
    expect(
      findings.filter(({ rule }) => rule === "k8s-privileged").map(({ resource, line }) => [resource.name, line]),
    ).toEqual([
      ["a", 7],
      ["b", 12],
    ]);
  });
  test("merge keys are judged like what they stand for", async () => {
    const path = file(
      "merge.yaml",
      "apiVersion: v1\nkind: Pod\nx: &x {privileged: true}\nspec:\n  containers:\n  - {name: web, securityContext: {<<: *x}}\n",
    );
    const { findings } = await json("--manifests", path);
    expect(findings.map(({ rule }) => rule)).toContain("k8s-privileged");
  });
  test("a folder with its folders, JSON too; several names after one option", async () => {
    file("tree/a/pod.yml", privileged);
    file("tree/b/pod.json", JSON.stringify({ apiVersion: "v1", kind: "Pod", spec: {} }));
    const path = file("pod.yaml", privileged);
    expect((await json("--manifests", join(folder, "tree"))).judged).toBe(2);
    expect((await json("--manifests", join(folder, "tree"), path)).judged).toBe(3);
  });
  test("what no rule looks at is listed", async () => {
    const widget = "apiVersion: example.com/v1\nkind: Widget\n";
    const path = file("widget.yaml", `${privileged}---\n${widget}---\n${widget}---\nreplicas: 3\n---\njust text\n`);
    const { notJudged, judged } = await json("--manifests", path);
    expect(judged).toBe(1);
    expect(notJudged.map(({ type, count, why }) => [type, count, why])).toEqual([
      ["no object", 1, "has no apiVersion and kind"],
      ["no object", 1, "is no object of Kubernetes"],
      ["kubernetes:example.com/v1:Widget", 2, undefined],
    ]);
  });
  test.each([
    ["broken YAML", "a: [\n", /^\/bad.yaml:2:1: Flow sequence/],
    ["a template", "metadata:\n  name: {{ .Values.name }}\n", /^\/bad.yaml:2:/],
    ["keys that are there twice", "kind: Pod\nkind: Pod\n", /^\/bad.yaml:2:1: Map keys must be unique/],
    ["an unknown tag", "kind: !Ref x\n", /^\/bad.yaml:1:7: Unresolved tag/],
    ["an alias for nothing", "kind: *x\n", /^\/bad.yaml:1:7: \*x stands for nothing/],
    [
      "an alias of what it is in",
      "kind: &x [a, *x]\n",
      /^\/bad.yaml:1:14: \*x stands for something that it is a part of/,
    ],
    [
      "a bomb",
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefgh"].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[i]}`).join()}]`).join("\n")}\n`,
      /^\/bad.yaml: its aliases stand for more than 100 times/,
    ],
    ["deep nesting", "[".repeat(100_000), /^\/bad.yaml: cannot be read: it is nested too deeply/],
    ["nothing", "# nothing\n", /^\/bad.yaml: no object with apiVersion and kind/],
    ["no text", Buffer.from([0xff, 0xfe, 0x00]).toString("latin1"), /^\/bad.yaml/],
  ])("%s is refused with its place", async (_about, text, message) => {
    const path = file("bad.yaml", text);
    expect(await refused("--manifests", path)).toMatch(message);
  });
  test("a file of 50 MB, one that is not there, a folder without any, JSON that is none", async () => {
    const path = file("big.yaml", "a".repeat(50 * 10 ** 6));
    expect(await refused("--manifests", path)).toBe(
      "/big.yaml: has 48 MiB, more than the 8 MiB that are read. Split it.",
    );
    expect(await refused("--manifests", join(folder, "no.yaml"))).toBe(
      "/no.yaml: cannot be read. There is no such file.",
    );
    mkdirSync(join(folder, "empty"), { recursive: true });
    expect(await refused("--manifests", join(folder, "empty"))).toMatch(/^\/empty: holds no file/);
    expect(await refused("--manifests", file("no.json", "kind: Pod"))).toBe("/no.json: is no JSON.");
  });
});

describe("workflows", () => {
  const text = `on: issues\npermissions: {}\njobs:\n  greet:\n    steps:\n      - run: echo \${{ github.event.issue.title }}\n`;
  test("a repository, a folder and a file: `on` stays a text, findings have their lines", async () => {
    const path = file("repository/.github/workflows/greet.yml", text);
    for (const name of [join(folder, "repository"), join(path, ".."), path]) {
      const { findings, code, judged } = await json("--workflows", name);
      expect([code, judged]).toEqual([1, 1]);
      const stopping = findings.filter(({ effect }) => effect === "mandatory");
      expect(stopping.map(({ rule, path: at, line }) => [rule, at, line])).toEqual([
        ["wf-injection", "jobs.greet.steps[0].run", 6],
      ]);
    }
  });
  test("a repository's bots are judged with its workflows, comments are read, an audit's name finds its rules", async () => {
    const commit = "a".repeat(40);
    file(
      "bots/.github/workflows/ci.yml",
      `on: push\npermissions: {}\njobs:\n  ci:\n    steps:\n      - uses: actions/checkout@${commit} # v7.0.1\n      - uses: a/b@${commit}\n`,
    );
    file("bots/.github/dependabot.yml", "version: 2\nupdates:\n  - package-ecosystem: npm\n");
    const { findings, judged } = await json("--workflows", join(folder, "bots"));
    expect(judged).toBe(2);
    const told = findings.map(({ rule, line }) => `${rule} ${line}`);
    expect(told).toContain("wf-cooldown 3");
    expect(told.filter((each) => each.startsWith("wf-version"))).toEqual([
      "wf-version-mismatch 6",
      "wf-version-comment 7",
    ]);
    out = [];
    await check.run(["--explain", "artipacked"]);
    expect(out.join("\n")).toMatch(/^wf-credentials: [\s\S]*\n\nwf-checkout-token: /);
  });
  test("what is no workflow is refused", async () => {
    expect(await refused("--workflows", file("none.yml", "a: 1\n"))).toBe(
      "/none.yml: is no workflow: one document with jobs.",
    );
  });
});

test("Compose: services are containers, with the lines of the file; variables are not known", async () => {
  const path = file(
    "compose.yaml",
    `x-base: &base { privileged: true }\nservices:\n  web:\n    <<: *base\n    image: "\${IMAGE}"\n    pid: host\n    ports:\n      - "127.0.0.1:80:80"\n      - "8080:80"\n    volumes: ["/var/run/docker.sock:/s:ro"]\n    mem_limit: 512m\n`,
  );
  const { findings, judged } = await json("--compose", path);
  expect(judged).toBe(1);
  const found = findings.map(({ rule, line }) => `${rule} ${line}`);
  for (const each of [
    "docker-privileged 3",
    "docker-host-namespaces 6",
    "docker-socket 10",
    "docker-port-address 9",
    "image-digest 5",
  ]) {
    expect(found).toContain(each);
  }
  expect(found).not.toContain("docker-port-address 8");
  expect(findings.map(({ rule }) => rule)).not.toContain("docker-limits");
  expect(await refused("--compose", file("none.yml", "a: 1\n"))).toMatch(/^\/none.yml: is no Compose file/);
});

test("a Terraform plan: types in Pulumi's words, modules, what is not known, and what is not judged", async () => {
  const manifest = { apiVersion: "v1", kind: "Pod", spec: { hostPID: true } };
  const path = file(
    "plan.json",
    JSON.stringify({
      planned_values: {
        root_module: {
          resources: [
            { address: "aws_vpc.net", mode: "managed", type: "aws_vpc", values: {} },
            { address: "data.x.y", mode: "data", type: "aws_iam_user", values: {} },
            {
              address: "docker_container.web",
              mode: "managed",
              type: "docker_container",
              values: { capabilities: [{ add: ["SYS_ADMIN"], drop: [] }], network_mode: "host" },
            },
          ],
          child_modules: [
            {
              resources: [
                {
                  address: "module.a.kubernetes_manifest.pod",
                  mode: "managed",
                  type: "kubernetes_manifest",
                  values: { manifest },
                },
              ],
            },
          ],
        },
      },
      resource_changes: [{ address: "docker_container.web", change: { after_unknown: { image: true, id: true } } }],
    }),
  );
  const { findings, notJudged, judged } = await json("--terraform-plan", path);
  expect(judged).toBe(2);
  const found = (findings as (Told & { kind: string })[]).map(({ rule, kind, path: at }) => `${rule} ${kind} ${at}`);
  for (const each of [
    "docker-capabilities violation capabilities.adds[0]",
    "docker-host-namespaces violation networkMode",
    "image-digest unknown image",
    "k8s-host-namespaces violation spec.hostPID",
  ]) {
    expect(found).toContain(each);
  }
  expect(notJudged).toMatchObject([{ type: "aws_vpc", count: 1 }]);
  for (const text of ["{", "[]", "{}", '{"planned_values":{"root_module":{"resources":[1]}}}']) {
    expect(await refused("--terraform-plan", file("bad.json", text))).toMatch(/^\/bad.json: is no plan of Terraform/);
  }
});

test("a Terraform plan of repositories on GitHub", async () => {
  const resources = [
    ["github_repository.shop", { name: "shop", vulnerability_alerts: false }],
    [
      "github_repository_ruleset.main",
      {
        repository: "shop",
        target: "branch",
        enforcement: "active",
        conditions: [{ ref_name: [{ include: ["~DEFAULT_BRANCH"], exclude: [] }] }],
        rules: [
          {
            non_fast_forward: true,
            pull_request: [
              {
                required_approving_review_count: 2,
                dismiss_stale_reviews_on_push: true,
                require_code_owner_review: true,
              },
            ],
            required_status_checks: [
              { required_check: [{ context: "test" }], strict_required_status_checks_policy: true },
            ],
          },
        ],
      },
    ],
    ["github_repository_webhook.chat", { configuration: [{ url: "http://chat.example.com" }] }],
  ].map(([address, values]) => ({ address, mode: "managed", type: String(address).split(".")[0], values }));
  const plan = { planned_values: { root_module: { resources } } };
  const { findings } = await json("--terraform-plan", file("github.json", JSON.stringify(plan)));
  expect(findings.map(({ rule, path: at }) => `${rule} ${at}`).sort()).toEqual([
    "gh-actions-perms configuration.url",
    "gh-branch-protection rules.deletion",
    "gh-env-and-secrets vulnerabilityAlerts",
  ]);
});

test("a state: what its provider gives to everything counts", async () => {
  const provider = "urn:pulumi:production::shop::pulumi:providers:aws::default_7_0_0";
  const queue = { type: "aws:sqs/queue:Queue", inputs: { tags: { service: "shop" } } };
  const path = file(
    "tags.json",
    JSON.stringify({
      deployment: {
        resources: [
          {
            urn: provider,
            type: "pulumi:providers:aws",
            inputs: { defaultTags: JSON.stringify({ tags: { owner: "shop", environment: "production" } }) },
          },
          { ...queue, urn: "urn:pulumi:production::shop::aws:sqs/queue:Queue::orders", provider: `${provider}::0a1b` },
        ],
      },
    }),
  );
  const { findings } = await json("--state", path);
  expect(findings.map(({ rule, path: at }) => `${rule} ${at}`)).toEqual(['q-owner tags["cost-center"]']);
});

test("a state: secrets are not known and never shown, what is read is not judged", async () => {
  const urn = (type: string, name: string) => `urn:pulumi:production::shop::${type}::${name}`;
  const container = "docker:index/container:Container";
  const secret = (rest: object) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ...rest,
  });
  const path = file(
    "state.json",
    JSON.stringify({
      version: 3,
      deployment: {
        resources: [
          {
            urn: urn(container, "web"),
            type: container,
            inputs: { privileged: true, image: secret({ ciphertext: "x" }) },
          },
          {
            urn: urn(container, "db"),
            type: container,
            inputs: { image: secret({ plaintext: JSON.stringify(CANARY) }) },
          },
          { urn: urn(container, "old"), type: container, delete: true, inputs: { privileged: true } },
          { urn: urn("aws:ec2/vpc:Vpc", "net"), type: "aws:ec2/vpc:Vpc", external: true },
        ],
      },
    }),
  );
  const { findings, notJudged, judged } = await json("--state", path);
  expect(judged).toBe(2);
  expect(findings.filter(({ rule }) => rule === "docker-privileged").map(({ resource }) => resource.name)).toEqual([
    "web",
  ]);
  const images = findings.filter(({ rule }) => rule === "image-digest") as (Told & { kind: string })[];
  expect(images.map(({ resource, kind }) => `${resource.name} ${kind}`).sort()).toEqual([
    "db violation",
    "web unknown",
  ]);
  expect(out.join("")).not.toContain(CANARY);
  expect(notJudged).toMatchObject([{ type: "aws:ec2/vpc:Vpc", why: "is read, not managed" }]);
  for (const text of ["{", "[]", "{}", '{"deployment":{"resources":[1]}}', '{"deployment":{"resources":7}}']) {
    expect(await refused("--state", file("bad.json", text))).toMatch(/^\/bad.json: is no state/);
  }
  expect(await refused("--state", file("bad.json", '{"deployment":{"resources":[{}]}}'))).toMatch(
    /without urn or type/,
  );
});

describe("waivers, settings and baselines", () => {
  const waiver = (change = {}) => ({
    rule: "k8s-privileged",
    resource: { name: "shop" },
    reason: "The driver loads a kernel module.",
    owner: "platform",
    ticket: "OPS-1",
    expires: new Date(Date.now() + 7 * 24 * 3600 * 1000).toISOString().slice(0, 10),
    ...change,
  });
  const waived = (...waivers: object[]) => file("waivers.json", JSON.stringify({ waivers }));

  test("a waived finding is told and stops nothing", async () => {
    const args = ["--manifests", file("pod.yaml", privileged), "--waivers", waived(waiver())];
    const { findings, waived: count } = await json(...args);
    expect(count).toBe(1);
    expect(findings.find(({ rule }) => rule === "k8s-privileged")?.effect).toBe("waived");
  });
  test("an expired one and an unmatched one fail, with their line", async () => {
    const path = waived(waiver({ expires: "2020-01-01" }), waiver({ resource: { name: "other" } }));
    const { findings, code } = await json("--manifests", file("pod.yaml", privileged), "--waivers", path);
    expect(code).toBe(1);
    expect(findings.filter(({ rule }) => rule === "waiver-hygiene").map(({ path: at, line }) => [at, line])).toEqual([
      ["waivers[0].expires", 1],
      ["waivers[1].resource", 1],
    ]);
  });
  test("wrong keys, rules that do not exist, and files with several documents are refused", async () => {
    const pod = file("pod.yaml", privileged);
    const with_ = (option: string, text: string) => refused("--manifests", pod, option, file("given.yaml", text));
    expect(await with_("--settings", "level: {}\n")).toMatch(/^\/given.yaml: settings: Unrecognized key: "level"/);
    expect(await with_("--settings", "levels: {k8s-privilege: off}\n")).toMatch(/names no rule. Did you mean k8s-/);
    expect(await with_("--settings", "a: 1\n---\nb: 1\n")).toBe("/given.yaml: holds several documents and not one.");
    expect(await with_("--waivers", JSON.stringify({ waivers: [waiver({ rule: "no-rule" })] }))).toMatch(
      /^\/given.yaml: waivers.0.rule names no rule/,
    );
    expect(await with_("--baseline", "{}")).toBe("/given.yaml: is no baseline. Write one with --write-baseline.");
  });
  test("settings change levels", async () => {
    const settings = file("settings.yaml", "levels: { k8s-privileged: off }\n");
    const { findings } = await json("--manifests", file("pod.yaml", privileged), "--settings", settings);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.map(({ rule }) => rule)).not.toContain("k8s-privileged");
  });
  test("a baseline lets what it has pass wherever it stands, and nothing else", async () => {
    const path = file("pod.yaml", privileged);
    const baseline = join(folder, "baseline.json");
    expect(await check.run(["--manifests", path, "--write-baseline", baseline])).toBe(0);
    writeFileSync(path, `# moved\n${privileged}`);
    const same = await json("--manifests", path, "--baseline", baseline);
    expect(same).toMatchObject({ code: 0, mandatory: 0, gone: 0 });
    expect(same.known).toBeGreaterThan(5);
    writeFileSync(
      path,
      privileged.replace("privileged: true", "privileged: false").replace("spec:", "spec:\n  hostPID: true"),
    );
    const other = await json("--manifests", path, "--baseline", baseline);
    expect(other).toMatchObject({ code: 1, mandatory: 1, gone: 1 });
    expect(readFileSync(baseline, "utf8")).not.toContain(CANARY);
  });
});

describe("formats", () => {
  test("SARIF is what the official schema asks for, with levels, suppressions and the baseline's state", async () => {
    const path = file("pod.yaml", privileged);
    const waivers = file(
      "waivers.json",
      JSON.stringify({
        waivers: [
          {
            rule: "k8s-privileged",
            resource: { name: "shop" },
            reason: "The driver loads a kernel module.",
            owner: "platform",
            ticket: "OPS-1",
            expires: new Date(Date.now() + 7 * 24 * 3600 * 1000).toISOString().slice(0, 10),
          },
        ],
      }),
    );
    const baseline = join(folder, "sarif-baseline.json");
    await check.run(["--manifests", path, "--write-baseline", baseline]);
    writeFileSync(path, privileged.replace("spec:", "spec:\n  hostPID: true"));
    out = [];
    await check.run(["--manifests", path, "--format", "sarif", "--waivers", waivers, "--baseline", baseline]);
    const log = JSON.parse(out.join(""));
    const { id: _, $schema: __, ...schema } = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
    const valid = new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false, allErrors: true }).compile(
      schema,
    );
    expect(valid(log), JSON.stringify(valid.errors)).toBe(true);
    expect(valid({ ...log, runs: [{}] })).toBe(false);
    const { results, tool } = log.runs[0];
    const of = (rule: string) => results.find(({ ruleId }: { ruleId: string }) => ruleId === rule);
    expect(of("k8s-host-namespaces")).toMatchObject({ level: "error", baselineState: "new" });
    expect(of("k8s-host-namespaces").locations[0].physicalLocation.region).toEqual({ startLine: 5, startColumn: 3 });
    expect(of("k8s-seccomp").baselineState).toBe("unchanged");
    expect(of("k8s-privileged").suppressions[0]).toMatchObject({ kind: "external", status: "accepted" });
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
  });
  test.each(["text", "json", "sarif", "junit", "markdown"])("%s shows no value of the file", async (format) => {
    const path = file("pod.yaml", privileged);
    expect(await check.run(["--manifests", path, "--format", format])).toBe(1);
    expect(out.join("")).toContain("k8s-privileged");
    expect(out.join("")).not.toContain(CANARY);
  });
  test("names from files are no markup", async () => {
    const text = JSON.stringify({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: '<b>`|"&\u0001' },
      spec: { hostPID: true },
    });
    const path = file("evil.json", text);
    await check.run(["--manifests", path, "--format", "markdown"]);
    expect(out.join("")).toContain("`Pod <b>'\\|\"&\u0001`");
    out = [];
    await check.run(["--manifests", path, "--format", "junit"]);
    expect(out.join("")).toContain('name="Pod &lt;b&gt;`|&quot;&amp;\ufffd spec.hostPID"');
  });
});

test("--explain, --help, and a wrong command line", async () => {
  for (const { id, why } of RULES) {
    out = [];
    expect(await check.run(["--explain", id])).toBe(0);
    expect(out.join("\n")).toContain(why);
  }
  expect(await refused("--explain", "k8s-privilege")).toMatch(/names no rule. Did you mean k8s-/);
  out = [];
  expect(await check.run(["--help"])).toBe(0);
  expect(out.join("")).toBe(HELP);
  const path = file("pod.yaml", privileged);
  expect(await refused()).toBe(HELP);
  expect(await refused(path)).toMatch(/belongs to no option/);
  expect(await refused("--manifests", path, "--format", "xml")).toMatch(/--format is not known. Choose one of text,/);
  expect(await refused("--manifests", path, "--environment", "prod")).toMatch(/--environment is not known/);
  expect(await refused("--manifests", path, "--json", "--format", "text")).toMatch(/exclude each other/);
});
