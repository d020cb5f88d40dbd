import type { ClusterView, ServiceView } from '../../server/workspaces/view/cluster-view.ts';
import { hueOf } from './service-hue.ts';

/** The services: how many of each run, of how many that are to. */
export function ServiceList({ cluster }: { cluster: ClusterView }) {
  return (
    <div class="service-list">
      <h3>Services</h3>
      {cluster.services.length === 0 && <p class="cluster-empty">None yet.</p>}
      <ul>
        {cluster.services.map((service) => (
          <Service key={service.id} service={service} hue={hueOf(service.id, cluster)} />
        ))}
      </ul>
    </div>
  );
}

function Service({ service, hue }: { service: ServiceView; hue: string }) {
  const { name, mode, running, wanted, ports, image, update } = service;
  const done = running === wanted;
  const share = wanted === 0 ? 100 : Math.min(100, (running / wanted) * 100);
  return (
    <li class="service" style={{ '--service': hue }}>
      <div class="service-head">
        <strong>{name}</strong>
        <span class={done ? 'service-full' : 'service-part'}>
          {running}/{wanted}
        </span>
      </div>
      <div class="service-bar" aria-hidden="true">
        <div style={{ inlineSize: `${share}%` }} class={done ? 'service-bar-full' : ''} />
      </div>
      <p>
        {[mode, ...ports, update].filter(Boolean).join(' · ')}
        <br />
        <span title={image}>{image.split('/').at(-1)}</span>
      </p>
    </li>
  );
}
