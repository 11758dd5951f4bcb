import type { Resource } from "../core/resource";
import { resource } from "./fixtures";

/** Resources of one type: `of("aws:ecr/repository:Repository")({ name: "shop" })`. */
export const of =
  (type: string) =>
  (properties: unknown): Resource =>
    resource(type, properties);
