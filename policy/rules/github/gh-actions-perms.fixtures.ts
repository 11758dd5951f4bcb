import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const token = of("github:index/workflowRepositoryPermissions:WorkflowRepositoryPermissions");
const tokens = of("github:index/actionsOrganizationWorkflowPermissions:ActionsOrganizationWorkflowPermissions");
const actions = of("github:index/actionsRepositoryPermissions:ActionsRepositoryPermissions");
const allActions = of("github:index/actionsOrganizationPermissions:ActionsOrganizationPermissions");
const hook = of("github:index/repositoryWebhook:RepositoryWebhook");
const hooks = of("github:index/organizationWebhook:OrganizationWebhook");
const key = of("github:index/repositoryDeployKey:RepositoryDeployKey");
const selected = { allowedActions: "selected", shaPinningRequired: true };

export const fixtures: Fixtures = {
  pass: [
    example("selected actions, by digest", actions({ repository: "shop", ...selected })),
    example("no actions at all", actions({ repository: "shop", enabled: false })),
    example("no actions in the organisation", allActions({ enabledRepositories: "none" })),
    example("tokens that read", token({ repository: "shop", defaultWorkflowPermissions: "read" })),
    example("tokens as GitHub has them", tokens({ organizationSlug: "acme", canApprovePullRequestReviews: false })),
    example("a webhook", hook({ configuration: { url: "https://example.com" }, events: ["push"] })),
    example("a key that reads", key({ repository: "shop", title: "ci" })),
  ],
  fail: [
    broken("anybody's actions", ["allowedActions", "shaPinningRequired"], actions({ repository: "shop" })),
    broken(
      "anybody's actions in the organisation",
      "allowedActions",
      allActions({ enabledRepositories: "all", ...selected, allowedActions: "all" }),
    ),
    broken("actions by tag", "shaPinningRequired", actions({ allowedActions: "selected" })),
    broken(
      "tokens that write and approve",
      ["defaultWorkflowPermissions", "canApprovePullRequestReviews"],
      token({ defaultWorkflowPermissions: "write", canApprovePullRequestReviews: true }),
    ),
    broken("a webhook in the clear", "configuration.url", hook({ configuration: { url: "HTTP://example.com" } })),
    broken(
      "a webhook to whoever answers",
      "configuration.insecureSsl",
      hooks({ configuration: { url: "https://example.com", insecureSsl: true } }),
    ),
    broken("a key that writes", "readOnly", key({ readOnly: false })),
  ],
  malformed: [
    malformed("a permission that is a number", "fail", token({ defaultWorkflowPermissions: 1 })),
    malformed("a configuration that is a text", "pass", hook({ configuration: "http://example.com" })),
  ],
  wrongKind: [example("a repository", of("github:index/repository:Repository")({ allowedActions: "all" }))],
};
