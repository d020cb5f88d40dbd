import type { ClusterView } from '../../server/grading/cluster-view.ts';
import { Unobservable } from '../../server/grading/verdict.ts';

/** How long looking at a node's kernel may take. */
const LIMIT = 10_000;
/** Either is there when the kernel has IPVS. */
const HAS_IPVS = 'test -e /proc/net/ip_vs || test -e /proc/sys/net/ipv4/vs';

/**
 * A real Swarm needs the kernel's IPVS for its routing mesh; without it a published port is open and never answers. Throws Unobservable
 * when that is the case for `port`, so that nobody is blamed for the kernel.
 */
export async function refuseWithoutMesh(view: ClusterView, node: string, port: number): Promise<void> {
  const { cluster } = view;
  if (cluster.orchestrator !== 'swarm' || cluster.exec === undefined) return;
  const ports = (await view.services()).flatMap((service) => service.Endpoint?.Ports ?? []);
  if (!ports.some((published) => published.PublishedPort === port && published.PublishMode === 'ingress')) return;
  const { exitCode } = await cluster.exec(node, { argv: ['sh', '-c', HAS_IPVS], user: 'root', limit: LIMIT });
  if (exitCode !== 0)
    throw new Unobservable(
      "this kernel has no IPVS, which a real Swarm's routing mesh needs: published ports answer nobody here",
    );
}
