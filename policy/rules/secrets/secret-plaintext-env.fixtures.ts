import { of } from "../../testing/cloud";
import { task } from "../../testing/ecs";
import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";
import { lift } from "../../testing/lift";

const AT = "spec.containers[0].env[0].value";
const lambda = (variables: unknown) => of("aws:lambda/function:Function")({ environment: { variables } });
const run = (...envs: unknown[]) => of("gcp:cloudrunv2/service:Service")({ template: { containers: [{ envs }] } });
const docker = of("docker:index/container:Container");
const variable = (name: unknown, value: unknown) => podOf({ env: [{ name, value }] });

export const fixtures: Fixtures = {
  pass: [
    example(
      "named from here",
      podOf({ env: [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "shop", key: "password" } } }] }),
    ),
    example("a setting", variable("LOG_LEVEL", "info")),
    example("where the secret lies", variable("DB_PASSWORD_FILE", "/run/secrets/password")),
    example("put together from others", variable("DB_PASSWORD", "$(FROM_SECRET)")),
    example("named from a task", task({ secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:aws:ssm:a" }] })),
    example("a setting of a function", lambda({ LOG_LEVEL: "info" })),
    example("named from Cloud Run", run({ name: "DB_PASSWORD", valueSource: { secretKeyRef: { secret: "shop" } } })),
    example("a variable without a value in Docker", docker({ envs: ["DB_PASSWORD"] })),
    example("an address without a password", variable("DATABASE_URL", "postgres://db:5432/shop")),
  ],
  fail: [
    broken("by its name", AT, variable("DB_PASSWORD", "hunter2")),
    broken(
      "in a task",
      "containerDefinitions[0].environment[0].value",
      task({ environment: [{ name: "DB_PASSWORD", value: "hunter2" }] }),
    ),
    broken("in a function", "environment.variables.DB_PASSWORD", lambda({ DB_PASSWORD: "hunter2" })),
    broken("in Cloud Run", "template.containers[0].envs[0].value", run({ name: "DB_PASSWORD", value: "hunter2" })),
    broken("in Docker", "envs[0]", docker({ envs: ["DB_PASSWORD=hunter2"] })),
    broken(
      "in a service of Docker",
      "taskSpec.containerSpec.env.DB_PASSWORD",
      of("docker:index/service:Service")({ taskSpec: { containerSpec: { env: { DB_PASSWORD: "hunter2" } } } }),
    ),
    broken("by its format", AT, variable("SETTINGS", `ghp_${"a1".repeat(18)}`)),
    broken("by its looks", AT, variable("SEED", "q8Zt3LmX0vRb7KcY2nWd5HsJ9gPf4TaE")),
    broken("in an address", AT, variable("DATABASE_URL", "postgres://shop:hunter2@db/shop")),
    broken(
      "in an init container of a job, beside a setting",
      "spec.template.spec.initContainers[0].env[1].value",
      lift(
        pod({
          initContainers: [
            {
              name: "migrate",
              env: [
                { name: "LOG_LEVEL", value: "info" },
                { name: "API_KEY", value: "hunter2" },
              ],
            },
          ],
        }),
        "Job",
      ),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("a map for the list", "pass", podOf({ env: { DB_PASSWORD: "hunter2" } })),
    malformed("a number", "pass", variable("DB_PASSWORD", 1)),
    malformed("a text that is no variable", "pass", docker({ envs: ["=", 1, "hunter2"] })),
    malformed("no name", "fail", variable(undefined, `AKIA${"Z".repeat(16)}`)),
  ],
  wrongKind: [noWorkload(variable("DB_PASSWORD", "hunter2"))],
};
