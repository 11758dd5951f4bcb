import { expect, it } from "vitest";
import { holdsCredential, isPlainSecret, isSecretName } from "./secret-text";

it.each([
  `AKIA${"Z".repeat(16)}`,
  `ghp_${"a1".repeat(18)}`,
  `glpat-${"a1".repeat(10)}`,
  `xoxb-${"1".repeat(12)}`,
  `sk_live_${"a".repeat(24)}`,
  `AIza${"a".repeat(35)}`,
  `SG.${"a".repeat(22)}.${"b".repeat(43)}`,
  `hvs.${"a".repeat(24)}`,
  `eyJ${"a".repeat(12)}.eyJ${"b".repeat(12)}.${"c".repeat(20)}`,
  `a file with\n-----BEGIN RSA ${"PRIVATE"} KEY-----\nin it`,
  "postgres://shop:hunter2@db:5432/shop",
])("knows the credential %#", (text) => {
  expect(holdsCredential(text)).toBe(true);
});

it.each([
  "postgres://db:5432/shop",
  "postgres://shop:$(DB_PASSWORD)@db/shop",
  "https://example.com/a:b@c",
  "-----BEGIN CERTIFICATE-----",
  "ghp_short",
])("takes %j for no credential", (text) => {
  expect(holdsCredential(text)).toBe(false);
});

it.each([
  ["DB_PASSWORD", true],
  ["PGPASSWORD", true],
  ["dbPassword", true],
  ["api-key", true],
  ["APIKEY", true],
  ["AWS_SECRET_ACCESS_KEY", true],
  ["MYSQL_PWD", true],
  ["PWD", false],
  ["DB_PASSWORD_FILE", false],
  ["SECRET_NAME", false],
  ["TOKEN_TTL", false],
  ["MAX_TOKENS", false],
  ["JWT_PUBLIC_KEY", false],
  ["SECRETARY", false],
  ["KEYBOARD", false],
])("%s names a secret: %s", (name, expected) => {
  expect(isSecretName(name)).toBe(expected);
});

const RANDOM = "q8Zt3LmX0vRb7KcY2nWd5HsJ9gPf4TaE";
it.each([
  ["DB_PASSWORD", "hunter2", true],
  ["DB_PASSWORD", "", false],
  ["DB_PASSWORD", "$(OTHER)", false],
  ["DB_PASSWORD", "<set by the operator>", false],
  ["DB_PASSWORD", "/run/secrets/password", false],
  ["USE_TOKEN", "true", false],
  ["SEED", RANDOM, true],
  ["IMAGE_DIGEST", RANDOM, false],
  ["SEED", RANDOM.toLowerCase(), false],
  ["FEATURES", "Alpha1-Beta2-Gamma3-Delta4-Epsilon5-Zeta6", false],
  ["LOG_LEVEL", "info", false],
])("%s=%s is a secret: %s", (name, value, expected) => {
  expect(isPlainSecret(name, value)).toBe(expected);
});
