import { randomBytes } from "node:crypto";
import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { DeliveryContext } from "./context";

const SECRET_BYTES = 32;

/** A webhook with a key of its own. Gives the key, by which deliveries are known to be GitHub's. */
export function createWebhook(context: DeliveryContext): pulumi.Output<string> | undefined {
  const { name, component: parent, plan, repository } = context;
  if (plan.webhook === undefined) return undefined;
  const { url, events } = plan.webhook;
  // Random once: the engine keeps the first value in its state, and ignores the ones made later.
  const kept = new pulumi.Stash(
    `${name}-webhook-secret`,
    { input: pulumi.secret(randomBytes(SECRET_BYTES).toString("hex")) },
    { parent, ignoreChanges: ["input"], additionalSecretOutputs: ["output"] },
  );
  const secret = pulumi.secret(kept.output.apply(String));
  new github.RepositoryWebhook(
    `${name}-webhook`,
    {
      repository,
      events: [...events],
      active: true,
      configuration: { url, contentType: "json", insecureSsl: false, secret },
    },
    { parent },
  );
  return secret;
}
