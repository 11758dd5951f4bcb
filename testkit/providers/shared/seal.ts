import {
  holdsSecret,
  isRecord,
  isSecret,
  type Properties,
  SHORTEST_SECRET_PART,
  secret,
  secretTexts,
  unwrap,
} from "./wire";

/**
 * Wraps again what was secret before the wrappers were taken off: values at the paths that were secret in a source,
 * and every text that holds a secret of a source, wherever a provider put it.
 */
export function seal(values: Properties, ...sources: Properties[]): Properties {
  const texts = [...new Set(sources.flatMap((source) => [...secretTexts(source)]))];
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      sealValue(
        value,
        // Some providers record a copy of the inputs among the outputs.
        sources.map((source) => (key === "__inputs" ? (source[key] ?? source) : source[key])),
        texts,
      ),
    ]),
  );
}

function sealValue(value: unknown, sources: unknown[], texts: string[]): unknown {
  if (value === undefined || isSecret(value)) return value;
  if (sources.some(isSecret)) return secret(unwrap(value));
  if (typeof value === "string") return holdsSecret(value, texts) ? secret(value) : value;
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      sealValue(
        item,
        sources.map((source) => (Array.isArray(source) ? source[index] : undefined)),
        texts,
      ),
    );
  }
  if (isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        sealValue(
          item,
          sources.map((source) => (isRecord(source) ? source[key] : undefined)),
          texts,
        ),
      ]),
    );
  }
  return value;
}

/** The text with every secret of the sources replaced: for error messages and logs. */
export function redact(text: string, ...sources: Properties[]): string {
  const texts = sources
    .flatMap((source) => [...secretTexts(source)])
    .filter((part) => part.length >= SHORTEST_SECRET_PART);
  // The longest first, so that a secret inside another one leaves no remainder.
  texts.sort((a, b) => b.length - a.length);
  let clean = text;
  for (const part of texts) clean = clean.split(part).join("[secret]");
  return clean;
}
