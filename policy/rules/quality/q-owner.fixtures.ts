import { deployment, workload } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

const labels = { owner: "shop", service: "shop", environment: "production", "cost-center": "4711" };
const AT = "metadata.labels";
const namespace = (metadata: unknown) => resource("kubernetes:core/v1:Namespace", { metadata });

export const fixtures: Fixtures = {
  pass: [
    example("all four", deployment({}, { labels })),
    example(
      "other names for them, in a namespace of several services",
      namespace({
        labels: {
          team: "shop",
          "headgate.dev/environment": "production",
          "headgate.dev/cost-center": "4711",
        },
      }),
    ),
    {
      ...example("names of the company's own", deployment({}, { labels: { ...labels, owner: "", squad: "shop" } })),
      options: { labels: { owner: ["squad"] } },
    },
    {
      ...example("one that is not asked for", deployment({}, { labels: { ...labels, owner: "" } })),
      options: { labels: { owner: [] } },
    },
    example("a patch of something else", workload("apps/v1:DeploymentPatch", {})),
  ],
  fail: [
    broken("none", [`${AT}.owner`, `${AT}.service`, `${AT}.environment`, `${AT}["cost-center"]`], deployment({})),
    broken(
      "an owner by another name alone",
      [`${AT}.environment`, `${AT}["cost-center"]`],
      deployment({}, { labels: { team: "shop", "app.kubernetes.io/name": "shop" } }),
    ),
    broken("an empty owner", `${AT}.owner`, deployment({}, { labels: { ...labels, owner: " " } })),
    broken(
      "a volume that nobody pays for",
      `${AT}["cost-center"]`,
      resource("kubernetes:core/v1:PersistentVolumeClaim", {
        metadata: { labels: { ...labels, "cost-center": undefined } },
      }),
    ),
  ],
  malformed: [
    malformed("labels that are a text", "fail", namespace({ labels: "owner" })),
    malformed("a label that is a number", "fail", namespace({ labels: { ...labels, owner: 1 } })),
  ],
  wrongKind: [example("a Service", resource("kubernetes:core/v1:Service", { metadata: {} }))],
};
