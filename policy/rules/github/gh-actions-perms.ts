import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisSupplyChain, scorecard } from "../../core/standard";
import { objects } from "../../model/object";

const TOKENS = [
  "github:index/workflowRepositoryPermissions:WorkflowRepositoryPermissions",
  "github:index/actionsOrganizationWorkflowPermissions:ActionsOrganizationWorkflowPermissions",
];
const ACTIONS = [
  "github:index/actionsRepositoryPermissions:ActionsRepositoryPermissions",
  "github:index/actionsOrganizationPermissions:ActionsOrganizationPermissions",
];
const HOOKS = [
  "github:index/repositoryWebhook:RepositoryWebhook",
  "github:index/organizationWebhook:OrganizationWebhook",
];
const KEYS = ["github:index/repositoryDeployKey:RepositoryDeployKey"];

export const ghActionsPerms = defineRule({
  id: "gh-actions-perms",
  title: "Workflows, webhooks and deploy keys of a repository can do only what they need",
  severity: "high",
  standards: [...scorecard("Token-Permissions"), ...cisSupplyChain("2.3.5", "1.4.4")],
  levels: levels("advisory", "mandatory"),
  model: objects("permissions, webhooks and deploy keys on GitHub", "it", [...TOKENS, ...ACTIONS, ...HOOKS, ...KEYS]),
  why: "A workflow that runs an action of a stranger with a token that writes can change the code that is delivered.",
  remediation:
    'Set defaultWorkflowPermissions to "read" and canApprovePullRequestReviews to false, allowedActions to "selected" or "local_only" with shaPinningRequired, webhooks to https, and deploy keys to readOnly.',
  *check(object) {
    const is = (types: readonly string[]) => types.includes(object.cursor.origin.resource.type);
    if (is(TOKENS)) {
      const [token, approves] = [object.at("defaultWorkflowPermissions"), object.at("canApprovePullRequestReviews")];
      // GitHub's own default is to read.
      yield object.fails("lets tokens write by default", token, () => token.present() && token.read() !== "read");
      yield object.fails("lets workflows approve changes", approves, () => approves.read() === true);
    }
    if (is(ACTIONS)) {
      const [allowed, pinned] = [object.at("allowedActions"), object.at("shaPinningRequired")];
      const isOff = () => object.at("enabled").read() === false || object.at("enabledRepositories").read() === "none";
      yield object.fails(
        "lets workflows run anybody's actions",
        allowed,
        () => (allowed.read() ?? "all") === "all" && !isOff(),
      );
      yield object.fails("lets actions change under their name", pinned, () => pinned.read() !== true && !isOff());
    }
    if (is(HOOKS)) {
      const [url, insecure] = [object.at("configuration.url"), object.at("configuration.insecureSsl")];
      yield object.fails("sends events in the clear", url, () => /^http:/i.test(url.text() ?? ""));
      yield object.fails("sends events to whoever answers", insecure, () => insecure.read() === true);
    }
    if (is(KEYS)) {
      const readOnly = object.at("readOnly");
      yield object.fails("lets a key write to the repository", readOnly, () => readOnly.read() === false);
    }
  },
});
