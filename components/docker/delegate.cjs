"use strict";
// Loaded by the dynamic provider process, which knows neither TypeScript nor where the library is.
// A checkout runs its sources, so that they are never older than what is read in them; a package its compiled files.
const { existsSync } = require("node:fs");
const { join, sep } = require("node:path");

const source = join(__dirname, "providers.ts");
const installed = __dirname.includes(`${sep}node_modules${sep}`);
module.exports =
  existsSync(source) && !installed
    ? require("tsx/cjs/api").require(source, __filename)
    : require(join(__dirname, "..", "..", "dist", "components", "docker", "providers.js"));
