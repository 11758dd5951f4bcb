import { runtime } from "@pulumi/pulumi";
import { afterEach, expect, test } from "vitest";
import type { Service } from "../model/service";
import { delivered } from "./delivered";

const service: Service = { image: { build: { context: "." } }, port: 8080, health: { readiness: { path: "/ready" } } };
const reference = `ghcr.io/acme/shop/shop@sha256:${"0a".repeat(32)}`;

afterEach(() => runtime.setAllConfig({}));

test("a service takes the image that the pipeline put into the configuration, and only that one", () => {
  runtime.setAllConfig({ "headgate:delivered.shop": reference, "headgate:delivered.mailer": "another" });
  expect(delivered("shop", service)).toEqual({ ...service, image: { reference } });
});

test("without one it stays as it is", () => {
  runtime.setAllConfig({ "headgate:delivered.mailer": reference });
  expect(delivered("shop", service)).toBe(service);
});
