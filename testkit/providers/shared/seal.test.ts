import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact, seal } from "./seal";
import { isRecord, isSecret, type Properties, secret, secretTexts, unwrapAll } from "./wire";

/** Every text outside a secret wrapper. */
function openTexts(value: unknown): string[] {
  if (isSecret(value)) return [];
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(openTexts);
  return isRecord(value) ? Object.values(value).flatMap(openTexts) : [];
}

const key = fc.constantFrom("a", "b", "c", "items");
const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
    fc.string({ minLength: 4 }).map((text) => secret(`s${text}`)),
    fc.array(leaf, { maxLength: 2 }).map((items) => secret(items)),
  ),
}));
const inputs = fc.dictionary(key, value, { maxKeys: 4 }) as fc.Arbitrary<Properties>;

describe("seal", () => {
  it("changes no value, and leaves no secret text open", () => {
    fc.assert(
      fc.property(inputs, (raw) => {
        const sealed = seal(unwrapAll(raw), raw);
        expect(unwrapAll(sealed)).toEqual(unwrapAll(raw));
        const secrets = secretTexts(raw);
        for (const text of openTexts(sealed)) expect(secrets.has(text)).toBe(false);
      }),
    );
  });

  it("follows a secret to wherever a provider put it", () => {
    const raw = { token: secret("s3cr3t"), name: "app" };
    const sealed = seal({ url: "https://app/?key=s3cr3t", list: ["app", "s3cr3t"], name: "app" }, raw);
    expect(isSecret(sealed.url)).toBe(true);
    expect(sealed.list).toEqual(["app", secret("s3cr3t")]);
    expect(sealed.name).toBe("app");
  });

  it("takes the value of a variable and the password of an address for secrets too", () => {
    const raw = { envs: [secret("TOKEN=tk-1234"), secret("postgres://app:pw-5678@db/app")] };
    expect(openTexts(seal({ a: "tk-1234", b: "x pw-5678 y", c: "app" }, raw))).toEqual(["app"]);
  });

  it("does not take a short secret for a part of other texts", () => {
    expect(seal({ name: "abc", pin: "b" }, { pin: secret("b") })).toEqual({ name: "abc", pin: secret("b") });
  });
});

it("redacts every secret, the longest first", () => {
  const raw = { a: secret("long-secret"), b: secret("long-secret-and-more") };
  expect(redact("cannot use long-secret-and-more or long-secret", raw)).toBe("cannot use [secret] or [secret]");
});
