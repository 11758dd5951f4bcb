/** Formats that issuers of credentials give them, so that a text alone tells. */
const CREDENTIALS = [
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, // AWS access key
  /\bgh[pousr]_[A-Za-z0-9]{36,}\b/, // GitHub
  /\bgithub_pat_[A-Za-z0-9_]{36,}\b/,
  /\bglpat-[\w-]{20,}/, // GitLab
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/, // Slack
  /\b[rs]k_live_[A-Za-z0-9]{16,}\b/, // Stripe
  /\bAIza[\w-]{35}(?![\w-])/, // Google API key
  /\bGOCSPX-[\w-]{20,}/, // Google OAuth
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\bpypi-[\w-]{50,}/,
  /\bdckr_[op]at_[\w-]{20,}/, // Docker
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/, // SendGrid
  /\bhvs\.[\w-]{20,}/, // Vault
  /\bpul-[0-9a-f]{40}\b/, // Pulumi
  /\bhf_[A-Za-z0-9]{30,}\b/, // Hugging Face
  /\bsk-(?:ant-|proj-)?[\w-]{32,}/, // Anthropic, OpenAI
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/, // JSON web token
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/,
];

/** A URL with a password in it. What stands for one only is seen by `isReference`. */
const URL_PASSWORD = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:([^\s/@"']+)@/gi;

/** Whether the text holds something that can only be a credential. */
export function holdsCredential(text: string): boolean {
  if (CREDENTIALS.some((format) => format.test(text))) return true;
  return [...text.matchAll(URL_PASSWORD)].some(([, password = ""]) => !isReference(password));
}

const SECRET_NAME =
  /PASSWORD|PASSWD|PASSPHRASE|(?:^|_)(?:SECRET|TOKEN|CREDENTIALS?|API_?KEY|(?:PRIVATE|ACCESS|SECRET|SIGNING|ENCRYPTION|MASTER|AUTH)_?KEY)(?:_|$)|_PWD$/;
/** Last words of names of things around a secret: where it lies, how long it holds. */
const ABOUT_A_SECRET =
  /(?:^|_)(?:FILES?|PATHS?|DIR|DIRECTORY|NAMES?|REF|URLS?|URI|ENDPOINT|HOST|PORT|IDS?|ARN|TYPE|ALGORITHM|ISSUER|AUDIENCE|HEADER|PREFIX|VERSION|REGION|MODE|POLICY|PROVIDER|STORE|MANAGER|ENABLED|DISABLED|REQUIRED|TTL|AGE|EXPIRY|EXPIRATION|EXPIRES|LIFETIME|TIMEOUT|DURATION|INTERVAL|SECONDS|MINUTES|HOURS|DAYS|LENGTH|SIZE|COUNT|LIMIT|BUDGET|RETRIES|ROTATION)$/;
const PUBLIC = /PUBLIC|CHECKSUM|DIGEST|HASH|FINGERPRINT|CERT|SHA\d*(?:_|$)|REVISION|COMMIT/;

const words = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[-.\s/]+/g, "_")
    .toUpperCase();

/** Whether a variable of this name holds a secret: "DB_PASSWORD", not "DB_PASSWORD_FILE". */
export function isSecretName(name: string): boolean {
  const text = words(name);
  return SECRET_NAME.test(text) && !ABOUT_A_SECRET.test(text) && !PUBLIC.test(text);
}

/** Whether the text only stands for a value that something else puts in: "$(PASSWORD)", "vault:db#password". */
const isReference = (text: string): boolean =>
  /^\$|\$\{|\$\(|\{\{|^<[^<>]*>$|^%[^%]+%$|^(?:vault|op|ref|sops|ssm|arn|gcpsm|awssm|secret|file)[:+]|^\*+$|^[xX]+$|^\[secret\]$/.test(
    text,
  );

/** Whether the text is no secret, whatever its variable is called. */
const isHarmless = (text: string): boolean =>
  text.trim() === "" ||
  isReference(text) ||
  /^(?:true|false|yes|no|on|off|none|null|enabled|disabled)$/i.test(text) ||
  // A path, or the address of something that hands out secrets.
  /^\.{0,2}\/[\w./-]*$/.test(text) ||
  /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

/** Bits in a character, by how often each occurs. */
function entropy(text: string): number {
  const counts = Map.groupBy(text, (character) => character);
  return [...counts.values()].reduce((sum, { length }) => {
    const share = length / text.length;
    return sum - share * Math.log2(share);
  }, 0);
}

/** Whether the text looks drawn by lot: 32 characters or more of base64 with letters of both cases and digits. */
function isRandom(text: string): boolean {
  if (!/^[A-Za-z0-9+/_=-]{32,256}$/.test(text)) return false;
  return [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(text)) && !/[/_-].*[/_-].*[/_-]/.test(text)
    ? entropy(text) >= 4.5
    : false;
}

/** Whether a variable holds a secret as a plain text. */
export function isPlainSecret(name: string, value: string): boolean {
  if (holdsCredential(value)) return true;
  if (isHarmless(value)) return false;
  return isSecretName(name) || (isRandom(value) && !PUBLIC.test(words(name)));
}
