import type { EngineInfo } from '../../engine/engine.ts';
import type { NodeDescription } from '../../orchestrator/model/objects.ts';

/** The node as a manager knows it, from what its engine says of itself. */
export function describeNode(info: EngineInfo): NodeDescription {
  const labels = Object.fromEntries(
    (info.Labels ?? []).map((label) => {
      const at = label.indexOf('=');
      return at < 0 ? [label, ''] : [label.slice(0, at), label.slice(at + 1)];
    }),
  );
  return {
    Hostname: info.Name,
    Platform: { Architecture: info.Architecture, OS: info.OSType },
    Resources: { NanoCPUs: info.NCPU * 1e9, MemoryBytes: info.MemTotal },
    Engine: {
      EngineVersion: info.ServerVersion,
      ...(Object.keys(labels).length > 0 && { Labels: labels }),
      Plugins: plugins(info.Plugins),
    },
  };
}

/** Sorted by type and name. `overlay` is one of them whoever carries it out. */
function plugins({ Volume, Network, Authorization, Log }: EngineInfo['Plugins']): { Type: string; Name: string }[] {
  const named = { Authorization, Log, Network: [...(Network ?? []), 'overlay'], Volume };
  return Object.entries(named).flatMap(([Type, names]) => {
    return [...new Set(names)].sort().map((Name) => ({ Type, Name }));
  });
}
