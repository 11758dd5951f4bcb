import type { Stack } from "../components/model/stack";
import { stack as dev } from "./dev";
import { stack as production } from "./production";
import { stack as staging } from "./staging";

/** Every stack by its profile. */
export const stacks: Record<string, Stack> = { dev, staging, production };
