import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { expectPreviewStable, render } from "../../../testkit";
import { KubernetesJob } from "../kubernetes-job";
import { restrictedProblems } from "../testing/restricted";
import type { KubernetesJobArgs } from "./args";

const IMAGE = `registry.example.com/shop@sha256:${"a".repeat(64)}`;
const JOB = "kubernetes:batch/v1:Job";
const CRON_JOB = "kubernetes:batch/v1:CronJob";

const job =
  (args: Partial<KubernetesJobArgs> = {}) =>
  () =>
    new KubernetesJob("migrate", { image: IMAGE, ...args });

interface JobSpec {
  backoffLimit: number;
  activeDeadlineSeconds: number;
  template: { metadata: object; spec: Parameters<typeof restrictedProblems>[0] };
}

describe.each([{ preview: false }, { preview: true }])("with %o", (options) => {
  test("A job is a Job, its account, its secrets and its policy, children of their component", async () => {
    const made = await render(
      job({
        secrets: { DATABASE_URL: "postgres://hunter2" },
        to: [{ service: "database", ports: [5432] }],
        namespace: "shop",
      }),
      { ...options, secrets: ["hunter2"] },
    );
    expect(made.errors).toEqual([]);
    expect(made.secretsLeaked()).toEqual([]);
    expect(
      made.resources
        .filter(({ custom }) => custom)
        .map(({ type, name }) => `${type} ${name}`)
        .sort(),
    ).toEqual([
      `${JOB} migrate`,
      "kubernetes:core/v1:Secret migrate-secrets",
      "kubernetes:core/v1:ServiceAccount migrate-account",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy migrate-policy",
    ]);
    for (const { parent } of made.resources.filter(({ custom }) => custom))
      expect(parent).toMatch(/KubernetesJob::migrate$/);
    expect(made.one("kubernetes:networking.k8s.io/v1:NetworkPolicy")).toMatchObject({
      spec: {
        egress: [
          { ports: [{ port: 53 }, { port: 53 }] },
          { ports: [{ port: 5353 }, { port: 5353 }] },
          { ports: [{ port: 5432 }] },
        ],
      },
    });
  });

  test("Its name is Pulumi's, its limits its own, and its pod is admitted by the profile restricted", async () => {
    const made = await render(
      job({ timeout: "90s", retries: 2, user: "2000:3000", command: ["migrate", "up"] }),
      options,
    );
    const { metadata, spec } = made.one(JOB) as unknown as { metadata: object; spec: JobSpec };
    expect(metadata).not.toHaveProperty("name");
    expect(spec).toMatchObject({ backoffLimit: 2, activeDeadlineSeconds: 90 });
    expect(restrictedProblems(spec.template.spec)).toEqual([]);
    expect(spec.template.spec).toMatchObject({
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      securityContext: { runAsUser: 2000, runAsGroup: 3000 },
      containers: [{ image: IMAGE, command: ["migrate", "up"], resources: { limits: { memory: "256Mi" } } }],
    });
    // A Job that Kubernetes removed would look as if it had never run.
    expect(spec).not.toHaveProperty("ttlSecondsAfterFinished");
  });

  test("With a schedule it is a CronJob with a name of its own", async () => {
    const made = await render(
      job({ schedule: { cron: "30 2 * * mon-fri", timeZone: "Europe/Berlin", keepFailed: 5 } }),
      options,
    );
    expect(made.byType(JOB)).toEqual([]);
    expect(made.one(CRON_JOB)).toMatchObject({
      metadata: { name: "migrate", namespace: "default" },
      spec: {
        schedule: "30 2 * * mon-fri",
        timeZone: "Europe/Berlin",
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds: 300,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 5,
        suspend: false,
      },
    });
    const { spec } = made.one(CRON_JOB) as unknown as { spec: { jobTemplate: { spec: JobSpec } } };
    expect(restrictedProblems(spec.jobTemplate.spec.template.spec)).toEqual([]);
  });

  test("A secret in the environment is refused without showing it", async () => {
    const env = { PASSWORD: pulumi.secret("hunter2"), LOG_LEVEL: "info" };
    const made = await render(job({ env }), { ...options, secrets: ["hunter2"] });
    const said = made.errors.map(({ message }) => message).join("\n");
    expect(said).toContain('KubernetesJob "migrate": env.PASSWORD is a secret');
    expect(said).not.toContain("hunter2");
    expect(made.secretsLeaked()).toEqual([]);
  });
});

test.each([{}, { schedule: { cron: "30 2 * * *" } }])(
  "With %j labels of one's own are on every object, and on no pod",
  async (when) => {
    const labels = { owner: "shop" };
    const made = await render(job({ ...when, labels, secrets: { TOKEN: "hunter2" }, to: [{ service: "database" }] }));
    const objects = made.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(objects).toHaveLength(4);
    for (const { name, inputs } of objects) {
      expect(inputs["metadata"], name).toMatchObject({
        labels: { owner: "shop", "app.kubernetes.io/name": "migrate" },
      });
      expect(JSON.stringify(inputs["spec"] ?? {}), name).not.toContain("owner");
    }
  },
);

test("Preview and up declare the same graph", async () => {
  await expectPreviewStable(job({ secrets: { A: "a" } }));
  await expectPreviewStable(job({ schedule: { cron: "0 0 * * *" } }));
});

test("It is run again when rerun is raised, and for nothing else that says nothing new", async () => {
  const spec = async (args: Partial<KubernetesJobArgs>) => JSON.stringify((await render(job(args))).one(JOB));
  expect(await spec({ env: { B: "2", A: "1" } })).toBe(await spec({ env: { A: "1", B: "2" } }));
  // An empty list is not read back, and would be another job after a refresh.
  expect(await spec({})).not.toMatch(/\[\]|{}/);
  expect(await spec({ rerun: 1 })).not.toBe(await spec({}));
});

test("transform edits the job", async () => {
  const transform = { job: (args: object) => ({ ...args, metadata: { name: "mine" } }) };
  const made = await render(() => new KubernetesJob("migrate", { image: IMAGE }, { transform }));
  expect(made.one(JOB)["metadata"]).toEqual({ name: "mine" });
  expect(made.inputsOf("migrate-account")["metadata"]).toMatchObject({ name: "migrate" });
});

const refused = async (args: object) => {
  try {
    await render(job(args as Partial<KubernetesJobArgs>));
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

test.each([
  [{ image: "shop:1" }, 'image must end with a digest, since a tag may move (got "shop:1").'],
  [{ image: undefined }, "image must be text"],
  [{ schedule: { cron: "30 2 * *" } }, 'schedule.cron must have five fields, and has 4 (got "30 2 * *").'],
  [
    { schedule: { cron: "60 2 * * 7" } },
    'schedule.cron is wrong in the minute and the day of the week (got "60 2 * * 7").',
  ],
  [{ schedule: { cron: "*/0 5-2 * * *" } }, "schedule.cron is wrong in the minute and the hour"],
  [
    { schedule: { cron: "0 2 * * *", timeZone: "Mars/Olympus" } },
    'schedule.timeZone must be a time zone of the IANA database (got "Mars/Olympus").',
  ],
  [{ schedule: { cron: "0 2 * * *" }, rerun: 1 }, "rerun means nothing for a job with a schedule (got 1)."],
  [{ schedule: { cron: "0 2 * * *", timeZone: "europe/berlin" } }, 'Write "Europe/Berlin".'],
  [{ user: "0:0" }, "user is root"],
  [{ user: "1000:2147483648" }, "user must be two numbers, at most 2147483647"],
  [{ timeout: "500ms" }, "timeout must be a time in whole seconds, at least 1"],
  [{ secrets: { "a/b": "x" } }, 'secrets["a/b"] is no file name.'],
  [{ secrets: { A: "" } }, "secrets.A is empty."],
  [{ scratch: { "/run/secrets": "1MiB" } }, 'scratch["/run/secrets"] is where the secrets are.'],
  [{ retrys: 3 }, "retrys is not a known setting. Did you mean retries?"],
])("%j is refused: %s", async (args, words) => {
  expect(await refused(args)).toContain(words);
});

test.each(["*/5 * * * *", "0 0 1,15 * *", "0 9-17/2 * jan-mar SUN", "0 0 ? * *"])("%s is a schedule", async (cron) => {
  expect(await refused({ schedule: { cron } })).toBe("");
});
