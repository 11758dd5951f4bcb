import { z } from "zod";

/** Options of rules that each profile of the Pod Security Standards has a form of. Defaults to the stricter one. */
export const profileOptions = z.strictObject({
  profile: z.enum(["baseline", "restricted"]).default("restricted"),
});
