import { of } from "../../testing/cloud";
import { autoscaler, deployment, rollout } from "../../testing/cluster";
import { task } from "../../testing/ecs";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const requests = (cpu: unknown, memory: unknown, kind = "requests") => ({
  template: { spec: { containers: [{ name: "web", resources: { [kind]: { cpu, memory } } }] } },
});
/** Two copies of half a core and a GiB: 36.05 in a month. */
const shop = deployment({ replicas: 2, ...requests("500m", "1Gi") });
const service = of("aws:ecs/service:Service");
const tasks = task({}, { cpu: "1024", memory: "2048" });
const shopInEcs = service({ name: "shop", taskDefinition: "shop:3", desiredCount: 2 });
const run = of("gcp:cloudrunv2/service:Service");
const onRun = run({
  template: {
    scaling: { minInstanceCount: 2 },
    containers: [{ resources: { limits: { cpu: "1", memory: "1Gi" } } }],
  },
});
const lambda = of("aws:lambda/function:Function")({});
const budget = of("aws:budgets/budget:Budget");
const warning = { threshold: 80, subscriberEmailAddresses: ["shop@example.com"] };
const google = of("gcp:billing/budget:Budget");
const thresholdRules = [{ thresholdPercent: 0.8 }];
const within = (mostPerMonth: number) => ({ options: { mostPerMonth, budgetElsewhere: true } });

export const fixtures: Fixtures = {
  pass: [
    example("a function, and a budget that warns", lambda, budget({ notifications: [warning] })),
    { ...example("copies within the budget", shop), ...within(37) },
    { ...example("tasks within the budget", tasks, shopInEcs), ...within(73) },
    {
      ...example("tasks of another stack", tasks, service({ name: "till", taskDefinition: "till:1", desiredCount: 9 })),
      ...within(1),
    },
    { ...example("instances within the budget", onRun), ...within(66) },
    {
      ...example(
        "a rollout of a deployment's pods counts once",
        shop,
        rollout({ replicas: 2, template: undefined, workloadRef: { kind: "Deployment", name: "shop" } }),
      ),
      ...within(37),
    },
    { ...example("copies that ask for nothing", deployment({ replicas: 2 })), ...within(0) },
    example("copies that nobody set a bound for", shop),
    { ...example("a budget of another stack", lambda), options: { budgetElsewhere: true } },
    example("Cloud Run, and a budget that warns by mail", run({}), google({ thresholdRules })),
    example(
      "a budget that warns a topic",
      google({
        thresholdRules,
        allUpdatesRule: { disableDefaultIamRecipients: true, pubsubTopic: "projects/p/topics/t" },
      }),
    ),
  ],
  fail: [
    broken("a function without a budget", "", lambda),
    { ...broken("copies above the budget", "", shop), ...within(36) },
    { ...broken("what an autoscaler keeps", "", shop, autoscaler("Deployment", { minReplicas: 3 })), ...within(37) },
    { ...broken("limits, where nothing is asked for", "", deployment(requests("1", "1Gi", "limits"))), ...within(30) },
    { ...broken("tasks above the budget", "", tasks, shopInEcs), ...within(72) },
    { ...broken("instances above the budget", "", onRun), ...within(65) },
    broken("Cloud Run without a budget", "", run({})),
    broken("a budget that warns nobody", "notifications", budget({ notifications: [{ threshold: 80 }] })),
    broken("a budget without a threshold", "thresholdRules", google({})),
    broken(
      "a budget that warns nobody in Google Cloud",
      "allUpdatesRule",
      google({ thresholdRules, allUpdatesRule: { disableDefaultIamRecipients: true } }),
    ),
  ],
  malformed: [
    { ...malformed("amounts that are no amounts", "pass", deployment(requests("much", {}))), ...within(1) },
    malformed("notifications that are a text", "fail", budget({ notifications: "mail" })),
  ],
  wrongKind: [example("a bucket", of("aws:s3/bucket:Bucket")({}))],
};
