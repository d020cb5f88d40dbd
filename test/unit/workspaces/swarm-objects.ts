import {
  nodeSchema,
  type Service,
  type SwarmNode,
  serviceSchema,
  type Task,
  taskSchema,
} from '../../../server/grading/engine-objects.ts';

const META = { Version: { Index: 1 }, CreatedAt: '2026-01-01T00:00:00Z', UpdatedAt: '2026-01-01T00:00:00Z' };

export function aNode(id: string, hostname: string, state = 'ready'): SwarmNode {
  return nodeSchema.parse({
    ...META,
    ID: id,
    Spec: { Role: 'worker', Availability: 'active', Labels: {} },
    Description: { Hostname: hostname },
    Status: { State: state, Addr: '10.10.10.100' },
  });
}

export function aService(id: string, name: string, replicas: number): Service {
  return serviceSchema.parse({
    ...META,
    ID: id,
    Spec: {
      Name: name,
      Labels: {},
      TaskTemplate: { ContainerSpec: { Image: 'nginx:latest@sha256:0123456789abcdef' } },
      Mode: { Replicated: { Replicas: replicas } },
    },
    Endpoint: { Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 30000, PublishMode: 'ingress' }] },
  });
}

export function aTask(id: string, serviceId: string, nodeId: string, state: string, at = ''): Task {
  return taskSchema.parse({
    ...META,
    ID: id,
    ServiceID: serviceId,
    Slot: 1,
    NodeID: nodeId,
    Spec: { ContainerSpec: { Image: 'nginx:latest' } },
    DesiredState: 'running',
    Status: { State: state, Timestamp: at },
  });
}
