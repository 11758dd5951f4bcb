import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plausible } from "./plausible";

const outputs = (type: string, inputs: Record<string, unknown> = {}) => plausible(type, "app", inputs, "seed").outputs;

it("is the same for the same resource, and differs with its seed", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(
        "aws:ecr/repository:Repository",
        "docker:index/image:Image",
        "gcp:cloudrunv2/service:Service",
        "other:a/b:C",
      ),
      fc.string({ minLength: 1 }),
      (type, name) => {
        expect(plausible(type, name, {}, "x")).toEqual(plausible(type, name, {}, "x"));
        expect(plausible(type, name, {}, "x").id).not.toBe("");
      },
    ),
  );
  expect(plausible("other:a:C", "n", {}, "x").id).not.toBe(plausible("other:a:C", "n", {}, "y").id);
});

describe.each([
  [
    "aws:ecr/repository:Repository",
    { name: "r" },
    {
      repositoryUrl: "123456789012.dkr.ecr.us-east-1.amazonaws.com/r",
      arn: "arn:aws:ecr:us-east-1:123456789012:repository/r",
    },
  ],
  ["aws:iam/role:Role", { name: "r" }, { arn: "arn:aws:iam::123456789012:role/r" }],
  ["aws:s3/bucketV2:BucketV2", { bucket: "b" }, { arn: "arn:aws:s3:::b", bucket: "b" }],
  ["aws:ec2/vpc:Vpc", {}, { arn: expect.stringMatching(/:vpc\/vpc-0[0-9a-f]{16}$/) }],
  [
    "gcp:artifactregistry/repository:Repository",
    { repositoryId: "r", location: "eu" },
    { registryUri: "eu-docker.pkg.dev/headgate-test/r" },
  ],
  [
    "azure-native:containerregistry:Registry",
    { registryName: "r" },
    { loginServer: expect.stringMatching(/\.azurecr\.io$/) },
  ],
  [
    "kubernetes:apps/v1:Deployment",
    { metadata: { name: "d", namespace: "n" } },
    { metadata: expect.objectContaining({ name: "d", namespace: "n" }) },
  ],
  [
    "kubernetes:core/v1:Namespace",
    { metadata: { name: "n" } },
    { metadata: expect.not.objectContaining({ namespace: expect.anything() }) },
  ],
  [
    "docker:index/image:Image",
    { imageName: "r.io/a:1" },
    { repoDigest: expect.stringMatching(/^r\.io\/a@sha256:[0-9a-f]{64}$/) },
  ],
  [
    "docker:index/image:Image",
    { imageName: "a", skipPush: true },
    { repoDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
  ],
  ["random:index/randomPassword:RandomPassword", { length: 20 }, { result: expect.stringMatching(/^.{20}$/) }],
  ["github:index/repository:Repository", { name: "r" }, { fullName: "example/r" }],
])("%s", (type, inputs, expected) => {
  it("looks as its cloud makes it", () => expect(outputs(type, inputs)).toMatchObject(expected));
});
