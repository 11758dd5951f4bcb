import { nearest } from "../components/model/nearest";

/** The settings a document has at its top. */
const known = [
  "service",
  "services",
  "release",
  "objectives",
  "strategies",
  "environments",
  "repositories",
  "pipeline",
  "notifications",
];

type Exports = Record<string, unknown>;

const isObject = (value: unknown): value is Exports =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The document that the exports of a program make: its default export when that is an object; else the exports that
 * have the names of a document's settings, and every other export that is a service by its content, under its name.
 * Other exports are no concern of a document. Nothing when there is no service at all.
 */
export function exportedDocument(namespace: Exports): unknown {
  const { default: main, "module.exports": commonJs, __esModule: _, ...named } = namespace;
  // What a CommonJS module exports arrives as its default export, and by name as far as names could be found.
  const wrapped = main !== undefined && (main === commonJs || (isObject(main) && "__esModule" in main));
  if (wrapped && isObject(main)) return fromNames({ ...named, ...withoutMarks(main) }) ?? main;
  return isObject(main) ? main : fromNames(named);
}

const withoutMarks = ({ __esModule: _, default: main, ...named }: Exports): Exports =>
  isObject(main) ? { ...main } : named;

function fromNames(named: Exports): Exports | undefined {
  const document: Exports = {};
  const services: Exports = {};
  for (const [name, value] of Object.entries(named)) {
    if (known.includes(name)) document[name] = value;
    else if (isObject(value) && "service" in value) services[dashed(name)] = value;
    else if (isObject(value) && ("image" in value || "health" in value)) services[dashed(name)] = { service: value };
    // A slip of the pen: kept, so that whoever checks the document tells it.
    else if (nearest(name, known) !== undefined) document[name] = value;
  }
  if (Object.keys(services).length > 0) {
    document["services"] = isObject(document["services"]) ? { ...services, ...document["services"] } : services;
  }
  return Object.keys(document).length > 0 ? document : undefined;
}

/** Name of a service from that of a variable: shopApi gives shop-api. */
const dashed = (name: string): string =>
  name
    .replace(/(?<=[a-z0-9])[A-Z]/g, "-$&")
    .replace(/_/g, "-")
    .toLowerCase();
