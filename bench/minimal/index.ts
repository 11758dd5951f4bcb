import * as docker from "@pulumi/docker";

export const network = new docker.Network("network").name;
