import { ACCOUNT, type Plausible, type Subject } from "./subject";

const REGION = "us-east-1";

export function aws(subject: Subject): Plausible {
  const { name, hex, inputs } = subject;
  const service = subject.module === "" ? "resource" : subject.module;
  const arn = (path: string, at = REGION, own = service) => `arn:aws:${own}:${at}:${ACCOUNT}:${path}`;
  const named = (outputs: Record<string, unknown>, id = name): Plausible => ({ id, outputs });
  switch (`${service}.${subject.kind}`) {
    case "ecr.Repository":
      return named({
        arn: arn(`repository/${name}`),
        registryId: ACCOUNT,
        repositoryUrl: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${name}`,
      });
    case "ecs.Cluster":
      return named({ arn: arn(`cluster/${name}`) }, arn(`cluster/${name}`));
    case "ecs.Service": {
      const cluster = String(inputs.cluster ?? "default")
        .split("/")
        .pop();
      return named({ arn: arn(`service/${cluster}/${name}`) }, arn(`service/${cluster}/${name}`));
    }
    case "ecs.TaskDefinition": {
      const family = String(inputs.family ?? name);
      return named(
        { arn: arn(`task-definition/${family}:1`), arnWithoutRevision: arn(`task-definition/${family}`), revision: 1 },
        family,
      );
    }
    case "iam.Role":
      return named({
        arn: arn(`role/${name}`, ""),
        uniqueId: `AROA${hex(16).toUpperCase()}`,
        createDate: "2026-01-01T00:00:00Z",
      });
    case "iam.Policy":
    case "iam.OpenIdConnectProvider": {
      const path =
        subject.kind === "Policy"
          ? `policy/${name}`
          : `oidc-provider/${String(inputs.url ?? name).replace(/^https:\/\//, "")}`;
      return named({ arn: arn(path, "") }, arn(path, ""));
    }
    case "s3.Bucket":
    case "s3.BucketV2": {
      const bucket = String(inputs.bucket ?? name);
      return named(
        {
          arn: `arn:aws:s3:::${bucket}`,
          bucket,
          bucketDomainName: `${bucket}.s3.amazonaws.com`,
          bucketRegionalDomainName: `${bucket}.s3.${REGION}.amazonaws.com`,
          region: REGION,
        },
        bucket,
      );
    }
    case "lb.LoadBalancer":
    case "alb.LoadBalancer": {
      const own = arn(`loadbalancer/app/${name}/${hex(16)}`, REGION, "elasticloadbalancing");
      return named(
        {
          arn: own,
          arnSuffix: `app/${name}/${hex(16)}`,
          dnsName: `${name}-${hex(9)}.${REGION}.elb.amazonaws.com`,
          zoneId: `Z${hex(13).toUpperCase()}`,
        },
        own,
      );
    }
    case "lb.TargetGroup":
    case "lb.Listener":
    case "lb.ListenerRule": {
      const own = arn(`${subject.kind.toLowerCase()}/${name}/${hex(16)}`, REGION, "elasticloadbalancing");
      return named({ arn: own, arnSuffix: `${subject.kind.toLowerCase()}/${name}/${hex(16)}` }, own);
    }
    case "lambda.Function":
      return named({
        arn: arn(`function:${name}`),
        invokeArn: arn(`path/2015-03-31/functions/${name}/invocations`, REGION, "apigateway"),
        version: "1",
      });
    case "sqs.Queue": {
      const url = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`;
      return named({ arn: arn(name), url }, url);
    }
    case "secretsmanager.Secret": {
      const own = arn(`secret:${name}-${hex(6)}`);
      return named({ arn: own }, own);
    }
    case "rds.Instance":
      return named({
        arn: arn(`db:${name}`),
        address: `${name}.${hex(12)}.${REGION}.rds.amazonaws.com`,
        endpoint: `${name}.${hex(12)}.${REGION}.rds.amazonaws.com:5432`,
        port: inputs.port ?? 5432,
      });
    case "cloudwatch.LogGroup":
      return named({ arn: arn(`log-group:${name}`, REGION, "logs") });
    case "eks.Cluster":
      return named({
        arn: arn(`cluster/${name}`),
        endpoint: `https://${hex(32).toUpperCase()}.gr7.${REGION}.eks.amazonaws.com`,
        certificateAuthority: { data: Buffer.from(hex(32)).toString("base64") },
        identities: [{ oidcs: [{ issuer: `https://oidc.eks.${REGION}.amazonaws.com/id/${hex(32).toUpperCase()}` }] }],
      });
    default:
      return (
        network(subject, arn) ??
        named({ arn: arn(`${subject.kind.toLowerCase()}/${name}`) }, `${subject.kind.toLowerCase()}-${hex(17)}`)
      );
  }
}

/** Objects of a VPC have short ids with a prefix of their kind. */
function network(
  { kind, module, hex }: Subject,
  arn: (path: string, at?: string, own?: string) => string,
): Plausible | undefined {
  const prefixes: Record<string, string> = {
    Vpc: "vpc",
    Subnet: "subnet",
    SecurityGroup: "sg",
    InternetGateway: "igw",
    NatGateway: "nat",
    RouteTable: "rtb",
    Instance: "i",
  };
  const prefix = module === "ec2" ? prefixes[kind] : undefined;
  if (prefix === undefined) return undefined;
  const id = `${prefix}-0${hex(16)}`;
  return { id, outputs: { arn: arn(`${kind.toLowerCase()}/${id}`) } };
}
