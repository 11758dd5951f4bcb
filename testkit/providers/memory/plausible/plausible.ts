import { createHash } from "node:crypto";
import { aws } from "./aws";
import { azure } from "./azure";
import { docker } from "./docker";
import { google } from "./google";
import { kubernetes } from "./kubernetes";
import { small } from "./small";
import type { Generator, Plausible, Subject } from "./subject";

const generators: Record<string, Generator> = {
  aws,
  docker,
  gcp: google,
  "google-native": google,
  "azure-native": azure,
  kubernetes,
};

/**
 * The id and computed outputs a cloud would plausibly give to a resource. The same type, name, inputs and seed always
 * give the same answer.
 */
export function plausible(type: string, name: string, inputs: Record<string, unknown>, seed: string): Plausible {
  const subject = subjectOf(type, name, inputs, seed);
  const made = generators[subject.package]?.(subject) ?? small(subject) ?? common(subject);
  return { id: made.id, outputs: { name: subject.name, ...made.outputs } };
}

function subjectOf(type: string, logicalName: string, inputs: Record<string, unknown>, seed: string): Subject {
  const [pkg = "", path = "", kind = ""] = type.split(":");
  const parts = path.split("/");
  // `ecr/repository` names a file after its class; `apps/v1` is a module of its own.
  const file = kind.charAt(0).toLowerCase() + kind.slice(1);
  const module = parts.at(-1) === file ? parts.slice(0, -1).join("/") : path;
  const hex = (digits: number, salt = "") => {
    let text = "";
    for (let round = 0; text.length < digits; round++) {
      text += createHash("sha256").update(`${type}\0${seed}\0${salt}\0${round}`).digest("hex");
    }
    return text.slice(0, digits);
  };
  const given = inputs.name;
  const name = typeof given === "string" && given !== "" ? given : `${logicalName}-${hex(7, "name")}`;
  return { package: pkg, module, kind, name, inputs, hex };
}

function common(subject: Subject): Plausible {
  return { id: `${subject.kind.toLowerCase() || "resource"}-${subject.hex(16)}`, outputs: {} };
}
