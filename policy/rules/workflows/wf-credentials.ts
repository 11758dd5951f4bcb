import { type Cursor, findOf } from "../../core/cursor";
import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { checkov, zizmor } from "../../core/standard";
import { someStep, uses, type Workflow, workflow } from "../../model/workflow";

/** Inputs of actions that take a key which holds for good, where the action can do without. */
const STATIC_KEYS: readonly (readonly [action: string, input: string])[] = [
  ["aws-actions/configure-aws-credentials", "aws-secret-access-key"],
  ["google-github-actions/auth", "credentials_json"],
  ["azure/login", "creds"],
  ["pypa/gh-action-pypi-publish", "password"],
];
const SIGNERS = ["sigstore/cosign-installer", "actions/attest", "actions/attest-build-provenance"];
const INVENTORIES = ["anchore/sbom-action", "actions/attest-sbom", "aquasecurity/trivy-action"];

export const wfCredentials = defineRule({
  id: "wf-credentials",
  title: "Workflows keep no key for good, and sign what they push",
  severity: "medium",
  standards: [
    ...zizmor("artipacked", "hardcoded-container-credentials", "use-trusted-publishing"),
    ...checkov("CKV_GHA_5", "CKV_GHA_6"),
  ],
  levels: levels("advisory", "mandatory"),
  model: workflow,
  why: "A key that holds for good is of use to whoever finds it, in an artifact or a log. An image that nothing signed may come from anywhere.",
  remediation:
    "Set persist-credentials: false. Let the cloud trust the workflow's OIDC token. Sign the image and attest its SBOM in the same workflow.",
  *check(model) {
    yield* variables(model.workflow);
    for (const job of model.jobs) {
      yield* variables(job);
      yield* containerPasswords(job);
      for (const step of job.steps) {
        yield* variables(step);
        const persist = step.at("with.persist-credentials");
        yield step.fails(
          "leaves a token in the folder that the job uploads from",
          persist,
          () =>
            uses(step, ["actions/checkout"]) &&
            String(persist.read()) !== "false" &&
            findOf(job.steps, (each) => uses(each, ["actions/upload-artifact"]) && takes(each, step)) !== undefined,
        );
        for (const [action, input] of STATIC_KEYS) {
          const at = step.at("with").entry(input);
          yield step.fails(
            "uses a key that holds for good",
            at,
            () => at.present() && uses(step, [action]) && !step.at("with").entry("aws-session-token").present(),
          );
        }
        yield* pushes(model, step);
      }
    }
  },
});

/** Whether an upload takes all of the folder that was checked out, or the part of it that has the token. */
function takes(upload: Part, checkout: Part): boolean {
  const folder = plain(checkout.at("with.path").text() ?? "");
  const all = [".", ".git", folder, folder === "." ? ".git" : `${folder}/.git`];
  const lines = (upload.at("with.path").text() ?? "").split("\n").filter((line) => line.trim() !== "");
  return lines.some((line) => all.includes(plain(line)));
}

/** A path without what says nothing: `./site/**` as `site`, the workspace as `.`. */
function plain(path: string): string {
  const inside = path.trim().replace(/^\$\{\{\s*github\.workspace\s*\}\}/, ".");
  const parts = inside.split("/").filter((part) => part !== "" && part !== ".");
  while (/^\*+$/.test(parts.at(-1) ?? "")) parts.pop();
  return parts.join("/") || ".";
}

/** Keys of AWS that stand beside no session's token. */
function* variables(part: Part) {
  const env = part.at("env");
  const at = env.at("AWS_SECRET_ACCESS_KEY");
  yield part.fails("uses a key that holds for good", at, () => isStored(at) && !env.at("AWS_SESSION_TOKEN").present());
}

/** A secret of the repository, or a text that stands there. What a step gave may be a session's. */
const isStored = (at: Cursor): boolean => {
  const text = at.text() ?? "";
  return text !== "" && (!text.includes("${{") || /\bsecrets\s*[.[]/i.test(text));
};

function* containerPasswords(job: Part) {
  const services = job.at("services").entries();
  for (const container of [job.at("container"), ...services.map(([, service]) => service)]) {
    const at = container.at("credentials.password");
    yield job.fails("has a password in the file", at, () => {
      const text = at.text() ?? "";
      return text !== "" && !text.includes("${{");
    });
  }
}

function* pushes(model: Workflow, step: Part) {
  const at = step.at("with.push");
  const isPush = () =>
    uses(step, ["docker/build-push-action"]) && at.present() && String(at.read()).toLowerCase() !== "false";
  yield step.fails(
    "pushes an image that the workflow does not sign",
    at,
    () => isPush() && !someStep(model, (each) => uses(each, SIGNERS) || runs(each, /\bcosign\s+(sign|attest)\b/)),
  );
  yield step.fails(
    "pushes an image without an inventory of what is in it",
    at,
    () =>
      isPush() &&
      !isSet(step.at("with.sbom")) &&
      !someStep(model, (each) => uses(each, INVENTORIES) || runs(each, /\b(syft|cosign\s+attest)\b/)),
  );
}

const runs = (step: Part, command: RegExp): boolean => command.test(step.at("run").text() ?? "");
const isSet = (at: Cursor): boolean => at.present() && String(at.read()).toLowerCase() !== "false";
