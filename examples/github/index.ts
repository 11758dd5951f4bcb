import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
// In a project of your own: from "headgate/github".
import { type Delivery, GithubDelivery } from "../../components/github";

const config = new pulumi.Config();

// What is delivered, and how, is said once: in the file that `headgate validate` and `headgate pipeline` read.
const delivery = parse(readFileSync(join(__dirname, "..", "cicd", "cicd.yml"), "utf8")) as Delivery;

const shop = new GithubDelivery("shop", {
  repository: "acme/shop",
  delivery,
  secrets: { PULUMI_ACCESS_TOKEN: config.requireSecret("pulumiAccessToken") },
  environmentSecrets: {
    production: { DATABASE_PASSWORD: config.requireSecret("databasePassword") },
    // Where jobs that deploy nothing have their secrets from.
    pipeline: { SLACK_WEBHOOK_URL: config.requireSecret("slackWebhookUrl") },
  },
  // The GitHub App whose token runs Pulumi: it alone commits to main without a pull request.
  bypass: { app: config.getNumber("app") ?? 12345 },
  pins: "keep-newer",
});

export const files = shop.files.apply((all) => all.map(({ path }) => path));
export const environments = shop.environments;
export const warnings = shop.warnings;
