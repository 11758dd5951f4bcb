import { guardContext } from "../components/docker/host/guard-context";

/** Puts the guard's build context into dist/, for the package. */
console.log(`guard      ${guardContext()}`);
