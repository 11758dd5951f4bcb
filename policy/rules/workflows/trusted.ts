import { z } from "zod";

/** Options of rules that let some owners of actions pass. */
export const trustedOptions = z.strictObject({
  trusted: z
    .array(z.string().toLowerCase())
    .default([])
    .describe("owners on GitHub whose actions and workflows are taken as they are: your own organisation"),
});
