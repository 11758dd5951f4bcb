import type { Resource } from "../core/resource";
import { resource } from "./fixtures";

type Json = Record<string, unknown>;

const documentOf = (statements: readonly unknown[]) => ({ Version: "2012-10-17", Statement: statements });

/** A policy whose document is an object. */
export const policy = (...statements: Json[]): Resource =>
  resource("aws:iam/policy:Policy", { policy: documentOf(statements) });

/** A policy whose document is a text. */
export const textPolicy = (type: string, ...statements: Json[]): Resource =>
  resource(type, { policy: JSON.stringify(documentOf(statements)) });

/** A role that these statements let somebody take. */
export const trusting = (...statements: Json[]): Resource =>
  resource("aws:iam/role:Role", { assumeRolePolicy: JSON.stringify(documentOf(statements)) });
