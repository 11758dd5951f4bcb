import { refuse } from "../../model/errors";
import { filled, flag, list, optional, strictFor } from "../../model/fields";
import { checkName } from "../../model/names";
import { joinPath, type Problem } from "../../model/problem";
import { anything, checkArgs, flowing, objectName } from "../fields";
import type { KubernetesDeployerArgs } from "./args";

/** A deployer with its defaults filled in. */
export interface DeployerPlan {
  name: string;
  namespaces: string[];
  accountNamespace: string;
  users: string[];
  groups: string[];
  token: boolean;
}

const schema = strictFor<KubernetesDeployerArgs>(
  {
    cluster: optional(anything()),
    namespaces: list(objectName, '["shop"]'),
    accountNamespace: optional(objectName),
    users: optional(list(filled("the name of a user"), '["ci@example.com"]')),
    groups: optional(list(filled("the name of a group"), '["deployers"]')),
    token: optional(flag),
    server: optional(flowing((text) => (/^https:\/\/[^/\s]+/.test(text) ? [] : [NO_SERVER]))),
  },
  '{ namespaces: ["shop"] }',
);
const NO_SERVER = { problem: "must be the address of an API server", fix: 'Write "https://cluster.example.com:6443"' };

/** Fills in the defaults and checks everything a deployer is told. Throws ArgumentError with every problem. */
export function planDeployer(name: string, args: KubernetesDeployerArgs): DeployerPlan {
  refuse("KubernetesDeployer", name, [...checkName(name), ...checkArgs(schema, args)]);
  const { namespaces } = args;
  const problems: Problem[] = namespaces.flatMap((namespace, index) =>
    namespaces.indexOf(namespace) === index
      ? []
      : [
          {
            path: joinPath("namespaces", index),
            problem: "is there already",
            got: namespace,
            fix: "Remove one of them",
          },
        ],
  );
  const [first] = namespaces;
  if (first === undefined) {
    problems.push({ path: "namespaces", problem: "is empty", fix: "Name the namespaces it may deliver to" });
  }
  if (args.server !== undefined && args.token !== true) {
    problems.push({ path: "server", problem: "means nothing without token", fix: "Set token to true, or remove it" });
  }
  refuse("KubernetesDeployer", name, problems);
  return {
    name,
    namespaces,
    accountNamespace: args.accountNamespace ?? first ?? "",
    users: args.users ?? [],
    groups: args.groups ?? [],
    token: args.token ?? false,
  };
}
