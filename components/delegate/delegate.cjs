"use strict";
// Loaded by the dynamic provider process, which knows neither TypeScript nor where the library is.
// A checkout runs its sources, so that they are never older than what is read in them; a package its compiled files.
const { existsSync } = require("node:fs");
const { join, sep } = require("node:path");

const sources = existsSync(join(__dirname, "kinds.ts")) && !__dirname.includes(`${sep}node_modules${sep}`);
const compiled = join(__dirname, "..", "..", "dist", "components");

const load = (path) =>
  sources
    ? require("tsx/cjs/api").require(join(__dirname, "..", `${path}.ts`), __filename)
    : require(join(compiled, `${path}.js`));

/** The provider of a kind. Only the kind's own room is loaded. */
exports.provider = (kind) => {
  const { providers } = load(`${load("delegate/kinds").roomOf(kind)}/providers`);
  return load("delegate/provider").asked(providers[kind]);
};
