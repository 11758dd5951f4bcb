import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { refuse } from "../components/model/errors";
import { describeValue, joinPath, type Problem } from "../components/model/problem";

const port = z.int().min(1).max(65535);

/** What a stack's configuration may hold, in the namespace "headgate". Secrets are read apart, as Outputs. */
const schema = z.strictObject({
  /** Which file of stacks/ describes the stack. Defaults to the stack's name. */
  profile: z.string().min(1).exactOptional(),
  engine: z.string().exactOptional(),
  bindAddress: z.string().exactOptional(),
  ports: z
    .strictObject({
      http: port.exactOptional(),
      https: port.exactOptional(),
      prometheus: port.exactOptional(),
      alertmanager: port.exactOptional(),
      grafana: port.exactOptional(),
      registry: port.exactOptional(),
    })
    .exactOptional(),
  images: z
    .strictObject({
      node: z.string().exactOptional(),
      gateway: z.string().exactOptional(),
      prometheus: z.string().exactOptional(),
      alertmanager: z.string().exactOptional(),
      registry: z.string().exactOptional(),
      grafana: z.string().exactOptional(),
    })
    .exactOptional(),
  /** Certificate in PEM; its key is the secret "privateKey". */
  certificate: z.string().exactOptional(),
  slackChannel: z.string().exactOptional(),
  email: z
    .strictObject({ to: z.string(), from: z.string(), smarthost: z.string(), username: z.string().exactOptional() })
    .exactOptional(),
  retry: z.int().min(0).exactOptional(),
  onBusy: z.enum(["wait", "stop"]).exactOptional(),
  /** Version and error rate built into the example service. */
  version: z.coerce.string().exactOptional(),
  errorRate: z.number().min(0).max(1).exactOptional(),
  /** Edits of one release, as in the model; takes the place of the stack's own. */
  release: z.record(z.string(), z.unknown()).exactOptional(),
  replicas: z.int().min(1).max(100).exactOptional(),
  /** Secret files of every service: names of secret configuration keys. */
  secretFiles: z.array(z.string()).exactOptional(),
});

export type Configuration = z.infer<typeof schema>;
const KEYS = Object.keys(schema.shape) as (keyof Configuration)[];
/** Keys that hold a plain text even when it looks like a number or JSON. */
const TEXTS: (keyof Configuration)[] = [
  "profile",
  "engine",
  "bindAddress",
  "certificate",
  "slackChannel",
  "onBusy",
  "version",
];

/** Reads and checks the stack's configuration. Throws ArgumentError with every problem. */
export function readConfiguration(config: pulumi.Config, stack: string): Configuration {
  const raw: Record<string, unknown> = {};
  for (const key of KEYS) {
    const text = config.get(key);
    if (text !== undefined) raw[key] = TEXTS.includes(key) ? text : parsed(text);
  }
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue): Problem => {
    const path = joinPath("headgate", ...issue.path).replace("headgate.", "headgate:");
    return {
      path,
      problem: `is wrong: ${issue.message.replace(/^./, (letter) => letter.toLowerCase())}`,
      got: describeValue(
        issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], raw),
      ),
      fix: `Set it anew: pulumi config set ${issue.path.length > 1 ? "--path " : ""}${path} VALUE`,
    };
  });
  refuse("Stack", stack, problems);
  throw new Error("a failed check has no problem");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
