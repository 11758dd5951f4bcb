import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { GeneratedFile } from "../pipeline/generated-file";
import { createAccess } from "./delivery/access";
import { FileSink, type GithubDeliveryArgs } from "./delivery/args";
import { type DeliveryContext, repositoryOf } from "./delivery/context";
import { createFiles, filesOf } from "./delivery/files";
import { createRuleset } from "./delivery/guard";
import { type EditFiles, planGithubDelivery } from "./delivery/plan";
import { sealed } from "./delivery/sealed";
import { createWebhook } from "./delivery/webhook";

/** Options of a GithubDelivery. */
export interface GithubDeliveryOptions extends pulumi.ComponentResourceOptions {
  /** TypeScript only: a last edit. */
  transform?: {
    /** Files, before anything is decided by them: added, changed, left out. */
    files?: EditFiles;
  };
}

/**
 * Delivery from a repository of GitHub: workflow files, and everything that their runs need and that keeps them safe.
 * Secrets, environments and permissions come before the files, so that no run starts without what protects it; the
 * ruleset comes after them. Throws ArgumentError when an argument is wrong.
 */
export class GithubDelivery extends pulumi.ComponentResource {
  /** The files as they are written. */
  public readonly files: pulumi.Output<GeneratedFile[]>;
  /** Names of the environments, once they are there with what protects them. */
  public readonly environments: pulumi.Output<string[]>;
  /** Key of the webhook's deliveries, a secret. Undefined without a webhook. */
  public readonly webhookSecret?: pulumi.Output<string>;
  /** Id of the ruleset. Undefined with the sink "dry-run". */
  public readonly rulesetId?: pulumi.Output<number>;
  /** What GitHub does differently from what was asked. Shown in the preview too. */
  public readonly warnings: pulumi.Output<string[]>;

  constructor(name: string, args: GithubDeliveryArgs, opts: GithubDeliveryOptions = {}) {
    const { transform, ...componentOptions } = opts;
    const plan = planGithubDelivery(name, args, transform?.files);
    super("headgate:index:GithubDelivery", name, sealed(args), componentOptions);
    const warnings = plan.diagnostics.map(({ feature, message }) => `${feature}: ${message}`);
    for (const warning of warnings) pulumi.log.warn(warning, this);

    const context: DeliveryContext = { name, component: this, plan, args, repository: plan.repository };
    const files = filesOf(context);
    const made = plan.sink === FileSink.dryRun ? {} : create(context, files);

    this.files = pulumi.all(files);
    this.warnings = pulumi.output(warnings);
    this.environments = pulumi
      .all((made.access ?? []).map(({ urn }) => urn))
      .apply(() => plan.environments.map(({ name }) => name));
    if (made.webhookSecret !== undefined) this.webhookSecret = made.webhookSecret;
    if (made.ruleset !== undefined) this.rulesetId = made.ruleset.rulesetId;
    this.registerOutputs({
      files: this.files,
      environments: this.environments,
      webhookSecret: this.webhookSecret,
      rulesetId: this.rulesetId,
      warnings: this.warnings,
    });
  }
}

interface Made {
  access?: pulumi.Resource[];
  webhookSecret?: pulumi.Output<string> | undefined;
  ruleset?: github.RepositoryRuleset;
}

function create(planned: DeliveryContext, files: readonly pulumi.Output<GeneratedFile>[]): Made {
  const context = { ...planned, repository: repositoryOf(planned.component, planned.name, planned.plan) };
  const access = createAccess(context);
  const webhookSecret = createWebhook(context);
  const labels = createLabels(context);
  const written = createFiles(context, files, [...access, ...labels]);
  return { access, webhookSecret, ruleset: createRuleset(context, [...written, ...access, ...labels]) };
}

function createLabels({ name, component: parent, plan, repository }: DeliveryContext): pulumi.Resource[] {
  return plan.labels.map(
    (label) => new github.IssueLabel(`${name}-label-${label.name}`, { repository, ...label }, { parent }),
  );
}
