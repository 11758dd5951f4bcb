import { createHash } from "node:crypto";
import { canonical } from "../../model/canonical";

/** Hash of plain data, the same for every order of keys. */
export const contentHash = (value: unknown): string => createHash("sha256").update(canonical(value)).digest("hex");
