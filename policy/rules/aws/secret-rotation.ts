import { z } from "zod";
import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineStackRule } from "../../core/rule";
import { checkov, foundationalSecurity } from "../../core/standard";
import { objects } from "../../model/object";

const secretsOfAws = objects("secrets of AWS", "the secret", ["aws:secretsmanager/secret:Secret"]);
const secretsOfGoogle = objects("secrets of Google Cloud", "the secret", ["gcp:secretmanager/secret:Secret"]);
const rotations = objects("rotations of secrets", "the rotation", ["aws:secretsmanager/secretRotation:SecretRotation"]);

const options = z.strictObject({
  /** Longest time between two rotations, in days. Defaults to 90. */
  mostDays: z.number().int().min(1).default(90),
});

export const secretRotation = defineStackRule({
  id: "secret-rotation",
  title: "Secrets are rotated, and can be brought back when they were deleted",
  severity: "high",
  standards: [...foundationalSecurity("SecretsManager.1", "SecretsManager.4"), ...checkov("CKV_AWS_304")],
  levels: levels("off", "mandatory"),
  options,
  why: "A secret that leaked is good until somebody changes it, and one that is deleted at once takes its service down.",
  remediation:
    "Give the secret a SecretRotation, or in Google Cloud rotation.rotationPeriod, of 90 days at most, and a recovery window above 0.",
  *check(stack, { mostDays }) {
    const found = stack.of(rotations);
    for (const rotation of found) {
      const [days, schedule] = [
        rotation.at("rotationRules.automaticallyAfterDays"),
        rotation.at("rotationRules.scheduleExpression"),
      ];
      yield rotation.fails("rotates too seldom", days, () => {
        const rate = /^rate\((\d+) days?\)$/.exec(schedule.text() ?? "")?.[1];
        return Number(rate ?? days.read() ?? 0) > mostDays;
      });
    }
    for (const secret of stack.of(secretsOfAws)) {
      const recovery = secret.at("recoveryWindowInDays");
      yield secret.fails("is not rotated", secret.cursor, () => !isRotated(secret, found));
      yield secret.fails("is gone as soon as it is deleted", recovery, () => recovery.read() === 0);
    }
    for (const secret of stack.of(secretsOfGoogle)) {
      const period = secret.at("rotation.rotationPeriod");
      yield secret.fails("is not rotated often enough", period, () => {
        const seconds = /^(\d+)(\.\d+)?s$/.exec(period.text() ?? "")?.[1];
        return seconds === undefined || Number(seconds) > mostDays * 24 * 60 * 60;
      });
    }
  },
});

function isRotated(secret: Part, all: readonly Part[]): boolean {
  const rotates = (rotation: Part): boolean => {
    if (rotation.at("rotationEnabled").read() === false) return false;
    const id = rotation.at("secretId").text();
    // Before it exists, a secret has no ARN to be recognised by.
    if (!secret.at("arn").present()) return true;
    return id !== undefined && ["arn", "id", "name"].some((field) => secret.at(field).read() === id);
  };
  // One that is known to be of this secret counts, whatever is unknown of others.
  return all.filter((rotation) => !rotation.at("secretId").unknown).some(rotates) || all.some(rotates);
}
