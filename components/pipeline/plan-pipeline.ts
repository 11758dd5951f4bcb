import { deliveredServices } from "../model/delivered-services";
import type { Delivery, Repository } from "../model/delivery";
import { parseDuration } from "../model/duration";
import type { GitHooks, Pipeline } from "../model/pipeline";
import type { Problem } from "../model/problem";
import { environmentProblems, planEnvironments } from "./environments";
import { planImages, planPublishing, publishingProblems } from "./images";
import { planMaintenance } from "./maintenance";
import { planMessages } from "./messages";
import type { PipelinePlan, PlannedHooks, PlannedInfrastructure, PlannedSecurity, PlannedVersioning } from "./plan";
import { planJobs } from "./plan-jobs";
import { planTests } from "./tests";
import { nightly, weekly } from "./time-tables";
import { planToolchain } from "./toolchain";

/** A pipeline, or why there can be none. */
export interface PlannedPipeline {
  plan: PipelinePlan;
  /** None for a plan that can be written. */
  problems: readonly Problem[];
}

/** What a plan is made of, beside the document. */
export interface PlanOptions {
  /** Name of the only service of a document with `service`. */
  serviceName: string;
  /** Key of the repository among the document's; needed when there are several. */
  repository?: string;
}

/**
 * Everything that a pipeline does, of a document that checkDelivery has no problem with. Pure: the same document gives
 * the same plan.
 */
export function planPipeline(delivery: Delivery, { serviceName, repository: key }: PlanOptions): PlannedPipeline {
  const repositories = Object.entries(delivery.repositories ?? {});
  const [repositoryKey, repository] =
    repositories.find(([name]) => name === key) ?? (repositories.length === 1 ? repositories[0] : undefined) ?? [];
  const pipeline = repository?.pipeline ?? delivery.pipeline ?? {};
  const name = repository?.name ?? repositoryKey ?? serviceName;
  const services = servicesHere(delivery, serviceName, repository, repositories.length);
  const production = pipeline.branches?.production ?? "main";
  const images = planImages(services, pipeline.images ?? {});
  const infrastructure = planInfrastructure(pipeline, name);
  const environments = planEnvironments(delivery.environments ?? {}, {
    productionBranch: production,
    ...(pipeline.tests?.smoke !== undefined && { smoke: pipeline.tests.smoke }),
    pulumiSecrets: pulumiSecrets(infrastructure.backend),
    imagesOf: (environment) => deliveredImages(delivery, serviceName, environment, images),
    servicesOf: (environment) => deliveredServices(delivery, serviceName, environment).map((each) => each.name),
  });
  const publishing = planPublishing(
    pipeline.images ?? {},
    pipeline.registry ?? platformRegistry(repository),
    environments,
  );
  const trivy = pipeline.security?.trivy;
  const security = planSecurity(pipeline, name);
  const versioning = planVersioning(pipeline);
  const hooks = planHooks(pipeline);
  const directory = repository?.path ?? ".";
  const toolchain = planToolchain(pipeline.toolchain ?? {});
  const parts = {
    name,
    branches: {
      production,
      ...(pipeline.branches?.integration !== undefined && { integration: pipeline.branches.integration }),
      feature: pipeline.branches?.feature ?? "feature/*",
    },
    toolchain,
    directory,
    runners: {
      githubLabel: pipeline.runners?.githubLabel ?? "ubuntu-24.04",
      gitlabTags: pipeline.runners?.gitlabTags ?? [],
      ...(pipeline.runners?.gitlabImage !== undefined && { gitlabImage: pipeline.runners.gitlabImage }),
    },
    keepArtifactsDays: Math.ceil(parseDuration(pipeline.keepArtifacts ?? "14d") / 86_400),
    images,
    publishing: {
      ...publishing,
      ...(trivy !== undefined && trivy.images !== false && { scanThreshold: security.threshold }),
    },
    environments,
    security,
    infrastructure,
    protection: {
      reviews: 1,
      checks: [],
      linear: false,
      mergeQueue: false,
      signedCommits: false,
      ...pipeline.protection,
    },
    ...(versioning !== undefined && { versioning }),
    ...(hooks !== undefined && { hooks }),
    maintenance: planMaintenance(pipeline.maintenance ?? {}, toolchain, images, directory),
    messages: planMessages(delivery.notifications ?? {}, environments),
  };
  const tests = planTests(pipeline.tests ?? {}, directory, (environment) => delivery.environments?.[environment]?.url);
  return {
    plan: { ...parts, jobs: planJobs(pipeline, parts, tests) },
    problems: [
      ...repositoryProblems(repositories.length, repository, key),
      ...environmentProblems(environments, "environments"),
      ...publishingProblems(publishing, "pipeline.registry"),
      ...addressProblems(
        pipeline,
        environments.map((environment) => [environment.name, environment.url]),
      ),
    ],
  };
}

function repositoryProblems(count: number, found: Repository | undefined, key: string | undefined): Problem[] {
  if (count < 2 || found !== undefined) return [];
  const got = key === undefined ? {} : { got: JSON.stringify(key) };
  return [{ path: "repositories", problem: "has several, and it is not said which", ...got, fix: "Name one of them" }];
}

function servicesHere(
  delivery: Delivery,
  serviceName: string,
  repository: Repository | undefined,
  repositories: number,
): NonNullable<Delivery["services"]> {
  const { service, services = {} } = delivery;
  const all = service === undefined ? services : { [serviceName]: { service } };
  const named = repository?.services ?? (repositories <= 1 ? Object.keys(all) : []);
  return Object.fromEntries(Object.entries(all).filter(([name]) => named.includes(name)));
}

const deliveredImages = (
  delivery: Delivery,
  serviceName: string,
  environment: string,
  images: PipelinePlan["images"],
): string[] => {
  const delivered = deliveredServices(delivery, serviceName, environment).map(({ name }) => name);
  const known = deliveredServices(delivery, serviceName).map(({ name }) => name);
  // An image that belongs to no service may be of use to any of them.
  return images.map(({ name }) => name).filter((name) => delivered.includes(name) || !known.includes(name));
};

const platformRegistry = (repository: Repository | undefined) =>
  ({ kind: repository?.platform === "gitlab" ? "gitlab" : "ghcr" }) as const;

/** Pulumi's own cloud wants a token; any other backend keeps its secrets under a passphrase. */
function pulumiSecrets(backend: string | undefined): string[] {
  const own = backend !== undefined && !backend.startsWith("https://");
  return own ? ["PULUMI_CONFIG_PASSPHRASE"] : ["PULUMI_ACCESS_TOKEN"];
}

function planInfrastructure({ infrastructure }: Pipeline, name: string): PlannedInfrastructure {
  const { directory = ".", backend, preview = true, drift = nightly(`${name} drift`) } = infrastructure ?? {};
  const { identity = {}, secrets = [] } = infrastructure ?? {};
  return {
    directory,
    ...(backend !== undefined && { backend }),
    preview: infrastructure !== undefined && preview,
    ...(infrastructure !== undefined && { drift }),
    identity,
    secrets: [...new Set([...secrets, ...pulumiSecrets(backend)])],
  };
}

function planSecurity({ security = {} }: Pipeline, name: string): PlannedSecurity {
  return {
    threshold: security.trivy?.threshold ?? "high",
    codeql: security.codeql?.languages ?? [],
    snykThreshold: security.snyk?.threshold ?? "high",
    snykToken: security.snyk?.tokenSecret ?? "SNYK_TOKEN",
    audit: security.audit ?? [],
    schedule: security.schedule ?? weekly(`${name} scan`),
  };
}

function planVersioning({ versioning }: Pipeline): PlannedVersioning | undefined {
  if (versioning === undefined) return undefined;
  const [prefix = "", suffix = ""] = (versioning.tagFormat ?? "v{version}").split("{version}");
  return { way: versioning.way ?? "release-please", prefix, suffix };
}

function planHooks({ hooks, toolchain }: Pipeline): PlannedHooks | undefined {
  if (hooks === undefined) return undefined;
  const pythonAlone = toolchain?.python !== undefined && toolchain.node === undefined;
  const list = (given: GitHooks["preCommit"]) => Object.entries(given ?? {}).map(([name, hook]) => ({ name, ...hook }));
  return {
    runner: hooks.runner ?? (pythonAlone ? "pre-commit" : "lefthook"),
    preCommit: list(hooks.preCommit),
    prePush: list(hooks.prePush),
  };
}

/** A test of something that is deployed finds it by its address. */
function addressProblems({ tests = {} }: Pipeline, environments: [string, string | undefined][]): Problem[] {
  const urls = new Map(environments);
  return (["unit", "integration", "api", "e2e", "smoke", "performance"] as const).flatMap((suite) => {
    const environment = tests[suite]?.environment;
    if (environment === undefined || urls.get(environment) !== undefined) return [];
    const fix = `Add environments.${environment}.url, so that BASE_URL holds it`;
    return [
      {
        path: `pipeline.tests.${suite}.environment`,
        problem: "has no address to test",
        got: JSON.stringify(environment),
        fix,
      },
    ];
  });
}
