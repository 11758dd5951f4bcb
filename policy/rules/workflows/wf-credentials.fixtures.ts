import { broken, example, type Fixtures, inRepository, malformed, noWorkload, stepsOf } from "../../testing/fixtures";

const secret = (name: string) => `\${{ secrets.${name} }}`;
const STEP = "jobs.build.steps[0]";
const checkout = (inputs: unknown, ...others: unknown[]) =>
  stepsOf([{ uses: "actions/checkout@v4", with: inputs }, ...others]);
const uploadOf = (path: unknown) => ({ uses: "actions/upload-artifact@v4", with: { path } });
const upload = uploadOf(".");
const leaky = checkout(undefined, upload);
const push = (inputs: Record<string, unknown>, ...others: unknown[]) =>
  stepsOf([{ uses: "docker/build-push-action@v6", with: { push: true, ...inputs } }, ...others]);

export const fixtures: Fixtures = {
  pass: [
    example("a token that does not stay", checkout({ "persist-credentials": false }, upload)),
    example("nothing that is uploaded", checkout({})),
    example(
      "a part that is uploaded, without the token",
      checkout({}, uploadOf("results.sarif"), uploadOf("dist/**\n!dist/*.map")),
    ),
    example(
      "a folder that is uploaded beside another that has the token",
      checkout({ path: "site" }, uploadOf("./out")),
    ),
    example(
      "OIDC",
      stepsOf([
        { uses: "aws-actions/configure-aws-credentials@v5", with: { "role-to-assume": "arn:aws:iam::1:role/x" } },
      ]),
    ),
    example(
      "a key of a session",
      stepsOf([{ run: "x", env: { AWS_SECRET_ACCESS_KEY: secret("A"), AWS_SESSION_TOKEN: secret("B") } }]),
    ),
    example("a key that a step gave", stepsOf([{ env: { AWS_SECRET_ACCESS_KEY: `\${{ steps.login.outputs.key }}` } }])),
    example("a password that is a secret", stepsOf([], { container: { credentials: { password: secret("P") } } })),
    example("signed, with an inventory", push({ sbom: true }, { run: "cosign sign x" })),
    example("both by actions", push({}, { uses: "actions/attest@v3" }, { uses: "anchore/sbom-action@v0" })),
    example("built and not pushed", push({ push: false })),
  ],
  fail: [
    broken("a token that may be uploaded", `${STEP}.with["persist-credentials"]`, leaky),
    broken(
      "one that is kept by will",
      `${STEP}.with["persist-credentials"]`,
      checkout({ "persist-credentials": "true" }, upload),
    ),
    ...["./", "**", `\${{ github.workspace }}/`, ".git/config\n.git/", "dist\n*"].map((path) =>
      broken(`uploaded as ${path}`, `${STEP}.with["persist-credentials"]`, checkout({}, uploadOf(path))),
    ),
    broken(
      "uploaded from a folder of its own",
      `${STEP}.with["persist-credentials"]`,
      checkout({ path: "site/" }, uploadOf("./site/**")),
    ),
    broken(
      "a key of AWS",
      `${STEP}.with["aws-secret-access-key"]`,
      stepsOf([{ uses: "aws-actions/configure-aws-credentials@v5", with: { "aws-secret-access-key": secret("A") } }]),
    ),
    broken(
      "a key of Google Cloud",
      `${STEP}.with.credentials_json`,
      stepsOf([{ uses: "google-github-actions/auth@v3", with: { credentials_json: secret("A") } }]),
    ),
    broken(
      "keys for all",
      ["env.AWS_SECRET_ACCESS_KEY", `${STEP}.env.AWS_SECRET_ACCESS_KEY`],
      stepsOf([{ env: { AWS_SECRET_ACCESS_KEY: "plain" } }], {}, { env: { AWS_SECRET_ACCESS_KEY: secret("A") } }),
    ),
    broken(
      "passwords in the file",
      ["jobs.build.container.credentials.password", "jobs.build.services.db.credentials.password"],
      stepsOf([], {
        container: { credentials: { password: "plain" } },
        services: { db: { credentials: { password: "plain" } } },
      }),
    ),
    broken("an image that nobody vouches for", [`${STEP}.with.push`, `${STEP}.with.push`], push({})),
    broken("signed, without an inventory", `${STEP}.with.push`, push({}, { uses: "sigstore/cosign-installer@v4" })),
    broken("in a repository's file", `content.${STEP}.with["persist-credentials"]`, inRepository(leaky)),
  ],
  malformed: [
    malformed("inputs that are a text", "pass", checkout("none")),
    malformed("a number for a key", "pass", stepsOf([{ env: { AWS_SECRET_ACCESS_KEY: 1 } }])),
    malformed("a number for what is pushed", "fail", push({ push: 1 })),
    malformed("services that are a list", "pass", stepsOf([], { services: [{ credentials: { password: "plain" } }] })),
  ],
  wrongKind: [noWorkload(leaky)],
};
