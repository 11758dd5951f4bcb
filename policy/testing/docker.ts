import type { Resource } from "../core/resource";
import { type Example, example, resource } from "./fixtures";

type Json = Record<string, unknown>;

export const container = (properties: Json): Resource =>
  resource("docker:index/container:Container", { image: "shop", ...properties });

/** A service in a swarm with these settings of its containers, and of its tasks. */
export const swarm = (containerSpec: unknown, taskSpec: Json = {}): Resource =>
  resource("docker:index/service:Service", { taskSpec: { containerSpec, ...taskSpec } });

/** The same properties on something that runs nothing. */
export const noContainer = (properties: Json): Example =>
  example("an image that is built", resource("docker:index/image:Image", properties));
