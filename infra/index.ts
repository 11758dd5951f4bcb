import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { delivered } from "../components/delivered/delivered";
import { DockerHost } from "../components/docker/docker-host";
import { DockerService } from "../components/docker/docker-service";
import type { DockerHostArgs } from "../components/docker/host/args";
import { refuse } from "../components/model/errors";
import type { Service } from "../components/model/service";
import type { StackService } from "../components/model/stack";
import { stacks } from "../stacks";
import { type Configuration, readConfiguration } from "./configuration";

const ROOT = resolve(__dirname, "..");
const config = new pulumi.Config("headgate");
const configuration = readConfiguration(config, pulumi.getStack());
const profile = configuration.profile ?? pulumi.getStack();
const stack = stacks[profile];
if (stack === undefined) {
  refuse("Stack", pulumi.getStack(), [
    {
      path: "headgate:profile",
      problem: "names no file of stacks/",
      got: `"${profile}"`,
      fix: `Set it to one of ${Object.keys(stacks).join(", ")}: pulumi config set headgate:profile dev`,
    },
  ]);
  throw new Error("unreachable");
}

const host = new DockerHost(stack.host, hostArguments(configuration, stack.scrapeInterval));
const services = Object.entries(stack.services).map(
  ([name, settings]) => [name, createService(name, settings)] as const,
);

export const url = host.url;
export const prometheusUrl = host.prometheusUrl;
export const alertmanagerUrl = host.alertmanagerUrl;
export const grafanaUrl = host.grafanaUrl.apply((address) => address ?? "none: headgate:images.grafana is not set");
export const registry = host.registry;
export const engineVersion = host.engineVersion;
/** What a tool needs to speak with the guard. */
export const handle = host.handle;
/** Digest and address of each service. */
export const digests = Object.fromEntries(services.map(([name, service]) => [name, service.digest]));
export const urls = Object.fromEntries(services.map(([name, service]) => [name, service.url]));

function hostArguments(from: Configuration, scrapeInterval: string | undefined): DockerHostArgs {
  const webhookUrl = config.getSecret("slackWebhook");
  const password = config.getSecret("emailPassword");
  const slack =
    webhookUrl === undefined
      ? undefined
      : { webhookUrl, ...(from.slackChannel === undefined ? {} : { channel: from.slackChannel }) };
  const email =
    from.email === undefined ? undefined : { ...from.email, ...(password === undefined ? {} : { password }) };
  return withoutUndefined<DockerHostArgs>({
    engine: from.engine,
    bindAddress: from.bindAddress,
    ports: from.ports,
    images: from.images,
    scrapeInterval,
    https:
      from.certificate === undefined
        ? undefined
        : {
            certificates: [
              { name: "site", certificate: from.certificate, privateKey: config.requireSecret("privateKey") },
            ],
          },
    alerts: slack === undefined && email === undefined ? undefined : withoutUndefined({ slack, email }),
  });
}

function createService(name: string, settings: StackService): DockerService {
  const secretKeys = {
    ...settings.secrets,
    ...Object.fromEntries((configuration.secretFiles ?? []).map((key) => [key, key])),
  };
  return new DockerService(name, {
    host: host.handle,
    service: delivered(name, configured(settings)),
    ...withoutUndefined({
      release: configuration.release ?? settings.release,
      objectives: settings.objectives,
      hosts: settings.hosts,
      sticky: settings.sticky === true ? {} : undefined,
      retry: configuration.retry,
      onBusy: configuration.onBusy,
    }),
    secrets: Object.fromEntries(Object.entries(secretKeys).map(([file, key]) => [file, config.requireSecret(key)])),
  });
}

/** The service with its build folder found from here, and its build arguments from the configuration. */
function configured({ service, buildArguments }: StackService): Service {
  const replicas = configuration.replicas === undefined ? service.replicas : { count: configuration.replicas };
  const sized: Service = { ...service, ...(replicas === undefined ? {} : { replicas }) };
  const { build } = service.image;
  if (build === undefined) return sized;
  const args = Object.entries(buildArguments ?? {}).flatMap(([argument, key]) => {
    const value = key
      .split(".")
      .reduce<unknown>((found, part) => (found as Record<string, unknown> | undefined)?.[part], configuration);
    return value === undefined ? [] : [[argument, String(value)]];
  });
  const context = join(ROOT, build.context);
  return { ...sized, image: { build: { ...build, context, args: { ...build.args, ...Object.fromEntries(args) } } } };
}

/** Leaves out what is not set, since "absent" and "undefined" are two things to a strict interface. */
function withoutUndefined<T extends object>(value: { [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}
