import { ConfigMap, type ConfigMapArgs, ConfigMapPatch, Secret, type SecretArgs } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { withoutStacks } from "../../delegate/short-stacks";
import { refuse } from "../../model/errors";
import { contentHash } from "./content-hash";
import type { Context } from "./context";
import { configData } from "./plan-config";
import { configLabels } from "./plan-names";
import type { KubernetesServicePlan } from "./plan-types";

/** A kept object is taken with the labels that are said now: under another manager the earlier ones were a conflict. */
const ONE_MANAGER = { "pulumi.com/patchFieldManager": "headgate-config" };

/** No key of a configuration, so that none hashes alike. */
const PLAIN = "/plain";

/**
 * Variables and files, in an object that never changes: another content is another object, named after it. Who goes
 * back to an earlier version names the same object, which the release may have kept, and so the same pods.
 */
export function createConfig(
  context: Context,
  env: Record<string, pulumi.Input<string>>,
): ConfigMap | ConfigMapPatch | undefined {
  const { component, plan, namespace, options, transform } = context;
  if (plan.variables.length === 0 && Object.keys(plan.files).length === 0) return undefined;
  const given = { ...plan.service.env, ...env };
  const data = pulumi.all([pulumi.all(given), secretVariables(env)]).apply(([values, secretNames]) => {
    const fix = "Move it to secrets, which are files at /run/secrets";
    const problem = "is a secret, and everybody who may see the configuration would read it";
    const problems = secretNames.map((variable) => ({ path: `env.${variable}`, problem, fix }));
    refuse("KubernetesService", plan.name, problems, component);
    return configData(values as Record<string, string>, plan.files);
  });
  const outlives = outlivesVersion(plan);
  // Where another workload takes over, one resource goes and another one comes: under one name, the object would go too.
  const hash = data.apply((content) => contentHash(outlives ? content : { [PLAIN]: content }).slice(0, 10));
  const name = pulumi.interpolate`${plan.name}-config-${hash}`;
  const args: ConfigMapArgs = {
    metadata: { name, namespace, labels: configLabels(plan, outlives), ...(outlives && { annotations: ONE_MANAGER }) },
    immutable: true,
    data,
  };
  const edited = transform.config?.(args) ?? args;
  // A patch makes what is not there, and takes what is: creating a kept object again would be refused.
  const Class = outlives ? ConfigMapPatch : ConfigMap;
  return withoutStacks(() => new Class(`${plan.name}-config`, edited, kept(plan, options)));
}

/** Names of the variables whose values are secrets; that is known only later. */
function secretVariables(env: Record<string, pulumi.Input<string>>): pulumi.Output<string[]> {
  const names = Object.entries(env).map(async ([variable, value]) =>
    (await pulumi.isSecret(pulumi.output(value))) ? [variable] : [],
  );
  return pulumi.output(Promise.all(names).then((all) => all.flat()));
}

/** The service's own secrets, in such an object too. Its name is Pulumi's: one made from the content would tell of it. */
export function createSecret(context: Context, secrets: Record<string, pulumi.Output<string>>): Secret | undefined {
  const { plan, namespace, options, transform } = context;
  if (!plan.ownSecret) return undefined;
  const encoded = (value: string) => Buffer.from(value).toString("base64");
  const args: SecretArgs = {
    metadata: { namespace, labels: configLabels(plan, outlivesVersion(plan)) },
    immutable: true,
    type: "Opaque",
    data: Object.fromEntries(Object.entries(secrets).map(([key, value]) => [key, value.apply(encoded)])),
  };
  const edited = transform.secret?.(args) ?? args;
  return withoutStacks(() => new Secret(`${plan.name}-secrets`, edited, kept(plan, options)));
}

/**
 * The stable version mounts its configuration until it is gone, which is later than the end of an update: the release
 * removes what nobody needs. A workload that never goes back by itself needs none but the newest.
 */
function kept(plan: KubernetesServicePlan, options: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  return { ...options, replaceOnChanges: ["data"], ...(outlivesVersion(plan) && { retainOnDelete: true }) };
}

const outlivesVersion = ({ release }: KubernetesServicePlan) => release.rollout !== undefined;
