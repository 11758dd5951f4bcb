import { join } from "node:path";
import { guardContext } from "../components/docker/host/guard-context";
import { checkout } from "./paths";
import { policyPack } from "./policy-pack";

/** Puts into dist/ what the package needs besides the compiled sources: the guard's build context, the policy pack. */
async function main(): Promise<void> {
  console.log(`guard      ${guardContext()}`);
  console.log(`policies   ${await policyPack(join(checkout, "dist", "policy-pack"))}`);
}

void main();
