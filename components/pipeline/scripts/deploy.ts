/** What a digest looks like that a deployment may take. A tag never does: it may move. */
const reference = "^[^[:space:]@]+@sha256:[0-9a-f]{64}$";

const words = (names: readonly string[]): string => names.join(" ");

/**
 * Writes the images of the last good deployment of $STACK to $WORK/before.json, an object of services and references.
 * Pulumi keeps the configuration of every update: a failed one does not count.
 */
export const rememberScript = `set -euo pipefail
mkdir -p "$WORK"
pulumi stack history --stack "$STACK" --json --page-size 100 > "$WORK/history.json"
jq '[.[] | select(.kind == "update" and .result == "succeeded")][0].config // {}
  | with_entries(select(.key | startswith("headgate:delivered.")))
  | with_entries({ key: (.key | ltrimstr("headgate:delivered.")), value: .value.value })' \\
  "$WORK/history.json" > "$WORK/before.json"
`;

/** Puts the images in the file $1 into the configuration of $STACK. */
const configure = (services: readonly string[]): string => `services=(${words(services)})
configure() {
  for service in "\${services[@]}"; do
    image=$(jq -r --arg name "$service" '.[$name] // empty' "$1")
    if [ -z "$image" ]; then continue; fi
    if [[ ! $image =~ ${reference} ]]; then
      echo "$service: $image is no image by its digest. Write registry/name@sha256:…" >&2
      exit 1
    fi
    pulumi config set --stack "$STACK" "headgate:delivered.$service" "$image"
  done
}
`;

/** Checks that $IMAGES, an object of services and references, names images of this pipeline by their digest alone. */
export const checkImagesScript = (services: readonly string[]): string => `set -euo pipefail
mkdir -p "$WORK"
jq -en 'input | type == "object" and all(.[]; type == "string")' <<< "$IMAGES" > /dev/null || {
  echo 'images must be an object of services and references: {"shop":"registry/shop@sha256:…"}' >&2
  exit 1
}
unknown=$(jq -r --arg known "${words(services)}" 'keys - ($known | split(" ")) | join(", ")' <<< "$IMAGES")
if [ -n "$unknown" ]; then
  echo "No image of $unknown is delivered here. Known: ${services.length === 0 ? "none" : services.join(", ")}." >&2
  exit 1
fi
wrong=$(jq -r 'to_entries[] | select(.value | test("\\\\A[^\\\\s@]+@sha256:[0-9a-f]{64}\\\\z") | not)
  | "\\(.key): \\(.value) is no image by its digest. Write registry/name@sha256:…"' <<< "$IMAGES")
if [ -n "$wrong" ]; then
  echo "$wrong" >&2
  exit 1
fi
jq . <<< "$IMAGES" > "$WORK/images.json"
`;

/**
 * Brings $STACK up with the images of $WORK/images.json and, for services it has none of, those that run there. What
 * the plan says is what is done.
 */
export const upScript = (services: readonly string[]): string => `set -euo pipefail
${configure(services)}
configure "$WORK/before.json"
configure "$WORK/images.json"
pulumi preview --stack "$STACK" --non-interactive --save-plan "$WORK/plan.json"
touch "$WORK/started"
pulumi up --stack "$STACK" --non-interactive --yes --plan "$WORK/plan.json"
touch "$WORK/done"
`;

/** Brings $STACK back to the images that ran before. */
export const rollbackScript = (services: readonly string[]): string => `set -euo pipefail
if [ "$(jq length "$WORK/before.json")" = 0 ]; then
  echo "Nothing ran here before: there is nothing to go back to." >&2
  exit 1
fi
${configure(services)}
configure "$WORK/before.json"
pulumi up --stack "$STACK" --non-interactive --yes
`;

/** Shows what would change in $STACK with the images that run there. */
export const previewScript = (services: readonly string[]): string => `set -euo pipefail
${configure(services)}
configure "$WORK/before.json"
pulumi preview --stack "$STACK" --non-interactive --refresh --diff 2>&1 | tee "$WORK/preview.txt"
`;

/** Fails when $STACK is not as its program says. */
export const driftScript = (services: readonly string[]): string => `set -euo pipefail
${configure(services)}
configure "$WORK/before.json"
pulumi preview --stack "$STACK" --non-interactive --refresh --diff --expect-no-changes 2>&1 | tee "$WORK/preview.txt"
`;
