import type { Resource } from "../core/resource";
import { resource } from "./fixtures";

type Json = Record<string, unknown>;

/** A task of one container, as the provider takes it: as a text. */
export const task = (container: Json, properties: Json = {}): Resource =>
  resource("aws:ecs/taskDefinition:TaskDefinition", {
    family: "shop",
    containerDefinitions: JSON.stringify([{ name: "web", ...container }]),
    ...properties,
  });

/** A task whose containers are this text. */
export const taskOf = (containerDefinitions: unknown): Resource =>
  resource("aws:ecs/taskDefinition:TaskDefinition", { family: "shop", containerDefinitions });
