import fc from "fast-check";
import type { Delivery } from "../../model/delivery";
import type { Pipeline } from "../../model/pipeline";
import { deliveries } from "../../model/testing/delivery-arbitraries";
import type { PipelinePlan } from "../../pipeline/plan";
import { planPipeline } from "../../pipeline/plan-pipeline";
import { gitlabProblems } from "../problems";
import { type Start, starts } from "./pipelines";

export const pulumiImage = `docker.io/pulumi/pulumi:3.274.1@sha256:${"0a".repeat(32)}`;

/** Documents for GitLab: what works on GitHub alone is mostly replaced, so that few are skipped. */
export const gitlabDeliveries: fc.Arbitrary<Delivery> = fc
  .tuple(deliveries, fc.integer({ min: 0, max: 9 }))
  .map(([delivery, luck]) => (luck === 0 ? delivery : forGitlab(delivery)));

export function forGitlab(delivery: Delivery): Delivery {
  const change = (pipeline: Pipeline): Pipeline => {
    const { registry, versioning, runners, ...rest } = pipeline;
    const cloud = registry !== undefined && !["gitlab", "docker-hub", "other"].includes(registry.kind);
    return {
      ...rest,
      ...(registry !== undefined && { registry: cloud ? { kind: "gitlab" } : registry }),
      ...(versioning !== undefined && {
        versioning: {
          ...versioning,
          way: versioning.way ?? "tag",
          ...(versioning.way === "release-please" && { way: "tag" }),
        },
      }),
      runners: { ...runners, gitlabImage: runners?.gitlabImage ?? pulumiImage },
    };
  };
  const repositories = Object.entries(delivery.repositories ?? {}).map(([name, repository]) => [
    name,
    {
      ...repository,
      platform: "gitlab",
      ...(repository.pipeline !== undefined && { pipeline: change(repository.pipeline) }),
    },
  ]);
  return {
    ...delivery,
    repositories:
      repositories.length === 0 ? { one: { name: "acme/shop", platform: "gitlab" } } : Object.fromEntries(repositories),
    pipeline: change(delivery.pipeline ?? {}),
  };
}

/** The plan of a document, unless it can have none or none on GitLab. */
export function planned(delivery: Delivery): PipelinePlan | undefined {
  const { plan, problems } = planPipeline(delivery, { serviceName: "shop" });
  return problems.length + gitlabProblems(plan).length > 0 ? undefined : plan;
}

/** Everything that may start a pipeline of a plan. */
export function startsOf(plan: PipelinePlan): Start[] {
  const globs = [plan.branches.production, plan.branches.integration ?? "develop", "feature/x"].concat(
    ...plan.environments.map(({ branches }) => branches),
  );
  const prefix = plan.versioning?.prefix ?? "v";
  const some = (glob: string) => glob.replaceAll("*", "1.2");
  const tags = [`${prefix}1.2.3${plan.versioning?.suffix ?? ""}`].concat(...plan.environments.map((each) => each.tags));
  return starts(
    [...new Set(globs.map(some))],
    [...new Set(tags.map(some))],
    [
      ...plan.jobs.flatMap((job) => (job.kind === "dispatched" ? [`run-${job.name}`] : [])),
      ...plan.environments.map(({ name }) => `start-deploy-${name}`),
    ],
  );
}

export const secretsOf = (plan: PipelinePlan): string[] => [
  ...plan.jobs.flatMap(({ secrets }) => secrets),
  ...plan.environments.flatMap(({ secrets }) => secrets),
];
