/** The part of POST /containers/create's body that changes what a simulated container does; the rest is shown again as it came. */
export interface ContainerBody {
  Image?: string;
  Cmd?: string[] | null;
  Entrypoint?: string[] | null;
  Env?: string[] | null;
  Labels?: Record<string, string> | null;
  Hostname?: string;
  WorkingDir?: string;
  User?: string;
  Tty?: boolean;
  OpenStdin?: boolean;
  StopSignal?: string;
  StopTimeout?: number;
  Healthcheck?: { Test?: string[]; Interval?: number; Retries?: number; StartPeriod?: number } | null;
  HostConfig?: {
    Init?: boolean | null;
    AutoRemove?: boolean;
    LogConfig?: { Type?: string } | null;
    Memory?: number;
    NetworkMode?: string;
    PortBindings?: Record<string, { HostIp?: string; HostPort?: string }[] | null> | null;
    [key: string]: unknown;
  };
  NetworkingConfig?: {
    EndpointsConfig?: Record<string, { IPAMConfig?: { IPv4Address?: string }; MacAddress?: string } | null>;
  };
  [key: string]: unknown;
}
