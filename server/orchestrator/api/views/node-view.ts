import { tlsInfo } from '../../membership/certificates/root-ca.ts';
import type { Cluster, Node } from '../../model/objects.ts';
import type { ApiObject } from '../control-api.ts';
import { storedView } from './stored-view.ts';

/** A node as GET /nodes/ID gives it; its TLS information is that of the swarm's root certificate. */
export function nodeView(node: Node, cluster: Cluster | undefined): ApiObject {
  const { Name, Labels, Role, Availability } = node.Spec;
  const { State, Message, Addr } = node.Status;
  return {
    ...storedView(node),
    Spec: { ...(Name ? { Name } : {}), Labels, Role, Availability },
    Description: descriptionView(node, cluster),
    Status: { State, ...(Message ? { Message } : {}), Addr },
    ...(node.ManagerStatus === undefined
      ? {}
      : {
          ManagerStatus: {
            ...(node.ManagerStatus.Leader ? { Leader: true } : {}),
            Reachability: node.ManagerStatus.Reachability,
            Addr: node.ManagerStatus.Addr,
          },
        }),
  };
}

function descriptionView({ Description: description }: Node, cluster: Cluster | undefined): ApiObject {
  if (description === undefined) return { Platform: {}, Resources: {}, Engine: {}, TLSInfo: {} };
  const { Hostname, Platform, Resources, Engine } = description;
  return {
    Hostname,
    Platform,
    Resources,
    Engine: {
      EngineVersion: Engine.EngineVersion,
      ...(Engine.Labels && Object.keys(Engine.Labels).length > 0 ? { Labels: Engine.Labels } : {}),
      Plugins: Engine.Plugins,
    },
    TLSInfo: cluster === undefined ? {} : tlsInfo(cluster.rootCa.certificate),
  };
}
