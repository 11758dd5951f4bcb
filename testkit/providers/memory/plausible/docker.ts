import type { Plausible, Subject } from "./subject";

export function docker({ kind, name, inputs, hex }: Subject): Plausible | undefined {
  const digest = `sha256:${hex(64, "digest")}`;
  switch (kind) {
    case "Network":
      return {
        id: hex(64),
        outputs: {
          driver: "bridge",
          scope: "local",
          internal: false,
          options: {},
          ipamConfigs: [{ subnet: "172.28.0.0/16", gateway: "172.28.0.1" }],
        },
      };
    case "Volume":
      return { id: name, outputs: { driver: "local", mountpoint: `/var/lib/docker/volumes/${name}/_data` } };
    case "Container":
      return {
        id: hex(64),
        outputs: {
          bridge: "",
          hostname: hex(12),
          entrypoints: [],
          command: [],
          ipcMode: "private",
          logDriver: "json-file",
          runtime: "runc",
          securityOpts: [],
          shmSize: 64,
          networkDatas: [{ networkName: "bridge", ipAddress: "172.17.0.2", gateway: "172.17.0.1", ipPrefixLength: 16 }],
        },
      };
    case "Image": {
      const image = String(inputs.imageName ?? name);
      const colon = image.lastIndexOf(":");
      const repository = colon > image.lastIndexOf("/") ? image.slice(0, colon) : image;
      return {
        id: image,
        outputs: {
          baseImageName: image,
          registryServer: "",
          context: ".",
          dockerfile: "Dockerfile",
          repoDigest: inputs.skipPush === true ? digest : `${repository}@${digest}`,
        },
      };
    }
    case "RemoteImage":
      return { id: `${digest}${name}`, outputs: { imageId: digest, repoDigest: `${name.split(":")[0]}@${digest}` } };
    case "RegistryImage":
      return { id: digest, outputs: { sha256Digest: digest } };
    case "Tag":
      return { id: `${inputs.sourceImage}.${inputs.targetImage}`, outputs: { sourceImageId: digest } };
    default:
      return undefined;
  }
}
