import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError } from "../../model/errors";
import type { GithubDeliveryArgs } from "./args";
import { COMPONENT, type GithubDeliveryPlan } from "./plan";

/** What every part of a delivery is made with. */
export interface DeliveryContext {
  /** Name of the component, with which those of its children begin. */
  name: string;
  component: pulumi.ComponentResource;
  plan: GithubDeliveryPlan;
  args: GithubDeliveryArgs;
  /** Name of the repository, without its owner. */
  repository: pulumi.Input<string>;
}

/** The repository by its name, once it is sure that the provider works on repositories of its owner. */
export function repositoryOf(
  component: pulumi.ComponentResource,
  name: string,
  { owner, repository }: GithubDeliveryPlan,
): pulumi.Input<string> {
  const checked = (own: string | undefined): string => {
    if (own === undefined || own.toLowerCase() === owner.toLowerCase()) return repository;
    const problem = {
      path: "repository",
      problem: `has an owner that the provider does not work for, which is ${own}`,
      got: JSON.stringify(`${owner}/${repository}`),
      fix: `Give the component a provider with owner: "${owner}"`,
    };
    throw new ArgumentError(COMPONENT, name, [problem], component);
  };
  const provider = component.getProvider("github:index/repositoryFile:RepositoryFile");
  if (provider instanceof github.Provider) {
    const sure = provider.owner.apply(checked);
    // In a preview an owner that was left out is not known, and nothing else may become unknown by it.
    return pulumi.runtime.isDryRun() ? repository : sure;
  }
  const config = new pulumi.Config("github");
  return checked(config.get("organization") ?? process.env["GITHUB_OWNER"] ?? config.get("owner"));
}
