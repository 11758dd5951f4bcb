import type { core } from "@pulumi/kubernetes/types/input";
import type { Input } from "@pulumi/pulumi";
import type { Diagnostic } from "../../model/diagnostics";
import { describeKind, describeValue, joinPath, type Problem } from "../../model/problem";
import { bent } from "../../release/compile/target";
import type { KubernetesServiceArgs } from "./args";

/** Folder of the secret files, as on a Docker host. */
export const SECRETS_FOLDER = "/run/secrets";
/** Read by owner and group. */
const FILE_MODE = 0o440;
const FILE_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const VARIABLE_NAME = /^[A-Za-z_]\w*$/;
/** Names of a Secret and of a key in it (the validation of Kubernetes, IsDNS1123Subdomain and IsConfigMapKey). */
const STORE_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const STORE_KEY = /^(?!\.\.?$|\.\.)[A-Za-z0-9._-]{1,253}$/;

/** A secret of a service and where its value is. Never the value. */
export interface PlannedSecret {
  /** Name of the file, or of the variable. */
  name: string;
  /** Secret of the cluster; absent: the service's own. */
  store?: string;
  /** Key in it. */
  key: string;
  variable: boolean;
}

/** The service's secrets: those whose value is given here, and those that the cluster has. */
export function plannedSecrets({ service, secrets = {} }: KubernetesServiceArgs): PlannedSecret[] {
  const references = service.secrets ?? {};
  const own = Object.keys(secrets).map((name) => ({ name, key: name, variable: references[name]?.variable ?? false }));
  const stored = Object.entries(references)
    .filter(([name]) => secrets[name] === undefined)
    .map(([name, { store, key = name, variable = false }]) => ({ name, store, key, variable }));
  return [...own, ...stored].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The variables among them. */
export function secretVariables(secrets: readonly PlannedSecret[], own: Input<string>): core.v1.EnvVar[] {
  return secrets
    .filter(({ variable }) => variable)
    .map(({ name, store, key }) => ({ name, valueFrom: { secretKeyRef: { name: store ?? own, key } } }));
}

/** The volume with the files among them; undefined without any. */
export function secretsVolume(secrets: readonly PlannedSecret[], own: Input<string>): core.v1.Volume | undefined {
  const files = secrets.filter(({ variable }) => !variable);
  if (files.length === 0) return undefined;
  const sources = files.map(({ name, store, key }) => ({
    secret: { name: store ?? own, items: [{ key, path: name }] },
  }));
  return { name: "headgate-secrets", projected: { defaultMode: FILE_MODE, sources } };
}

export function secretProblems({ service, env = {}, secrets = {} }: KubernetesServiceArgs): Problem[] {
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(secrets)) {
    const path = joinPath("secrets", name);
    if (!FILE_NAME.test(name)) {
      const fix = "Use letters, digits, dots, dashes and underscores";
      problems.push({ path, problem: "is no file name", fix });
    }
    if (value === undefined || value === null || value === "") {
      const fix = "Give its value: config.requireSecret(…), for example";
      problems.push({ path, problem: "is missing", got: value === "" ? "an empty text" : describeKind(value), fix });
    }
  }
  for (const { name, store, key } of plannedSecrets({ service, secrets })) {
    if (store === undefined) continue;
    const path = joinPath("service.secrets", name);
    if (!STORE_NAME.test(store)) {
      const problem =
        "must be the name of a Secret: lower-case letters, digits, dashes and dots, none of these two last";
      problems.push({ path: `${path}.store`, problem, got: describeValue(store), fix: 'Write "shop-database"' });
    }
    if (!STORE_KEY.test(key)) {
      const fix = "Use letters, digits, dots, dashes and underscores";
      problems.push({ path: `${path}.key`, problem: "is no key of a Secret", got: describeValue(key), fix });
    }
  }
  const variables = { ...service?.env, ...env };
  for (const [name, reference] of Object.entries(service?.secrets ?? {})) {
    if (reference?.variable !== true) continue;
    const path = joinPath("service.secrets", name);
    if (!VARIABLE_NAME.test(name)) {
      const fix = "Use letters, digits and underscores, no digit first, or leave variable out to have it as a file";
      problems.push({ path, problem: "is no name of a variable", fix });
    } else if (name in variables) {
      problems.push({ path, problem: "is a variable of service.env or env too", fix: "Remove one of the two" });
    }
  }
  return problems;
}

/** What Secrets of Kubernetes do not have. */
export function secretDiagnostics({ service, secrets = {} }: KubernetesServiceArgs): Diagnostic[] {
  return Object.entries(service.secrets ?? {})
    .filter(([name, { version }]) => version !== undefined && secrets[name] === undefined)
    .map(([name]) => {
      const message = "A Secret of Kubernetes has no versions: the pods get its content at their start.";
      return bent(joinPath("service.secrets", name, "version"), "dropped", message);
    });
}
