import { Certificate, CertificateValidation } from "aws-cdk-lib/aws-certificatemanager";
import {
  type ApplicationLoadBalancer,
  type ApplicationTargetGroup,
  ListenerAction,
  SslPolicy,
} from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { ARecord, HostedZone, RecordTarget } from "aws-cdk-lib/aws-route53";
import { LoadBalancerTarget } from "aws-cdk-lib/aws-route53-targets";
import { Stack } from "sst/constructs";
import type { Domain } from "./stage.ts";

interface Options {
  readonly domain: Domain | undefined;
  readonly fallback: ApplicationTargetGroup;
}

/**
 * Where the balancer listens: on HTTPS under the domain, where HTTP is sent too. No certificate is to be had for the
 * balancer's own name, so a stage without a domain answers on HTTP.
 */
export function listen(balancer: ApplicationLoadBalancer, { domain, fallback }: Options) {
  const http = { port: 80, open: true };
  const forward = { open: true, defaultTargetGroups: [fallback] };
  if (!domain) {
    return {
      listener: balancer.addListener("Http", { ...http, ...forward }),
      url: `http://${balancer.loadBalancerDnsName}`,
    };
  }
  const stack = Stack.of(balancer);
  const zone = HostedZone.fromLookup(stack, "Zone", { domainName: domain.zone });
  const validation = CertificateValidation.fromDns(zone);
  const certificate = new Certificate(stack, "Certificate", { domainName: domain.name, validation });
  const target = RecordTarget.fromAlias(new LoadBalancerTarget(balancer));
  new ARecord(stack, "Address", { zone, recordName: `${domain.name}.`, target });
  const defaultAction = ListenerAction.redirect({ protocol: "HTTPS", port: "443", permanent: true });
  const tls = { port: 443, certificates: [certificate], sslPolicy: SslPolicy.RECOMMENDED_TLS };
  const listener = balancer.addListener("Https", { ...tls, ...forward });
  // Of the same name as without a domain: a port's second listener can't be made before the first one is gone. It goes on
  // answering until there is something to redirect to, and a certificate can take hours.
  balancer.addListener("Http", { ...http, defaultAction }).node.addDependency(listener);
  return { listener, url: `https://${domain.name}` };
}
